/** Checks of a stop at their limits, and in each of the cases that they tell apart. */
import type { Blocked, Stop, StopBlocked, TargetCase } from '../../../core/model';
import { culpritOf, hasEnded, isUnderWay, type StopCandidate } from '../../../core/stop/candidate';
import { evaluateStop, isRefusedByCapacity } from '../../../core/stop/checks';
import { isVerified, neededMs } from '../../../core/stop/verified';
import { STOP_STATES } from '../../../core/model';
import { holdCase } from '../../builders/cases';
import { diagnosisOf } from '../../builders/diagnoses';
import { decisionTo } from '../../builders/decisions';
import { NOW } from '../../builders/now';
import { roundOf, verdict } from '../../builders/rounds';
import { PLAN, candidateOf, incidentOf, stopOf } from './candidate-builder';

const DAY_MS = 86_400_000;
const passes = (check: StopBlocked, fields: Partial<StopCandidate>): boolean | undefined =>
  evaluateStop(candidateOf(fields)).find((one) => one.check === check)?.passed;
const said = (check: StopBlocked, fields: Partial<StopCandidate>): string | undefined =>
  evaluateStop(candidateOf(fields)).find((one) => one.check === check)?.value;

describe('stops of the day', () => {
  const approvedAgo = (ms: number, fields: Partial<Stop> = {}): Stop =>
    stopOf({ id: 's', caseId: 'case-0', state: 'undone', endedAt: 1, approvedAt: NOW - ms, ...fields });

  test('count for 24 hours, to the millisecond', () => {
    expect(passes('budget-group-day', { stops: [approvedAgo(DAY_MS - 1)] })).toBe(false);
    expect(passes('budget-group-day', { stops: [approvedAgo(DAY_MS)] })).toBe(true);
  });

  test('of another group count for the stack alone', () => {
    const other = approvedAgo(1, { groupArn: 'other' });
    expect(passes('budget-group-day', { stops: [other, other] })).toBe(true);
    expect(passes('budget-stack-day', { stops: [other] })).toBe(true);
    expect(passes('budget-stack-day', { stops: [other, other] })).toBe(false);
  });

  test('that nobody approved, or that the host refused, are none', () => {
    const { approvedAt: _at, ...never } = approvedAgo(1);
    expect(passes('budget-group-day', { stops: [never, approvedAgo(1, { state: 'refused' })] })).toBe(true);
  });
});

describe('proposals', () => {
  const HOUR_MS = 3_600_000;
  const ago = (ms: number, fields: Partial<Stop> = {}): Stop =>
    stopOf({ state: 'withdrawn', endedAt: 1, proposedAt: NOW - ms, ...fields, plan: { ...PLAN, digest: 'c'.repeat(64), ...fields.plan } });

  test('of one case are three within an hour, to the millisecond', () => {
    expect(passes('proposed-lately', { stops: [ago(1), ago(HOUR_MS - 1)] })).toBe(true);
    expect(passes('proposed-lately', { stops: [ago(1), ago(2), ago(HOUR_MS - 1)] })).toBe(false);
    expect(passes('proposed-lately', { stops: [ago(1), ago(2), ago(HOUR_MS)] })).toBe(true);
    expect(passes('proposed-lately', { stops: [ago(1), ago(2), ago(3, { caseId: 'case-9' })] })).toBe(true);
  });

  test.each([
    ['withdrawn', 1, true],
    ['expired', HOUR_MS - 1, false],
    ['expired', HOUR_MS, true],
    ['denied', DAY_MS - 1, false],
    ['denied', DAY_MS, true],
    ['refused', DAY_MS - 1, false],
  ] as const)('of a process that was %s %s ms ago: %s', (state, ms, isAllowed) => {
    expect(passes('proposed-lately', { stops: [ago(ms, { state, plan: PLAN, caseId: 'case-9' })] })).toBe(isAllowed);
  });

  test('of another process say nothing of this one', () => {
    expect(passes('proposed-lately', { stops: [ago(1, { state: 'denied', caseId: 'case-9' })] })).toBe(true);
  });
});

