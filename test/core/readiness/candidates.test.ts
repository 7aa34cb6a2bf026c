import type { Blocked, Case, Cause, Refusal, TargetCase } from '../../../core/model';
import { lookBack } from '../../../core/readiness/candidates';
import { groupCase, targetCase } from '../../builders/cases';
import { diagnosisOf } from '../../builders/diagnoses';
import { ejection } from '../../builders/ejections';
import { NOW } from '../../builders/now';
import { TARGET } from '../../builders/targets';

const MINUTE = 60_000;
const SINCE = NOW - 7 * 86_400_000;

function refusal(blocked: readonly Blocked[], fields: Partial<Refusal> = {}): Refusal {
  return {
    at: NOW - 60 * MINUTE,
    blocked,
    says: '71x its peers',
    clientView: '5 of 20 requests slow',
    clientSlowFraction: 0.25,
    balancer: 'p99 up to 2400 ms',
    ...fields,
  };
}

function refusedCase(refusals: readonly Refusal[], cause: Cause = 'pool-starvation', fields: Partial<TargetCase> = {}): TargetCase {
  const findings = [{ cause, confidence: 0.9, evidence: [], against: [] }];
  return targetCase({ openedAt: NOW - 61 * MINUTE, diagnosis: diagnosisOf(findings), refusals, ...fields });
}

function closedAfter(minutes: number, because: Case['because'] = 'not-acted'): Partial<TargetCase> {
  return { state: 'closed', closedAt: NOW - (60 - minutes) * MINUTE, ...(because === undefined ? {} : { because }) };
}

function only(incident: Case) {
  const { candidates } = lookBack([incident], SINCE, NOW);
  expect(candidates).toHaveLength(1);
  return candidates[0];
}

const OBSERVED = [refusal(['mode-observe'])];

describe('a removal that only the mode stood before', () => {
  it('was right when a cause was found on the host', () => {
    expect(only(refusedCase(OBSERVED))).toMatchObject({
      opinion: 'right',
      speaksFor: expect.arrayContaining(['a cause was found on it: pool-starvation (0.90)']),
    });
  });

  it('was right when somebody took the target away themselves', () => {
    expect(only(refusedCase(OBSERVED, 'unknown', closedAfter(5, 'vanished')))).toMatchObject({
      opinion: 'right',
      afterwards: 'gone after 5 min: somebody took it away',
    });
  });

  it('was right when clients felt it for as long as a lease', () => {
    expect(only(refusedCase(OBSERVED, 'unknown', closedAfter(15)))?.opinion).toBe('right');
    expect(only(refusedCase(OBSERVED, 'unknown', closedAfter(14)))?.opinion).toBe('doubtful');
    expect(only(refusedCase([refusal(['mode-observe'], { clientSlowFraction: 0 })], 'unknown', closedAfter(40)))?.opinion).toBe('doubtful');
  });

  it('is doubtful when it passed by itself and nothing explains it, and says so', () => {
    expect(only(refusedCase(OBSERVED, 'unknown', closedAfter(3)))).toMatchObject({
      opinion: 'doubtful',
      afterwards: 'well again after 3 min, without us',
      speaksAgainst: ['no cause was found on it', 'it was well again by itself after 3 min'],
    });
  });

  it('counts from the first moment at which nothing else stood before it', () => {
    const refusals = [
      refusal(['mode-observe', 'stale-evidence'], { at: NOW - 50 * MINUTE }),
      refusal(['mode-observe'], { at: NOW - 49 * MINUTE }),
    ];
    expect(only(refusedCase(refusals))).toMatchObject({ opinion: 'right', at: NOW - 49 * MINUTE });
  });

  it('says when it was taken out after all', () => {
    const out = refusedCase(OBSERVED, 'unknown', { state: 'out', ejections: [ejection(TARGET, NOW - MINUTE, NOW)] });
    expect(only(out)?.afterwards).toBe('taken out by Sickbay at 2026-01-01 11:59:00 UTC');
  });
});

describe('looking back', () => {
  it('tells what other guardrails blocked, with a count of each reason', () => {
    const blocked = [refusal(['mode-observe', 'capacity-projection', 'budget-group'])];
    const report = lookBack([refusedCase(blocked), refusedCase(blocked)], SINCE, NOW);
    expect(report).toMatchObject({
      counts: { right: 0, doubtful: 0, blocked: 2 },
      blockedBy: { 'capacity-projection': 2, 'budget-group': 2 },
    });
  });

  it('leaves out what is older, what no mode stood before, and cases that are about no target', () => {
    const older = refusedCase([refusal(['mode-observe'], { at: SINCE - 1 })]);
    const enforced = refusedCase([refusal(['capacity-floor'])]);
    const shared = groupCase('shared', { openedAt: NOW });
    const report = lookBack([older, enforced, shared], SINCE, NOW);
    expect(report.candidates).toEqual([]);
  });
});
