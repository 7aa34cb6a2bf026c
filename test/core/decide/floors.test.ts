/** The floors where they turn: before a removal, before a renewal, and while a target is out. */
import { affectedGroups } from '../../../core/decide/affected-groups';
import { evaluateGuardrails } from '../../../core/decide/guardrails';
import { shortfallsAt, thresholdsOf } from '../../../core/decide/floor';
import { isRenewalDue } from '../../../core/decide/renewal';
import { isLasting, shortfallOf } from '../../../core/decide/shortfall';
import { isOnStandby, seemsGone } from '../../../core/decide/standby';
import { currentEjection } from '../../../core/case';
import type { Ejection, ObservedOwner } from '../../../core/model';
import { ejection } from '../../builders/ejections';
import { NOW } from '../../builders/now';
import { candidate, inGroup, inRounds, without, type Change, type Keys } from './described';

const OUT = { case: 'out', 'registered states': 'absent healthy unhealthy unhealthy' };
const STANDBY = { 'declared owner': 'asg', 'observed owner': 'asg' };

const PREFIX = 'target_group_health';
const COUNT = `${PREFIX}.dns_failover.minimum_healthy_targets.count`;
const PERCENTAGE = `${PREFIX}.unhealthy_state_routing.minimum_healthy_targets.percentage`;

describe('the thresholds of a target group', () => {
  it('are one target and no percentage where the group says nothing', () => {
    expect(thresholdsOf({})).toEqual({ count: 1, percentage: 0 });
  });

  it('are the strictest that it says', () => {
    expect(thresholdsOf({ [COUNT]: '3', [PERCENTAGE]: '50' })).toEqual({ count: 3, percentage: 50 });
    expect(thresholdsOf({ [PERCENTAGE]: '100' })).toEqual({ count: 1, percentage: 100 });
  });

  it.each(['3x', '3e1', '3.5', 'x3', '03', '-1', ''])('cannot be read from "%s"', (text) => {
    expect(thresholdsOf({ [COUNT]: text })).toEqual({ unreadable: `${COUNT}=${text}` });
  });

  it('are no percentage above a hundred', () => {
    expect(thresholdsOf({ [PERCENTAGE]: '101' })).toEqual({ unreadable: `${PERCENTAGE}=101` });
  });
});

function short(keys: Keys = OUT, change?: Change) {
  const absent = candidate(keys, change);
  const left = currentEjection(absent.incident);
  return left === undefined ? undefined : shortfallOf(absent, left)?.map(({ guardrail, value }) => `${guardrail}: ${value}`);
}

const BELOW = ['capacity-floor: 1 serve without it'];

describe('too few serve while a target is out', () => {
  it('is told once target health shows its removal, and not before', () => {
    expect(short({ ...OUT, 'confirmed seconds ago': '30' })).toEqual(BELOW);
    expect(short({ ...OUT, 'confirmed seconds ago': '29' })).toBeUndefined();
  });

  it('is not told without a round', () => {
    const absent = candidate(OUT);
    const [left] = absent.incident.ejections;
    const roundless = { ...absent, group: { ...absent.group, rounds: [] } };
    expect(left === undefined ? 'none' : shortfallOf(roundless, left)).toBeUndefined();
  });

  it('is not told of an answer that leaves out what the last round saw, but for what had left by then', () => {
    const seen = 'healthy healthy unhealthy unhealthy healthy';
    const now = 'absent healthy unhealthy unhealthy absent';
    const five = { ...OUT, targets: '5', 'registered states': now };
    expect(short({ ...five, 'states in rounds': seen })).toBeUndefined();
    expect(short({ ...five, 'states in rounds': seen.replace(/healthy$/, 'draining') })).toEqual(BELOW);
    expect(short({ ...five, 'states in rounds': seen.replace(/healthy$/, 'absent') })).toEqual(BELOW);
  });

  it('is not told while the last round saw only the target itself, on any port', () => {
    const otherPort = inRounds((round) => ({
      ...round,
      lbView: [...round.lbView, { target: { id: 'i-1', port: 9090 }, state: 'healthy' }],
    }));
    expect(short(OUT, otherPort)).toEqual(BELOW);
  });

  it('is not told when an attached group shows nothing at all', () => {
    const nothing: Change = inGroup((group) => ({
      ...group,
      owners: new Map([...group.owners].map(([id, seen]): [string, ObservedOwner] => [id, emptied(seen)])),
    }));
    const attached = { ...OUT, ...STANDBY, 'other group': 'absent healthy healthy healthy' };
    expect(short(attached)).toEqual(BELOW);
    expect(short(attached, nothing)).toBeUndefined();
  });

  it('counts what is convicted as serving badly, and what was not judged as well', () => {
    const accused = (verdict: 'convicted' | 'unjudged') =>
      inRounds((round) => ({ ...round, verdicts: round.verdicts.map((one) => (one.key === 'i-2:8080' ? { ...one, verdict } : one)) }));
    const three = { ...OUT, 'registered states': 'absent healthy healthy unhealthy' };
    expect(short(three, accused('convicted'))).toEqual(BELOW);
    expect(short(three, accused('unjudged'))).toEqual(['capacity-floor: 2 serve without it']);
    expect(short({ ...three, 'round ended': '300' }, accused('convicted'))).toEqual(['capacity-floor: 2 serve without it']);
  });

  it('is told of its zone where that is known, and of no other', () => {
    const zoneless = { ...OUT, 'cross-zone': 'false' };
    expect(short(zoneless)).toEqual(BELOW);
    const absent = candidate({ ...zoneless, zones: 'a a b b' });
    const [own] = affectedGroups(absent);
    expect(shortfallsAt(own, absent).map(({ guardrail }) => guardrail)).toEqual(['capacity-floor', 'zone-floor']);
  });

  it('is told of no threshold that cannot be read', () => {
    expect(short({ ...OUT, 'count threshold': 'many' })).toEqual([]);
  });

  it('lasts when it was seen half a minute ago, since the target left', () => {
    const absent = candidate(OUT);
    const left: Ejection = { ...ejection(absent.incident.target, NOW - 100_000, NOW), confirmedAt: NOW - 60_000 };
    const lasts = (shortSinceAt: number | undefined, since = left) => {
      const incident = { ...absent.incident, ...(shortSinceAt === undefined ? {} : { shortSinceAt }) };
      return isLasting(shortfallOf(absent, left) ?? [], { ...absent, incident }, since);
    };
    expect([lasts(undefined), lasts(NOW - 29_999), lasts(NOW - 30_000), lasts(NOW - 60_000)]).toEqual([false, false, true, true]);
    expect(lasts(NOW - 60_001)).toBe(false);
    const announced = without(left, 'confirmedAt');
    expect([lasts(NOW - 100_001, announced), lasts(NOW - 100_000, announced)]).toEqual([false, true]);
  });
});

