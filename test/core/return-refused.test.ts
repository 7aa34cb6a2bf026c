/**
 * A target that its owner does not let back in: what is told of it, and what it does not count as.
 */
import { refusalOf } from '../../core/report/refusal';
import { alert } from '../../core/report/alert';
import type { Case } from '../../core/model';
import { decisionMetrics } from '../../lambda/metrics/decision-metrics';
import { decisionTo } from '../builders/decisions';
import { NOW } from '../builders/now';
import { situation } from '../builders/scenario/situation';
import { TARGET } from '../builders/targets';

const [OUT] = situation(new Map([['case', 'out']])).openCases;
const [SUSPECT] = situation(new Map()).openCases;
const decision = decisionTo('page', {
  target: TARGET,
  reason: 'web has no room for i-1: desired capacity 4, maximum 4',
  blocked: ['no-way-back'],
});

function told(incident: Case | undefined) {
  if (incident === undefined) throw new Error('the situation has a case');
  return {
    ...alert({ now: NOW, incident, decision, round: undefined, remarks: [] }),
    refusal: refusalOf(NOW, incident, decision, undefined),
    metrics: decisionMetrics(NOW, incident, incident, decision),
  };
}

test('is a page that says what to change, and no refused removal', () => {
  const { severity, subject, body, refusal, metrics } = told(OUT);
  expect([severity, subject]).toEqual(['page', '[checkout] Removed, and cannot be restored: needs a person (i-1)']);
  expect(body).toContain('Back: Tried again in each round');
  expect(body).toContain('Now: Raise the maximum of the Auto Scaling group by 1.');
  expect(body).toContain('web has no room for i-1');
  expect([refusal, metrics]).toEqual([undefined, []]);
});

test('is not what a third ejection is that would have no scheduled restore', () => {
  const { subject, refusal, metrics } = told(SUSPECT);
  expect(subject).toContain('Keeps failing, not removed, needs a person');
  expect([refusal?.blocked, metrics.length]).toEqual([['no-way-back'], 2]);
});
