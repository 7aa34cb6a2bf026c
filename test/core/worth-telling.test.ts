/**
 * What is told of a target that is out: each renewal, and each reason of a refused one once a
 * lease.
 */
import { refused, renewed } from '../../core/case-transitions';
import { decide } from './decisions';
import type { Blocked, Case, Decision } from '../../core/model';
import { alert } from '../../core/report/alert';
import { worthTelling } from '../../core/report/worth-telling';
import { NOW } from '../builders/now';
import { situation } from '../builders/scenario/situation';

const OUT = [
  ['case', 'out'],
  ['registered states', 'absent'],
  ['lease left', '300'],
] as const;

function decided(...more: readonly (readonly [string, string])[]): { readonly incident: Case; readonly decision: Decision } {
  const built = situation(new Map([...OUT, ...more]));
  const [incident] = built.openCases;
  const [decision] = decide(built);
  if (incident === undefined || decision === undefined) throw new Error('the situation has a case, and the case a decision');
  return { incident, decision };
}

const refusal = (at: number, ...blocked: Blocked[]) => ({ at, blocked, says: 'still sick' });
const told = (incident: Case, decision: Decision) => alert({ now: NOW, incident, decision, round: undefined, remarks: [] });

describe('a refused renewal', () => {
  const { incident, decision } = decided(['peer pools', '15/20 15/20 15/20']);

  it('is told, and not again for the same reason in the next round', () => {
    expect(worthTelling(incident, decision, NOW)).toBe(true);
    expect(worthTelling(refused(incident, refusal(NOW, 'capacity-projection')), decision, NOW)).toBe(false);
  });

  it('is not told again when its reasons come and go', () => {
    const both = refused(refused(incident, refusal(NOW - 120_000, 'capacity-projection')), refusal(NOW - 60_000, 'capacity-unknown'));
    expect(worthTelling(both, decision, NOW)).toBe(false);
    expect(worthTelling(both, { ...decision, blocked: ['capacity-unknown'] }, NOW)).toBe(false);
    expect(worthTelling(both, { ...decision, blocked: ['capacity-projection', 'capacity-floor'] }, NOW)).toBe(true);
  });

  it('is told again when the lease after it is refused too', () => {
    const before = refused(incident, refusal(NOW - 1_000_000, 'capacity-projection'));
    expect(worthTelling(before, decision, NOW)).toBe(true);
  });

  it('pages when a person can help, and says when the target comes back', () => {
    const { severity, subject, body } = told(incident, decision);
    expect(severity).toBe('page');
    expect(subject).toContain('Still slow, back at 12:05 UTC: the others could not carry its load');
    expect(body).toContain('Back: At 12:05 UTC, slow as it is');
  });

  it('only notifies when the next round may renew after all', () => {
    const unknown = decided(['inspected', '300']);
    expect(told(unknown.incident, unknown.decision).severity).toBe('notify');
  });
});

describe('a renewal', () => {
  it('is told each time', () => {
    const { incident, decision } = decided();
    expect(decision.action).toBe('renew');
    expect(worthTelling({ ...incident, decision }, decision, NOW)).toBe(true);
    expect(told(incident, decision)).toMatchObject({ severity: 'notify', subject: expect.stringContaining('Still slow, stays out') });
  });

  it('after six hours pages once, and notifies of those that follow', () => {
    const { incident, decision } = decided(['out since minutes', '355']);
    expect(decision.action).toBe('hold');
    const [ejection] = incident.ejections;
    if (ejection === undefined) throw new Error('it is out');
    const first = renewed(incident, ejection, NOW, NOW + 900_000, decision.reason);
    expect(told(first, decision).severity).toBe('page');
    expect(told({ ...first, decision }, decision).severity).toBe('notify');
  });
});

describe('an early return', () => {
  it('is told as one, with the floor that did not hold', () => {
    const { incident, decision } = decided(
      ['registered states', 'absent healthy unhealthy unhealthy'],
      ['short seconds ago', '60'],
      ['lease left', '800'],
    );
    const { subject, body } = told(incident, decision);
    expect(subject).toContain('Back early: too few others serve');
    expect(body).toContain('capacity-floor');
  });
});