describe('stops under way', () => {
  test.each(STOP_STATES)('%s', (state) => {
    const isSo = ['proposed', 'acting', 'verifying', 'undoing'].includes(state);
    expect(isUnderWay(stopOf({ state }))).toBe(isSo);
    expect(passes('another-host', { stops: [stopOf({ state, groupArn: 'other' })] })).toBe(!isSo);
  });

  test('have no end', () => {
    expect(hasEnded(stopOf())).toBe(false);
    expect(hasEnded(stopOf({ endedAt: 0 }))).toBe(true);
  });

  test('stops that cannot be read, block or are under way are named', () => {
    const both = (state: Stop['state']) => [stopOf({ id: 'a', state, blocksGroup: true }), stopOf({ id: 'b', state, blocksGroup: true })];
    expect(said('stop-breaker', { stops: both('undone') })).toBe('a, b');
    expect(said('another-host', { stops: both('undoing') })).toBe('a (undoing), b (undoing)');
    expect(said('unreadable-stop', { unreadable: ['c', 'd'] })).toBe('c, d');
  });

  test('a stop that failed blocks its own group, and says which it is', () => {
    expect(said('stop-breaker', { stops: [stopOf({ id: 'a', blocksGroup: true }), stopOf({ id: 'b' })] })).toBe('a');
    expect(passes('stop-breaker', { stops: [stopOf({ blocksGroup: true, groupArn: 'other' })] })).toBe(true);
    expect(said('stop-breaker', { stops: [] })).toBe('none');
  });
});

describe('the plan and the finding', () => {
  const startedApart = (ms: number) => ({ plan: { value: { ...PLAN, startedAt: PLAN.startedAt + ms } } });

  test.each([2_000, -2_000])('a start %s ms apart is the same', (ms) => {
    expect(passes('plan-differs', startedApart(ms))).toBe(true);
  });

  test.each([2_001, -2_001, Number.NaN])('a start %s ms apart is another', (ms) => {
    expect(passes('plan-differs', startedApart(ms))).toBe(false);
  });

  test('a tree begins with the process', () => {
    expect(said('plan-differs', { plan: { value: { ...PLAN, tree: [...PLAN.tree].reverse() } } })).toBe('its tree does not begin with it');
    expect(passes('plan-differs', { plan: { value: { ...PLAN, tree: [] } } })).toBe(false);
  });

  test('what was proposed is what is planned', () => {
    expect(passes('plan-differs', { proposed: PLAN })).toBe(true);
    expect(passes('plan-differs', { proposed: { ...PLAN, digest: 'd'.repeat(64) } })).toBe(false);
  });

  test('an executable of a user, one that others write and one that was replaced are told together', () => {
    const executable = { ...PLAN.executable, ownerUid: 1001, writableByOthers: true, replaced: true };
    expect(said('executable-writable', { plan: { value: { ...PLAN, executable } } })).toBe(
      'owned by uid 1001, writable by others, replaced since it began',
    );
    expect(said('executable-writable', {})).toBe(PLAN.executable.path);
  });
});

describe('the target', () => {
  const { ejections } = incidentOf();
  const withEjection = (change: object): TargetCase => incidentOf({ ejections: ejections.map((one) => ({ ...one, ...change })) });

  test.each<[says: string, incident: TargetCase, isOut: boolean]>([
    ['is out by a confirmed removal', incidentOf(), true],
    ['may be out, by one that was only announced', withEjection({ confirmedAt: undefined }), false],
    ['is on its way back', withEjection({ restoreIntentAt: NOW }), false],
    ['is back', withEjection({ restoredAt: NOW }), false],
    ['is watched', incidentOf({ state: 'watching' }), false],
    ['was never removed', incidentOf({ ejections: [] }), false],
  ])('%s', (_says, incident, isOut) => {
    expect(passes('target-serves', { incident })).toBe(isOut);
  });

  test('that serves again is not out, whatever the record says', () => {
    expect(said('target-serves', { serves: { value: true } })).toBe('it serves again');
    expect(said('target-serves', {})).toBe('out');
  });

  const suspected = (blocked: readonly Blocked[], fields: Partial<TargetCase> = {}): TargetCase =>
    incidentOf({ state: 'suspected', ejections: [], decision: { ...decisionTo('keep'), blocked }, ...fields });
  const convicting = roundOf({ verdicts: [verdict('i-0123456789abcdef0:8080', { verdict: 'convicted' })] });
  const suspecting = roundOf({ verdicts: [verdict('i-0123456789abcdef0:8080', { verdict: 'suspect' })] });

  test.each<Blocked>(['capacity-floor', 'capacity-projection', 'zone-floor', 'asg-at-min'])(
    '%s alone says no more than that others are needed',
    (reason) => {
      expect(isRefusedByCapacity(suspected([reason]), convicting)).toBe(true);
      expect(isRefusedByCapacity(suspected([reason, 'grace']), convicting)).toBe(false);
    },
  );

  test('is not refused for capacity without a reason, a decision, a conviction or while it is out', () => {
    expect(isRefusedByCapacity(suspected([]), convicting)).toBe(false);
    expect(isRefusedByCapacity(incidentOf({ state: 'suspected' }), convicting)).toBe(false);
    expect(isRefusedByCapacity(suspected(['capacity-floor']), suspecting)).toBe(false);
    expect(isRefusedByCapacity(suspected(['capacity-floor']), undefined)).toBe(false);
    expect(isRefusedByCapacity(suspected(['capacity-floor'], { state: 'out' }), convicting)).toBe(false);
  });
});

