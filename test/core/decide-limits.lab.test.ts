/**
 * The limits counted a second time, naively, and compared with `decide` on random situations: what
 * one allows the other must allow.
 */
import * as fc from 'fast-check';
import { decide } from './decisions';
import type { GroupSituation, Situation } from '../../core/decide/situation';
import { targetKey, type AutoScalingView, type BalancerView, type Case, type LbTarget, type Round, type Target } from '../../core/model';
import { outCase, targetCase } from '../builders/cases';
import { confirmed } from '../builders/ejections';
import { NOW } from '../builders/now';
import { verdict } from '../builders/rounds';
import { situation } from '../builders/scenario/situation';

const MINUTE_MS = 60_000;

interface DrawnTarget {
  readonly host: number;
  readonly state: 'healthy' | 'unhealthy' | 'initial';
  /** `out`: by us; `sick`: convicted and in service. */
  readonly role: 'well' | 'sick' | 'out' | 'suspect';
  readonly nats: number;
}

interface DrawnGroup {
  readonly targets: readonly DrawnTarget[];
  readonly minHealthy: number;
  /** Minutes since earlier removals whose cases are closed. */
  readonly earlier: readonly number[];
  /**
   * Where neither pools nor CPU are known: requests a second, and what the operator declared that
   * one target can serve.
   */
  readonly load?: { readonly perSecond: number; readonly perTarget: number } | undefined;
}

const drawnTarget = fc.record({
  host: fc.integer({ min: 0, max: 200 }),
  state: fc.constantFrom(...Array.from({ length: 12 }, () => 'healthy'), 'unhealthy', 'initial'),
  role: fc.constantFrom(...Array.from({ length: 16 }, () => 'well'), 'sick', 'sick', 'out', 'suspect'),
  nats: fc.integer({ min: 15, max: 99 }),
}) as fc.Arbitrary<DrawnTarget>;

const drawnGroup: fc.Arbitrary<DrawnGroup> = fc.record({
  targets: fc.uniqueArray(drawnTarget, { selector: (target) => target.host, minLength: 3, maxLength: 40 }),
  minHealthy: fc.integer({ min: 1, max: 6 }),
  earlier: fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(fc.integer({ min: 1, max: 120 }), { maxLength: 2 }) },
  ),
  // Never exactly at the ceiling, where the two counts may round differently.
  load: fc.option(
    fc.record({ perSecond: fc.integer({ min: 1, max: 400 }).map((rate) => rate + 0.0123), perTarget: fc.integer({ min: 5, max: 30 }) }),
    {
      freq: 2,
      nil: undefined,
    },
  ),
});

// ---------------------------------------------------------------- the situation that was drawn

const arnOf = (index: number) => `arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/g${index}/0123456789abcdef`;
const targetOf = (drawn: DrawnTarget): Target => ({ id: `i-${drawn.host}`, port: 8080 });

/** Made once: thousands of situations differ from it in their groups and cases alone. */
const BASE = situation(new Map());
const LIMITS = { ...BASE.config.limits, ejectionsPerGroupHour: 2, ejectionsPerStackHour: 3 };

function situationOf(groups: readonly DrawnGroup[]): Situation {
  return {
    ...BASE,
    config: { ...BASE.config, limits: LIMITS },
    groups: groups.map((group, index) => groupOf(BASE, group, arnOf(index))),
    openCases: groups.flatMap((group, index) => group.targets.flatMap((target) => caseOf(target, arnOf(index), group.load))),
    closedCases: groups.flatMap((group, index) => group.earlier.map((minutes, nth) => closedCase(arnOf(index), minutes, nth))),
  };
}

