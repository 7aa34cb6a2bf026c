/**
 * What people read of a stop: test/stop-alerts/ has the text of each kind; `UPDATE=1` writes them
 * anew.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod/mini';
import type { Stop } from '../../../core/model';
import { CASE_STATE_CHANGE } from '../../../core/model/case-event';
import { anchor } from '../../../core/report/links';
import { STOP_SECTIONS, stopAlert } from '../../../core/report/stop/alert';
import type { StopNews } from '../../../core/report/stop/telling';
import * as to from '../../../core/stop/transitions';
import { NOW } from '../../builders/now';
import { PLAN, stopOf } from '../stop/candidate-builder';

const ROOT = path.join(__dirname, '../../..');
const deployment = { stack: 'Sickbay', runbookUrl: 'https://wiki.example.com/runbook.md' };
const outcome = { v: 1 as const, digest: PLAN.digest, outcome: 'stopped' as const, signalled: [], starter: 'commented-out' as const };

const proposal = stopOf();
const acting = to.approved(proposal, NOW, 'arn:aws:sts::123456789012:assumed-role/oncall/ann');
const verifying = to.acted(acting, NOW + 60_000, outcome, undefined);
const holding = to.verified(verifying, NOW + 1_300_000);
const undoing = to.undoing(verifying, NOW + 120_000, 'it came back by another path: pid 5001', true);

const STOPS: Readonly<Record<StopNews, Stop>> = {
  proposed: proposal,
  approved: acting,
  verified: holding,
  failed: undoing,
  'undo-failed': undoing,
  'undo-changed': undoing,
  undone: to.ended(undoing, NOW + 180_000, 'undone', 'it came back by another path: pid 5001'),
  reminder: holding,
  kept: to.ended(holding, NOW, 'kept', 'asked by Ann: moved to the night'),
  refused: to.ended(acting, NOW, 'refused', 'it is not what was approved'),
  denied: to.ended(proposal, NOW, 'denied', 'by arn:aws:sts::123456789012:assumed-role/oncall/ann'),
  expired: to.ended(proposal, NOW, 'expired', 'nobody approved it in time'),
  withdrawn: to.ended(proposal, NOW, 'withdrawn', 'no longer so: its target is out, or capacity forbids that (it serves again)'),
  overdue: acting,
};

const NEWS = Object.entries(STOPS) as [StopNews, Stop][];
const told = (news: StopNews, stop: Stop) => stopAlert({ now: NOW, stop, news, deployment });

test.each(NEWS)('%s', (news, stop) => {
  const { severity, subject, body, quiet } = told(news, stop);
  const text = `${severity}${quiet === true ? ', by its event alone' : ''}\n${subject}\n\n${body}\n`;
  const name = path.join(ROOT, `test/stop-alerts/${news}.txt`);
  if (process.env['UPDATE'] === '1') writeFileSync(name, text);
  expect(text).toBe(readFileSync(name, 'utf8'));
});

test.each(NEWS)('the event of %s fits the schema and threads to the case', (news, stop) => {
  const { event } = told(news, stop);
  expect(z.strictObject(CASE_STATE_CHANGE.shape).safeParse(event).error).toBeUndefined();
  expect(event).toMatchObject({ dedupKey: stop.caseId, about: 'stop', action: `stop-${news}`, stop: { id: stop.id, digest: PLAN.digest } });
});

test('the runbook has every section that an alert leads to', () => {
  const headings = [...readFileSync(path.join(ROOT, 'docs/runbook.md'), 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, text = '']) =>
    anchor(text),
  );
  expect(STOP_SECTIONS.map(anchor).filter((section) => !headings.includes(section))).toEqual([]);
});

test('what a host printed neither breaks a line nor outgrows the alert', () => {
  const nasty = `x\n\nApprove\u202e ${'y'.repeat(5000)}`;
  const process = { ...PLAN.process, command: nasty, user: nasty };
  const plan = {
    ...PLAN,
    process,
    tree: Array.from({ length: 100 }, () => process),
    writing: Array.from({ length: 100 }, () => nasty),
    cgroup: nasty,
  };
  const { subject, body } = told('proposed', stopOf({ plan }));
  expect(subject).toMatch(/^[\x20-\x7e]{1,100}$/);
  expect(body.length).toBeLessThanOrEqual(6000);
  expect(body.split('\n').filter((text) => text === 'Approve')).toHaveLength(1);
  expect(body).not.toContain('\u202e');
});

test('in service a proposal pages: the target is slow and nothing else helps', () => {
  expect(told('proposed', stopOf({ inService: true })).severity).toBe('page');
  expect(told('proposed', stopOf()).severity).toBe('notify');
});

test('what nobody was told of is withdrawn without a word', () => {
  const { toldAt: _toldAt, ...untold } = STOPS.withdrawn;
  expect(told('withdrawn', untold).quiet).toBe(true);
  expect(told('withdrawn', STOPS.withdrawn).quiet).toBeUndefined();
});
