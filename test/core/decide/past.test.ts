/** What an instance has behind it within six hours, to the millisecond. */

import { PAST_MS, pastOf } from '../../../core/decide/past';
import type { Ejection, TargetCase } from '../../../core/model';
import { targetCase } from '../../builders/cases';
import { ejection } from '../../builders/ejections';
import { NOW } from '../../builders/now';
import { TARGET } from '../../builders/targets';

const MINUTE = 60_000;

/** A case whose target left so long ago, and came back so long ago. */
function absence(
  fromAgoMs: number,
  untilAgoMs: number | undefined,
  fields: Partial<Ejection> = {},
  more: Partial<TargetCase> = {},
): TargetCase {
  const back = untilAgoMs === undefined ? {} : { restoredAt: NOW - untilAgoMs };
  const left = ejection(TARGET, NOW - fromAgoMs, NOW, { ...back, ...fields });
  return targetCase({ id: `${fromAgoMs}`, openedAt: NOW - fromAgoMs, ejections: [left], ...more });
}

const past = (...cases: readonly TargetCase[]) => {
  const mine = cases[0] ?? absence(0, 0);
  return pastOf({ now: NOW, openCases: [], closedCases: cases }, mine);
};

describe('the past of an instance', () => {
  it('has no removal that was given up', () => {
    expect(past(absence(30 * MINUTE, 20 * MINUTE, { abandonedAt: NOW - 20 * MINUTE }))).toEqual({ ejections: 0, outMs: 0 });
  });

  it('begins six hours ago: what was over by then is forgotten, and what lasted longer counts from there', () => {
    expect(past(absence(PAST_MS + 60 * MINUTE, PAST_MS + 30 * MINUTE))).toEqual({ ejections: 0, outMs: 0 });
    expect(past(absence(PAST_MS + 60 * MINUTE, PAST_MS - 10 * MINUTE))).toEqual({ ejections: 0, outMs: 10 * MINUTE });
    expect(past(absence(PAST_MS, PAST_MS - 10 * MINUTE)).ejections).toBe(0);
    expect(past(absence(PAST_MS - 1, PAST_MS - 10 * MINUTE)).ejections).toBe(1);
  });

  it('ends an absence when the target came back, whenever its case was closed', () => {
    expect(past(absence(30 * MINUTE, 20 * MINUTE, {}, { closedAt: NOW - 5 * MINUTE })).outMs).toBe(10 * MINUTE);
    expect(past(absence(30 * MINUTE, undefined, {}, { closedAt: NOW - 5 * MINUTE })).outMs).toBe(25 * MINUTE);
    expect(past(absence(30 * MINUTE, undefined)).outMs).toBe(30 * MINUTE);
  });

  it('counts an absence within another one as no longer time', () => {
    expect(past(absence(60 * MINUTE, 20 * MINUTE), absence(50 * MINUTE, 40 * MINUTE)).outMs).toBe(40 * MINUTE);
    expect(past(absence(60 * MINUTE, 40 * MINUTE), absence(50 * MINUTE, 20 * MINUTE)).outMs).toBe(40 * MINUTE);
  });

  it('takes two overlapping stays on Standby for one removal, in the same Auto Scaling group alone', () => {
    const on = (name: string) => ({ owner: 'asg' as const, autoScalingGroup: name });
    expect(past(absence(60 * MINUTE, 20 * MINUTE, on('web')), absence(50 * MINUTE, 10 * MINUTE, on('web'))).ejections).toBe(1);
    expect(past(absence(60 * MINUTE, 50 * MINUTE, on('web')), absence(50 * MINUTE, 10 * MINUTE, on('web'))).ejections).toBe(1);
    expect(past(absence(60 * MINUTE, 51 * MINUTE, on('web')), absence(50 * MINUTE, 10 * MINUTE, on('web'))).ejections).toBe(2);
    expect(past(absence(60 * MINUTE, 20 * MINUTE, on('web')), absence(50 * MINUTE, 10 * MINUTE, on('jobs'))).ejections).toBe(2);
    expect(past(absence(60 * MINUTE, 20 * MINUTE), absence(50 * MINUTE, 10 * MINUTE)).ejections).toBe(2);
  });
});