function groupOf(base: Situation, drawn: DrawnGroup, arn: string): GroupSituation {
  const [template] = base.groups;
  const [round] = template?.rounds ?? [];
  if (template === undefined || round === undefined) throw new Error('the base situation has a group with rounds');
  const lbView = drawn.targets
    .filter((target) => target.role !== 'out')
    .map((target): LbTarget => ({ target: targetOf(target), state: target.role === 'sick' ? 'healthy' : target.state }));
  const verdicts = drawn.targets.map((target) => {
    const convicted = target.role === 'sick';
    return verdict(targetKey(targetOf(target)), {
      verdict: convicted ? 'convicted' : target.role === 'suspect' ? 'suspect' : 'clean',
      evidenceNats: convicted ? target.nats : 0,
      evidenceSince: round.endedAt - 90_000,
      why: 'level',
    });
  });
  return {
    ...template,
    group: { ...template.group, arn },
    config: {
      ...template.config,
      arn,
      minHealthy: drawn.minHealthy,
      ...(drawn.load === undefined ? {} : { capacity: { requestsPerSecondPerTarget: drawn.load.perTarget } }),
    },
    rounds: [
      { ...round, groupArn: arn, lbView, verdicts, ...seenBy(drawn.targets.filter(({ role }) => role !== 'out')) },
      { ...round, groupArn: arn, lbView, verdicts: [], startedAt: round.startedAt - 5 * MINUTE_MS, ...seenBy([]) },
    ],
    lbView,
    owners: new Map(drawn.targets.map((target) => [targetOf(target).id, { owner: 'static' }])),
  };
}

const FAST = Array.from({ length: 10 }, () => 40);
const SLOW = Array.from({ length: 10 }, () => 2500);

/**
 * Requests that clients make of each target, and those of 40 slow targets before those of 40 fast
 * ones.
 */
const EACH = 100;
const MET = [2500, 40].flatMap((latencyMs) => Array.from({ length: 40 * EACH }, () => ({ latencyMs })));

/**
 * Probes and many clients that meet each suspect as often as it gets requests: no second view
 * stands in the way of any limit.
 */
function seenBy(targets: readonly DrawnTarget[]): Pick<Round, 'samples' | 'clientView'> {
  const ill = ({ role }: DrawnTarget) => role === 'sick' || role === 'suspect';
  const serving = targets.filter(({ role, state }) => role === 'sick' || state === 'healthy');
  const bad = serving.filter(ill).length;
  return {
    samples: Object.fromEntries(targets.map((target) => [targetKey(targetOf(target)), ill(target) ? SLOW : FAST])),
    clientView: { groupArn: 'drawn', samples: MET.slice((40 - bad) * EACH, (40 + Math.max(1, serving.length - bad)) * EACH) },
  };
}

/** Of every host that the groups may have: which of them are survivors is for `decide` to say. */
const IDLE = Array.from({ length: 201 }, (_, host) => ({ host: `i-${host}`, capturedAt: NOW, pool: { active: 0, max: 20 } }));

function caseOf(drawn: DrawnTarget, arn: string, load: DrawnGroup['load']): Case[] {
  if (drawn.role !== 'sick' && drawn.role !== 'out') return [];
  const target = targetOf(drawn);
  const opened = targetCase({ openedAt: NOW, groupArn: arn, id: `${arn}#${drawn.host}`, target });
  const loads = load === undefined ? IDLE : [];
  if (drawn.role === 'sick') return [{ ...opened, loads, ...(load === undefined ? {} : { balancer: told(load.perSecond) }) }];
  const out = confirmed(target, NOW - 90 * MINUTE_MS, NOW + 10 * MINUTE_MS);
  return [{ ...opened, state: 'out', ejections: [out] }];
}

/** A minute with a lower rate before, and one that is not over after it. */
function told(perSecond: number): BalancerView {
  const minutes = [0.5, 1, 3].map((share, index) => ({
    startsAt: NOW - (2.5 - index) * MINUTE_MS,
    requests: share * perSecond * 60,
    serverErrors: 0,
    connectionErrors: 0,
  }));
  return { readAt: NOW, minutes };
}