test('a question that was not asked does not hold, and says so', () => {
  const { serves: _serves, tagged: _tagged, calendarOpen: _open, peersRunning: _peers, plan: _plan, ...unasked } = candidateOf();
  const failed = evaluateStop(unasked).filter(({ passed }) => !passed);
  const asked = failed.map(({ check, value }) => `${check}: ${value}`);
  for (const name of ['target-serves', 'not-tagged', 'calendar-closed', 'plan-failed', 'culprit-on-peers'])
    expect(asked).toContain(`${name}: not read`);
  for (const name of [
    'plan-differs',
    'host-unsupported',
    'denied-process',
    'listens',
    'not-allowed',
    'executable-writable',
    'starter-unknown',
    'starter-managed',
  ])
    expect(asked).toContain(`${name}: no plan`);
});

test('nothing is evaluated past what was read', () => {
  const upTo = (from: 'records' | 'world' | 'plan' | 'peers') => evaluateStop(candidateOf(), from).at(-1)?.check;
  expect([upTo('records'), upTo('world'), upTo('plan'), upTo('peers')]).toEqual([
    'culprit-in-container',
    'calendar-closed',
    'starter-managed',
    'culprit-on-peers',
  ]);
});

describe('the culprit', () => {
  const named = (...pids: (number | undefined)[]) => {
    const [finding] = incidentOf().diagnosis?.findings ?? [];
    if (finding === undefined) throw new Error('the case has a finding');
    const { culprit: _, ...others } = finding;
    const findings = pids.map((pid) => ({
      ...others,
      ...(pid === undefined ? {} : { culprit: { pid, command: 'x', user: 'y' } }),
    }));
    return culpritOf(incidentOf({ diagnosis: diagnosisOf(findings) }))?.pid;
  };

  test('is of the first finding, when no other one names somebody else', () => {
    expect(named(7)).toBe(7);
    expect(named(7, 7)).toBe(7);
    expect(named(7, undefined)).toBe(7);
    expect(named(undefined, 7)).toBeUndefined();
    expect(named(7, 8)).toBeUndefined();
    expect(named()).toBeUndefined();
    const { diagnosis: _, ...undiagnosed } = incidentOf();
    expect(culpritOf(undiagnosed)).toBeUndefined();
  });
});

const [FINDING] = incidentOf().diagnosis?.findings ?? [];
if (FINDING === undefined) throw new Error('the case has a finding');
const withCulprit = (pid: number, command: string) => ({ ...FINDING, culprit: { pid, command, user: 'y' } });

test('a lead names nobody, whatever it tells of, and stands in the way of no finding', () => {
  const lead = { ...withCulprit(8, 'x'), confidence: 0.3 };
  const named = (...findings: Parameters<typeof diagnosisOf>[0]) => culpritOf(incidentOf({ diagnosis: diagnosisOf(findings) }))?.pid;
  expect(named(lead)).toBeUndefined();
  expect(named(lead, FINDING)).toBe(4242);
  expect(named(FINDING, lead)).toBe(4242);
});

