/** Which entry of the allow-list a plan falls under. */
import type { ProcessIdentity, StopAllowed, StopPlan } from '../../../core/model';
import { allowedBy } from '../../../core/stop/allowed';
import { PLAN, candidateOf } from './candidate-builder';

const ENTRY = allowedBy(candidateOf().allow, PLAN);
if (ENTRY === undefined) throw new Error('the plan is allowed');
const isAllowed = (change: Partial<StopPlan>, entry: Partial<StopAllowed> = {}): boolean =>
  allowedBy([{ ...ENTRY, ...entry }], { ...PLAN, ...change }) !== undefined;
const running = (change: Partial<ProcessIdentity>): Pick<StopPlan, 'process'> => ({ process: { ...PLAN.process, ...change } });
const under = (...executables: string[]): Pick<StopPlan, 'ancestors'> => ({
  ancestors: executables.map((executable) => ({ ...PLAN.process, executable })),
});

test('what is allowed twice is allowed the less dangerous way', () => {
  const killing = { ...ENTRY, allowKill: true };
  expect(allowedBy([killing, ENTRY], PLAN)).toBe(ENTRY);
  expect(allowedBy([ENTRY, killing], PLAN)).toBe(ENTRY);
  expect(allowedBy([killing], PLAN)).toBe(killing);
  expect(allowedBy([], PLAN)).toBeUndefined();
});

test.each<[says: string, change: Partial<StopPlan>]>([
  ['another executable', running({ executable: '/usr/bin/perl' })],
  ['an executable that is a link to something else', { executable: { ...PLAN.executable, path: '/usr/bin/python3.12' } }],
  ['another executable, found twice', { ...running({ executable: '/a' }), executable: { ...PLAN.executable, path: '/a' } }],
  ['another user', running({ user: 'root' })],
  ['arguments with a word before them', running({ command: 'python3 -u /opt/reports/monthly --all' })],
  ['arguments with a word behind them', running({ command: 'python3 /opt/reports/monthly --all x' })],
  ['a child of no cron, though its line stands in a crontab', under('/usr/sbin/sshd', '/bin/bash')],
  ['a child of what only begins with the name of a cron', under('/usr/sbin/cron-like')],
])('%s is not allowed', (_says, change) => {
  expect(isAllowed(change)).toBe(false);
});

test('a process that nothing starts is not allowed', () => {
  const { starter: _, ...unstarted } = PLAN;
  expect(allowedBy([ENTRY], PLAN)).toBe(ENTRY);
  expect(allowedBy([ENTRY], unstarted)).toBeUndefined();
});

test('arguments are the words behind the first, joined by one space, whatever stood between them', () => {
  expect(isAllowed(running({ command: '  python3   /opt/reports/monthly \t --all ' }))).toBe(true);
});

test('one cron among the ancestors is enough: others stand between it and the job', () => {
  expect(isAllowed(under('/bin/dash', '/usr/sbin/cron'))).toBe(true);
});

test('an expression is anchored once more, and one that is none allows nothing', () => {
  expect(isAllowed({}, { arguments: 'x|/opt/reports/monthly --all' })).toBe(true);
  expect(isAllowed(running({ command: 'python3 /opt/reports/monthly --all --force' }), { arguments: 'x|/opt/reports/monthly --all' })).toBe(
    false,
  );
  expect(isAllowed({}, { arguments: '(' })).toBe(false);
});

describe('a job of a timer', () => {
  const starter = { kind: 'timer', unit: 'report.timer', service: 'report.service' } as const;
  const ofTimer = { starter, cgroup: '/system.slice/report.service', ancestors: [] };

  test('is allowed by an entry for timers, and by none for cron', () => {
    expect(isAllowed(ofTimer, { parent: 'timer' })).toBe(true);
    expect(isAllowed(ofTimer)).toBe(false);
    expect(isAllowed({}, { parent: 'timer' })).toBe(false);
  });

  test('runs in its service: one that a person started by hand does not', () => {
    expect(isAllowed({ ...ofTimer, cgroup: '/user.slice/session-1.scope' }, { parent: 'timer' })).toBe(false);
    expect(isAllowed({ ...ofTimer, cgroup: '/system.slice/xreport.service' }, { parent: 'timer' })).toBe(false);
  });
});