function closedCase(arn: string, minutes: number, nth: number): Case {
  const at = NOW - minutes * MINUTE_MS;
  const target = { id: `i-gone-${arn}-${nth}`, port: 8080 };
  const done = confirmed(target, at, at + 1, { confirmedAt: at, restoredAt: at + 1 });
  return outCase(done, {
    openedAt: at,
    groupArn: arn,
    id: `closed ${arn} ${nth}`,
    state: 'closed',
    because: 'recovered',
    closedAt: at + 1,
  });
}

// ---------------------------------------------------------------- the naive count

/** Groups that share a host, directly or over others, by trying every pair again and again. */
function components(groups: readonly DrawnGroup[]): number[] {
  const label = groups.map((_, index) => index);
  for (let again = 0; again < groups.length; again++)
    groups.forEach((a, i) =>
      groups.forEach((b, j) => {
        if (a.targets.some((x) => b.targets.some((y) => x.host === y.host))) label[i] = label[j] = Math.min(label[i] ?? 0, label[j] ?? 0);
      }),
    );
  return label;
}

/** Whether one more removal is within every limit, given the removals granted before it. */
function allowed(groups: readonly DrawnGroup[], index: number, granted: readonly number[]): boolean {
  const label = components(groups);
  const together = groups.flatMap((_, other) => (label[other] === label[index] ? [other] : []));
  const group = groups[index];
  if (group === undefined) return false;
  const size = group.targets.length;
  const out = together.reduce((sum, other) => sum + (groups[other]?.targets.filter((target) => target.role === 'out').length ?? 0), 0);
  const grantedHere = granted.filter((other) => together.includes(other)).length;
  const hour = (other: number) => groups[other]?.earlier.filter((minutes) => minutes < 60).length ?? 0;
  const inGroup = together.reduce((sum, other) => sum + hour(other), 0) + grantedHere;
  const inStack = groups.reduce((sum, _, other) => sum + hour(other), 0) + granted.length;
  const well = group.targets.filter((target) => target.role === 'well' && target.state === 'healthy').length;
  return (
    well * 5 >= size * 3 &&
    well >= group.minHealthy &&
    well >= 1 &&
    (size < 20 ? out + grantedHere === 0 : (out + grantedHere + 1) * 5 <= size) &&
    inGroup < 2 &&
    inStack < 3 &&
    (group.load === undefined || group.load.perSecond * 10 <= 7 * group.load.perTarget * well)
  );
}

/** In how many groups this instance is out. */
function timesOut(groups: readonly DrawnGroup[], id: string | undefined): number {
  return groups.flatMap(({ targets }) => targets.filter((target) => target.role === 'out' && targetOf(target).id === id)).length;
}

// ---------------------------------------------------------------- on standby, and out of a second
// target group that is not configured

interface DrawnStandby {
  readonly group: DrawnGroup;
  /** States in the second target group, host by host; an absent one is not registered there. */
  readonly there: readonly ('healthy' | 'unhealthy' | 'absent')[];
  readonly desired: number;
  readonly minSize: number;
}

const drawnStandby: fc.Arbitrary<DrawnStandby> = fc.record({
  group: drawnGroup,
  there: fc.array(fc.constantFrom(...Array.from({ length: 10 }, () => 'healthy' as const), 'unhealthy', 'absent'), {
    minLength: 40,
    maxLength: 40,
  }),
  desired: fc.integer({ min: 3, max: 40 }),
  minSize: fc.integer({ min: 0, max: 12 }),
});

