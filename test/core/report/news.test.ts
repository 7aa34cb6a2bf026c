/** What is told by its event alone, what is told once it lasts, and where an alert leads. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { withAlert } from '../../../core/case-transitions';
import type { Case, Decision, Ejection, OutboxEntry, TargetCase } from '../../../core/model';
import { alert } from '../../../core/report/alert';
import { anchor } from '../../../core/report/links';
import { ALERT_SECTIONS } from '../../../core/report/runbook';
import { isToldByEventAlone, worthTelling } from '../../../core/report/worth-telling';
import { targetCase } from '../../builders/cases';
import { decisionTo } from '../../builders/decisions';
import { confirmed } from '../../builders/ejections';

const NOW = 1_800_000_000_000;
const target = { id: 'i-1', port: 80 };
const opened = targetCase({ openedAt: NOW - 900_000, groupArn: 'arn', target });
const facts = { groupArn: 'arn' };

const left = confirmed(target, NOW - 600_000, NOW + 300_000, { restoredAt: NOW });
const entry = (action: Decision['action'], at: number, more: Partial<OutboxEntry> = {}): OutboxEntry => ({
  id: `case-1/${action}/${at}`,
  at,
  severity: 'notify',
  subject: 's',
  body: '',
  sentAt: at,
  ...more,
});
const back: TargetCase = {
  ...opened,
  state: 'watching',
  causeStatus: 'gone',
  ejections: [left],
  outbox: [entry('eject', NOW - 590_000)],
};
const watch = decisionTo('watch', facts);

describe('a return to service', () => {
  it('is told by its event alone when it is clean: a clean incident is two messages', () => {
    expect(isToldByEventAlone(back, watch)).toBe(true);
    expect(alert({ now: NOW, incident: back, decision: watch, round: undefined, remarks: [] })).toMatchObject({
      quiet: true,
      event: { status: 'updated', state: 'watching' },
    });
    const closing = decisionTo('close', facts);
    const end = alert({ now: NOW, incident: { ...back, because: 'recovered' }, decision: closing, round: undefined, remarks: [] });
    expect(end.quiet).toBeUndefined();
    expect(end.subject).toBe('[arn] Resolved: back in service (i-1)');
  });

  const restored = (fields: Partial<Ejection>): Case => ({ ...back, ejections: [{ ...left, ...fields }] });
  it.each<[string, Case, Decision]>([
    ['its removal was never told', { ...back, outbox: [] }, watch],
    ['another removal of before was told, and not this one', { ...back, outbox: [entry('eject', NOW - 700_000)] }, watch],
    ['only an event told of its removal', { ...back, outbox: [entry('eject', NOW - 590_000, { quiet: true })] }, watch],
    ['a person was called', { ...back, outbox: [...back.outbox, entry('keep', NOW - 1000, { severity: 'page' })] }, watch],
    ['its cause is still there', { ...back, causeStatus: 'present' }, watch],
    ['its lease was over', restored({ restoredAt: NOW + 300_000 }), watch],
    ['somebody asked for it', restored({ restoreAskedBy: 'Ann' }), watch],
    ['too few others served', back, decisionTo('restore', { ...facts, short: true })],
    ['it is a removal', back, decisionTo('eject', facts)],
  ])('is told when %s', (_why, incident, decision) => {
    expect(isToldByEventAlone(incident, decision)).toBe(false);
  });
});

describe('what closes and opens again', () => {
  const keep = decisionTo('keep', { ...facts, blocked: ['capacity-floor'] });
  const closed = (more: Partial<TargetCase> = {}): TargetCase => ({
    ...opened,
    id: 'case-0',
    state: 'closed',
    closedAt: NOW - 600_000,
    outbox: [entry('keep', NOW - 700_000)],
    ...more,
  });
  const fresh = { ...opened, openedAt: NOW - 60_000 };

  it('is told once it has lasted, and then once', () => {
    expect(worthTelling(fresh, keep, NOW, [closed()])).toBe(false);
    expect(worthTelling(fresh, decisionTo('close', facts), NOW, [closed()])).toBe(false);
    expect(worthTelling({ ...fresh, openedAt: NOW - 180_000 }, keep, NOW, [closed()])).toBe(true);
    expect(worthTelling(withAlert(fresh, entry('keep', NOW)), { ...keep, blocked: ['held'] }, NOW, [closed()])).toBe(true);
  });

  it('is told at once when its like was not told, is long ago, or was about something else', () => {
    expect(worthTelling(fresh, keep, NOW, [])).toBe(true);
    expect(worthTelling(fresh, keep, NOW, [closed({ outbox: [] })])).toBe(true);
    expect(worthTelling(fresh, keep, NOW, [closed({ closedAt: NOW - 1_800_000 })])).toBe(true);
    expect(worthTelling(fresh, keep, NOW, [closed({ target: { id: 'i-2', port: 80 } })])).toBe(true);
    expect(worthTelling(fresh, keep, NOW, [closed({ groupArn: 'other' })])).toBe(true);
  });

  it('is told at once when it is a removal, or needs a person', () => {
    for (const action of ['eject', 'page'] as const) expect(worthTelling(fresh, decisionTo(action, facts), NOW, [closed()])).toBe(true);
  });
});

test('each alert leads to a section of the runbook that is there', () => {
  const runbook = readFileSync(path.join(__dirname, '..', '..', '..', 'docs', 'runbook.md'), 'utf8');
  const headings = [...runbook.matchAll(/^### (.+)$/gm)].map(([, heading = '']) => anchor(heading));
  expect(ALERT_SECTIONS.map(anchor).filter((section) => !headings.includes(section))).toEqual([]);
});