test('what holds is told of as well', () => {
  expect(evaluateStop(candidateOf()).map(({ check, value }) => `${check}: ${value}`)).toEqual([
    'stop-off: 1 allowed',
    'stop-switch: off',
    'stop-breaker: none',
    'unreadable-stop: none',
    'budget-group-day: 0',
    'budget-stack-day: 0',
    'another-host: none',
    'proposed-lately: 0 proposals of this case within the hour',
    'no-culprit: pid 4242',
    'culprit-in-container: in no container',
    'target-serves: out',
    'not-tagged: both',
    'calendar-closed: open',
    'plan-failed: planned',
    'plan-differs: aaaaaaaaaaaa',
    'host-unsupported: it can',
    'denied-process: nothing',
    'listens: neither',
    'not-allowed: ^/opt/reports/monthly --all$',
    'executable-writable: /usr/bin/python3.11',
    'starter-unknown: cron',
    'starter-managed: by nobody',
    'culprit-on-peers: on no peer',
  ]);
});

describe('another open case', () => {
  const other = (findings: Parameters<typeof diagnosisOf>[0], fields: Partial<TargetCase> = {}): TargetCase =>
    incidentOf({ id: 'case-2', target: { id: 'i-9', port: 8080 }, diagnosis: diagnosisOf(findings), ...fields });
  const onPeers = (...cases: TargetCase[]) => passes('culprit-on-peers', { openCases: [incidentOf(), ...cases] });
  const elsewhere = withCulprit(9, '/opt/other/job');
  const { culprit: _culprit, ...nobody } = FINDING;
  const { diagnosis: _diagnosis, ...undiagnosed } = other([]);

  test('that names the same job, in any of its findings, forbids a stop', () => {
    expect(onPeers(other([FINDING]))).toBe(false);
    expect(onPeers(other([nobody, elsewhere, FINDING]))).toBe(false);
  });

  test('that names another job, nobody, or is of the same host, does not', () => {
    expect(onPeers(other([elsewhere, nobody]))).toBe(true);
    expect(onPeers(other([]))).toBe(true);
    expect(onPeers(undiagnosed)).toBe(true);
    expect(passes('culprit-on-peers', { openCases: [incidentOf(), holdCase()] })).toBe(true);
    expect(passes('culprit-on-peers', { incident: undiagnosed, openCases: [undiagnosed, incidentOf()] })).toBe(true);
    expect(onPeers(other([FINDING], { target: incidentOf().target }))).toBe(true);
  });

  test('tells on which host, and peers that run it are named', () => {
    expect(said('culprit-on-peers', { openCases: [incidentOf(), other([FINDING])] })).toBe('case case-2 names the same command on i-9');
    expect(said('culprit-on-peers', { peersRunning: { value: ['i-2', 'i-3'] } })).toBe('i-2, i-3');
    expect(said('culprit-on-peers', {})).toBe('on no peer');
  });
});

describe('the time that verifies', () => {
  const timer = { kind: 'timer', unit: 'report.timer', service: 'report.service' } as const;
  const after = (periodS?: number) => neededMs({ ...PLAN, starter: periodS === undefined ? timer : { ...timer, periodS } });

  test('is two periods, and half an hour at most or where the period is not known', () => {
    expect(after(60)).toBe(120_000);
    expect(after(900)).toBe(1_800_000);
    expect(after(901)).toBe(1_800_000);
    expect(after(undefined)).toBe(1_800_000);
    expect(after(0)).toBe(1_800_000);
    expect(after(-5)).toBe(1_800_000);
    const { starter: _starter, ...byHand } = PLAN;
    expect(neededMs(byHand)).toBe(1_800_000);
  });

  const clean = stopOf({ state: 'verifying', cleanLooks: 2, firstCleanAt: NOW });
  const well = { causeStatus: 'gone', isProbeClean: true } as const;

  test('is over to the millisecond, and takes two looks', () => {
    expect(isVerified(clean, well, NOW + 1_200_000)).toBe(true);
    expect(isVerified(clean, well, NOW + 1_199_999)).toBe(false);
    expect(isVerified({ ...clean, cleanLooks: 1 }, well, NOW + 1_200_000)).toBe(false);
    const { firstCleanAt: _first, cleanLooks: _looks, ...never } = clean;
    expect(isVerified(never, well, NOW + 1_200_000)).toBe(false);
    expect(isVerified({ ...never, cleanLooks: 2 }, well, NOW + 1_200_000)).toBe(false);
    expect(isVerified(clean, { causeStatus: 'gone' }, NOW + 1_200_000)).toBe(false);
    expect(isVerified(clean, { isProbeClean: true }, NOW + 1_200_000)).toBe(true);
    expect(isVerified(clean, { ...well, causeStatus: 'present' }, NOW + 1_200_000)).toBe(false);
  });
});