function standbySituation(drawn: DrawnStandby): Situation {
  const base = situationOf([drawn.group]);
  const [group] = base.groups;
  if (group === undefined) throw new Error('one group was drawn');
  const second = secondOf(drawn).map(({ target, state }): LbTarget => ({ target: { ...targetOf(target), port: 9090 }, state }));
  const nothing = { attributes: { 'load_balancing.algorithm.type': 'round_robin' }, tags: {} };
  const autoScaling: AutoScalingView = {
    name: 'web',
    lifecycle: 'InService',
    units: 1,
    minSize: drawn.minSize,
    maxSize: 100,
    desired: drawn.desired,
    zones: [{ zone: 'a', units: Object.fromEntries([...group.owners.keys()].map((id) => [id, 1])) }],
    inOtherZones: [],
    launchHooks: [],
    tags: { 'sickbay:enforce': 'Sickbay' },
    suspendedProcesses: [],
    inTransition: [],
    refreshes: [],
    attachedHere: true,
    attached: [{ arn: arnOf(1), lbView: second, ...nothing }],
    unread: [],
  };
  const onStandby = { owner: 'asg' as const, autoScalingGroup: 'web' };
  return {
    ...base,
    groups: [
      {
        ...group,
        config: { ...group.config, owner: 'asg' },
        owners: new Map([...group.owners.keys()].map((id) => [id, { owner: 'asg', autoScaling }])),
      },
    ],
    openCases: base.openCases.map((incident) => ({ ...incident, ejections: incident.ejections.map((one) => ({ ...one, ...onStandby })) })),
  };
}

/** What is on standby is registered nowhere. */
function secondOf({ group, there }: DrawnStandby): { readonly target: DrawnTarget; readonly state: 'healthy' | 'unhealthy' }[] {
  return group.targets.flatMap((target, index) => {
    const state = there[index] ?? 'absent';
    return state === 'absent' || target.role === 'out' ? [] : [{ target, state }];
  });
}

function allowedOnStandby(drawn: DrawnStandby, id: string | undefined, granted: readonly number[]): boolean {
  const out = drawn.group.targets.filter((target) => target.role === 'out').length;
  const registered = secondOf(drawn);
  const size = registered.length + out;
  const others = registered.filter(({ target, state }) => targetOf(target).id !== id && target.role === 'well' && state === 'healthy');
  const budget = size < 20 ? out + granted.length === 0 : (out + granted.length + 1) * 5 <= size;
  const thereToo = others.length * 5 >= size * 3 && others.length >= 1 && budget;
  // The second group's own rate is nobody's: without pools its capacity is unknown.
  return allowed([drawn.group], 0, granted) && thereToo && drawn.desired > drawn.minSize && drawn.group.load === undefined;
}

describe('the limits, counted twice', () => {
  it('decide removes exactly what a naive count allows, which allows some removals and refuses others', () => {
    let [allowedCount, refusedCount] = [0, 0];
    fc.assert(
      fc.property(fc.array(drawnGroup, { minLength: 1, maxLength: 3 }), (groups) => {
        const granted: number[] = [];
        for (const decision of decide(situationOf(groups))) {
          const index = groups.findIndex((_, candidate) => arnOf(candidate) === decision.groupArn);
          if (!groups[index]?.targets.some((target) => target.role === 'sick' && targetOf(target).id === decision.target?.id)) continue;
          const expected = allowed(groups, index, granted);
          // The third removal of an instance within six hours, in whatever groups, is a person's
          // business.
          const refused = timesOut(groups, decision.target?.id) >= 2 ? 'page' : 'keep';
          expect([decision.action, decision.blocked.length === 0]).toEqual([expected ? 'eject' : refused, expected]);
          if (decision.action === 'eject') granted.push(index);
          if (expected) allowedCount += 1;
          else refusedCount += 1;
        }
      }),
      { numRuns: 2000 },
    );
    expect(allowedCount).toBeGreaterThan(200);
    expect(refusedCount).toBeGreaterThan(200);
  });

  it('Standby needs the limits to hold in every attached group', () => {
    fc.assert(
      fc.property(drawnStandby, (drawn) => {
        const granted: number[] = [];
        for (const decision of decide(standbySituation(drawn))) {
          if (!drawn.group.targets.some((target) => target.role === 'sick' && targetOf(target).id === decision.target?.id)) continue;
          const expected = allowedOnStandby(drawn, decision.target?.id, granted);
          expect([decision.action, decision.blocked.length === 0]).toEqual([expected ? 'eject' : 'keep', expected]);
          if (decision.action === 'eject') granted.push(0);
        }
      }),
      { numRuns: 500 },
    );
  });
});
