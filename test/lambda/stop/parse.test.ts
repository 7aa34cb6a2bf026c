/** What a host says of a stop is taken by schema, bounded and redacted again, or not at all. */
import { parseOutcome, parsePlan, parseStatus, parseUndo } from '../../../lambda/stop/parse';
import { PLAN } from '../../core/stop/candidate-builder';
import { containing } from '../../builders/text';

const said = (value: object): string => `${JSON.stringify(value)}\n`;

test('a plan comes back as the host printed it', () => {
  expect(parsePlan(said(PLAN))).toEqual(PLAN);
});

test('a process that is gone is no plan and no failure', () => {
  expect(parsePlan(said({ v: 1, gone: true }))).toBeUndefined();
});

test('commands, crontab lines and reasons are redacted again', () => {
  const process = { ...PLAN.process, command: 'python3 /opt/reports/monthly --password hunter2-Secret!' };
  const starter = { ...PLAN.starter, text: '*/10 * * * * reports PGPASSWORD=hunter2-Secret! /opt/reports/monthly' };
  const plan = parsePlan(said({ ...PLAN, process, tree: [process], starter, unsupported: 'token=hunter2-Secret!' }));
  expect(JSON.stringify(plan)).not.toContain('hunter2');
  expect(plan?.process.command).toContain('monthly');
  expect(plan?.starter).toMatchObject({ kind: 'cron', text: containing('*/10 * * * * reports') });
});

test('what a terminal would obey is taken out of names', () => {
  const plan = parsePlan(said({ ...PLAN, writing: ['/var/\u001b[2J\nlib'], cgroup: '/a\u0000b' }));
  expect(plan?.writing).toEqual(['/var/?[2J lib']);
  expect(plan?.cgroup).toBe('/a?b');
});

test('a host without Python says so, and has no digest', () => {
  expect(parsePlan(said({ ...PLAN, digest: '', unsupported: 'no Python 3.6 or later on this host' }))?.unsupported).toContain('no Python');
  expect(() => parsePlan(said({ ...PLAN, digest: '' }))).toThrow('a plan without a digest');
});

test.each([
  ['nothing', ''],
  ['no JSON', 'Traceback (most recent call last):'],
  ['two lines of JSON', `${said(PLAN)}${said(PLAN)}`],
  ['a list', '[]'],
  ['a later version', said({ ...PLAN, v: 2 })],
  ['a digest that is none', said({ ...PLAN, digest: 'A'.repeat(64) })],
  ['a pid that is no whole number', said({ ...PLAN, process: { ...PLAN.process, pid: 1.5 } })],
  ['a flag as text', said({ ...PLAN, listens: 'false' })],
  ['a flag that is missing', said({ ...PLAN, sharesApplication: undefined })],
  ['more processes than any job has', said({ ...PLAN, tree: Array.from({ length: 101 }, () => ({ ...PLAN.process, command: 'a' })) })],
  ['more than Run Command hands on', `${said(PLAN)}${' '.repeat(24_000)}`],
])('%s is no plan', (_, text) => {
  expect(() => parsePlan(text)).toThrow(/^the host printed|^a plan/);
});

test('the other answers are taken the same way', () => {
  const status = { v: 1, known: true, sameBoot: true, alive: [], back: [], starter: 'held' };
  expect(parseStatus(said(status))).toEqual(status);
  expect(() => parseStatus(said({ ...status, known: undefined }))).toThrow('something else than a status: known');
  const outcome = {
    v: 1,
    digest: PLAN.digest,
    outcome: 'stopped',
    signalled: [{ pid: 4242, signal: 'TERM', ended: true }],
    starter: 'commented-out',
  };
  expect(parseOutcome(said(outcome))).toEqual(outcome);
  expect(() => parseOutcome(said({ ...outcome, outcome: 'done' }))).toThrow('something else than an outcome');
  expect(parseUndo(said({ v: 1, outcome: 'changed', why: 'edited' }))).toMatchObject({ outcome: 'changed' });
  expect(() => parseUndo(said({ v: 1 }))).toThrow('an outcome of an undo');
});

test.each(['none', 'held', 'undone', 'changed'])('a status says of what starts the job: %s', (starter) => {
  const status = { v: 1, known: true, sameBoot: false, alive: [7], back: [PLAN.process], starter };
  expect(parseStatus(said(status))).toEqual(status);
});

test.each([
  ['refused', 'untouched'],
  ['stopped', 'none'],
  ['stopped', 'timer-masked'],
  ['survived', 'commented-out'],
])('an outcome is %s, and what starts the job %s', (outcome, starter) => {
  const value = { v: 1, digest: '', outcome, why: 'no', signalled: [{ pid: 7, signal: 'KILL', ended: false }], starter };
  expect(parseOutcome(said(value))).toEqual(value);
});

test.each(['undone', 'nothing-to-undo', 'changed', 'failed'])('an undo is %s', (outcome) => {
  expect(parseUndo(said({ v: 1, outcome }))).toEqual({ v: 1, outcome });
});

test('a timer starts a job as well, and hashes are whole', () => {
  const timer = { kind: 'timer', unit: 'report.timer', service: 'report.service', periodS: 3_600 };
  expect(parsePlan(said({ ...PLAN, starter: timer }))?.starter).toEqual(timer);
  for (const lineSha256 of [`${'b'.repeat(64)}0`, `0${'b'.repeat(64)}`, 'b'.repeat(63)])
    expect(() => parsePlan(said({ ...PLAN, starter: { ...PLAN.starter, lineSha256 } }))).toThrow('starter.lineSha256');
});

test('what a host prints is cut off wherever it is told', () => {
  const command = `/opt/job ${'build '.repeat(600)}`;
  const plan = parsePlan(said({ ...PLAN, process: { ...PLAN.process, command }, unsupported: 'no file '.repeat(200) }));
  expect([plan?.process.command.length, plan?.unsupported?.length]).toEqual([300, 300]);
  expect(() => parsePlan('no file '.repeat(200))).toThrow(/^the host printed no JSON: .{100}$/);
});