function emptied(seen: ObservedOwner): ObservedOwner {
  if (seen.owner !== 'asg') return seen;
  return { ...seen, autoScaling: { ...seen.autoScaling, attached: seen.autoScaling.attached.map((one) => ({ ...one, lbView: [] })) } };
}

describe('a renewal', () => {
  it('is due from half of the lease to its last five seconds', () => {
    const due = (leftMs: number) => isRenewalDue({ ...ejection({ id: 'i-1', port: 1 }, NOW, NOW + leftMs), leaseS: 900 }, NOW);
    expect([450_001, 450_000, 5001, 5000].map(due)).toEqual([false, true, true, false]);
  });
});

describe('what Auto Scaling shows of an instance', () => {
  const { incident, group } = candidate(STANDBY);
  const byAsg: Ejection = { ...ejection(incident.target, NOW, NOW), owner: 'asg', autoScalingGroup: 'web' };
  const withLifecycle = (lifecycle: string) => {
    const changed = candidate({ ...STANDBY, lifecycle });
    return { incident: changed.incident, group: changed.group };
  };
  const unseen = { incident, group: { ...group, owners: new Map<string, ObservedOwner>() } };

  it('is Standby for one that we put there, and for no other', () => {
    expect(['EnteringStandby', 'Standby', 'InService'].map((one) => isOnStandby(withLifecycle(one), byAsg))).toEqual([true, true, false]);
    expect(isOnStandby(withLifecycle('Standby'), { ...byAsg, owner: 'static' })).toBe(false);
    expect(isOnStandby(unseen, byAsg)).toBe(false);
  });

  it('is that it is gone when its group gives it up, or has it no more', () => {
    const shown = ['Terminating:Wait', 'Terminated', 'Detaching', 'Warmed:Terminating', 'Standby'];
    expect(shown.map((one) => seemsGone(withLifecycle(one), byAsg))).toEqual([true, true, true, false, false]);
    const asStatic = { incident, group: { ...group, owners: new Map<string, ObservedOwner>([['i-1', { owner: 'static' }]]) } };
    expect([seemsGone(asStatic, byAsg), seemsGone(unseen, byAsg)]).toEqual([true, false]);
    expect(seemsGone(asStatic, { ...byAsg, owner: 'static' })).toBe(false);
  });
});

describe('zones of weighted instances', () => {
  it('may be as far apart as the heaviest instance weighs', () => {
    const zones = { ...STANDBY, 'asg sizes': '16/2/24', 'asg units': '4 4 4 4' };
    const check = evaluateGuardrails(candidate(zones)).find(({ guardrail }) => guardrail === 'zone-imbalance');
    expect(check).toMatchObject({ passed: true, value: 'web: in balance' });
  });
});
