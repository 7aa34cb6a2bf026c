/** The event is what its published schema says, and says what happened by its status. */
import { readFileSync } from 'node:fs';
import * as z from 'zod/mini';
import { sent, withAlert } from '../../core/case-transitions';
import type { Case, Decision, DecisionBase } from '../../core/model';
import { CASE_STATE_CHANGE } from '../../core/model/case-event';
import { alert } from '../../core/report/alert';
import { eventOf } from '../../core/report/case-event';
import { SCHEMA_FILE, eventSchema } from '../../scripts/event-schema';
import { targetCase } from '../builders/cases';
import { decisionTo } from '../builders/decisions';
import { diagnosisOf } from '../builders/diagnoses';

const NOW = 1_800_000_000_000;
const target = { id: 'i-0123456789abcdef0', port: 8080 };
const opened = targetCase({ openedAt: NOW - 60_000, target, address: '10.0.0.1' });
const culprit = {
  pid: 7,
  command: 'report\u0007 --all',
  user: 'root',
  startedAt: NOW,
  cron: '* * * * * report',
  cronFile: '/etc/cron.d/report',
};
const diagnosis = diagnosisOf([{ cause: 'pool-starvation', confidence: 0.971, culprit, evidence: [], against: [] }]);

function told(incident: Case, action: Decision['action'], more: Partial<DecisionBase> = {}) {
  const decision = decisionTo(action, { target, ...more });
  const deployment = { stack: 'Sickbay', runbookUrl: 'https://wiki.example.com/runbook.md' };
  const entry = alert({ now: NOW, incident: { ...incident, diagnosis }, decision, round: undefined, remarks: [], deployment });
  if (entry.event === undefined) throw new Error('an alert has an event');
  return { entry, event: entry.event };
}

test('the published schema is the one in code; npm run schema writes it', () => {
  expect(readFileSync(SCHEMA_FILE, 'utf8')).toBe(eventSchema());
});

test('the event of a removal names its place, its cause and the file of the crontab line, and fits the schema', () => {
  const { event } = told(opened, 'eject');
  expect(CASE_STATE_CHANGE.safeParse(event).error).toBeUndefined();
  expect(z.strictObject(CASE_STATE_CHANGE.shape).safeParse(event).error).toBeUndefined();
  expect(event).toMatchObject({
    version: 1,
    id: `case-1/eject/${NOW}`,
    dedupKey: 'case-1',
    status: 'triggered',
    account: '123456789012',
    region: 'us-east-1',
    target: { id: target.id, port: 8080, address: '10.0.0.1' },
    cause: {
      name: 'pool-starvation',
      confidence: 0.97,
      isLead: false,
      culprit: { command: 'report  --all', cronFile: '/etc/cron.d/report' },
    },
    links: {
      session: `https://us-east-1.console.aws.amazon.com/systems-manager/session-manager/${target.id}?region=us-east-1`,
      runbook: 'https://wiki.example.com/runbook.md#removed',
    },
  });
});

test('the first of a case triggers, what follows updates, its end resolves', () => {
  const { entry } = told(opened, 'eject');
  const after = sent(withAlert(opened, entry), entry.id, NOW);
  expect(told(after, 'renew').event.status).toBe('updated');
  expect(told(after, 'close').event.status).toBe('resolved');
  const shortened = { ...opened, dropped: { events: 0, refusals: 0, alerts: 3, ejections: 0 } };
  expect(told(shortened, 'renew').event.status).toBe('updated');
});

test('an alert of an older record, which has no event, is one that fits the schema too', () => {
  const event = eventOf({ id: 'a', at: NOW, severity: 'page', subject: 's', body: 'b' }, { caseId: 'case-1' });
  expect(CASE_STATE_CHANGE.safeParse(event).success).toBe(true);
});
