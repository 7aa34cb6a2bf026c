/** A plan, drawn from a seed: groups that share hosts or not, incidents and operators. */
import type { Hook } from '../world/autoscaling-groups';
import {
  causeEnds,
  everybodySlow,
  groupDeleted,
  fails,
  groupDropped,
  failsChecks,
  heal,
  idle,
  killSwitchSet,
  loaded,
  maximumLowered,
  misread,
  operatorDeregisters,
  operatorExitsStandby,
  operatorGivesUp,
  operatorHolds,
  operatorRegisters,
  operatorWantsBack,
  processSuspended,
  refreshEnds,
  refreshStarts,
  replaced,
  replacedByItsGroup,
  rolledBack,
  scaledBy,
  sicken,
  started,
  stopped,
  takenOver,
  terminated,
  slowPath,
  scheduledRestoreLost,
} from './base-plans';
import type { ProbePath } from './fleet';
import type { Happening, Plan } from './happenings';
import { groupArn, hostNames, LOG_DELIVERIES, type GroupPlan } from './plan';
import { Random } from './random';
import { drawChaos, drawLateness } from './random-faults';
import { drawServicePlan } from './random-service';
import type { RunOptions } from './run';
import type { Chaos } from './chaos';

/**
 * What the tag is where the group does not allow this stack to remove: missing, as it was before it
 * named a stack, another stack's name.
 */
const NOT_OURS = [false, 'true', 'Another'] as const;

export interface Draw {
  readonly plan: Plan;
  readonly chaos: Chaos;
  readonly options: RunOptions;
}

export function draw(seed: number): Draw {
  const random = new Random(seed);
  const drawn = drawSecondStack(new Random(seed + 2 * APART), drawDeletion(new Random(seed + APART), drawPlan(random)));
  const kindly = new Random(seed + 4 * APART);
  const seen = drawViews(new Random(seed + 3 * APART), drawn);
  const kind = kindly.chance(0.4) ? drawKindly(kindly, seen) : seen;
  const plan = drawAddresses(new Random(seed + 7 * APART), drawAccessLogs(new Random(seed + 6 * APART), kind));
  return {
    plan,
    chaos: drawChaos(random, plan),
    options: { seed, sweepLateMs: drawLateness(random) },
  };
}

/** A run whose targets are the tasks of a service of ECS. */
export function drawWithService(seed: number): Draw {
  const random = new Random(seed + 5 * APART);
  const plan = drawEnd(new Random(seed + 8 * APART), drawServicePlan(random));
  return { plan, chaos: drawChaos(random, plan), options: { seed, sweepLateMs: drawLateness(random) } };
}

/**
 * Draws that came later have numbers of their own, so that a seed goes on meaning the run that it
 * meant.
 */
const APART = 7_919;

// ---------------------------------------------------------------- the plan

/**
 * A dropped group waits for the end of its longest lease; what is given up near its lease's end,
 * for an hour of retries.
 */
const CALM_MINUTES = 75;

/** One run in twelve has two Sickbays. */
function drawSecondStack(random: Random, plan: Plan): Plan {
  return random.chance(0.08) ? { ...plan, twoStacks: true } : plan;
}

/** One run in twenty-five loses a target group. */
function drawDeletion(random: Random, plan: Plan): Plan {
  if (!random.chance(0.04)) return plan;
  const deleted = groupDeleted(random.integer(1, plan.minutes - 1), groupArn(random.pick(plan.groups).name));
  return { ...plan, happenings: [...plan.happenings, deleted] };
}

/** Of the controllers that leave, half are deleted with their stack, where that lets them. */
function drawEnd(random: Random, { goneFromMinute, ...plan }: Plan): Plan {
  if (goneFromMinute === undefined) return plan;
  return random.chance(0.5) ? { ...plan, goneFromMinute } : { ...plan, deletedFromMinute: goneFromMinute };
}

/** What besides the prober there is to see by, and in one run of four something on its own path. */
function drawViews(random: Random, plan: Plan): Plan {
  const more = random.chance(0.25) ? drawSlowPath(random, plan.groups) : [];
  return {
    ...plan,
    client: random.pick(['admitted', 'admitted', 'admitted', 'admitted', 'refused', 'none']),
    metricsLateS: random.integer(60, 180),
    ...(random.chance(0.25) ? { secondProber: true } : {}),
    happenings: [...plan.happenings, ...more].filter(({ atMinute }) => atMinute < plan.minutes).sort((a, b) => a.atMinute - b.atMinute),
  };
}

/**
 * One run in three has access logs. Where they come whole and in time, sessions may be sticky: then
 * CloudWatch can tell nothing, and they alone stand before a removal on our probes' word.
 */
function drawAccessLogs(random: Random, plan: Plan): Plan {
  if (!random.chance(0.33)) return plan;
  const accessLogs = random.pick(['whole', 'whole', ...LOG_DELIVERIES] as const);
  if (accessLogs !== 'whole' || random.chance(0.4)) return { ...plan, accessLogs };
  const groups = plan.groups.map((group) => ({ ...group, attributes: { ...group.attributes, 'stickiness.enabled': 'true' } }));
  return { ...plan, accessLogs, groups, metricsLateS: Math.min(plan.metricsLateS ?? 60, 120) };
}

/**
 * One run in four without an Auto Scaling group or a service has targets of type `ip`, and one host
 * or another loses its address to a stranger.
 */
function drawAddresses(random: Random, plan: Plan): Plan {
  if (!random.chance(0.25) || plan.autoScaling !== undefined || plan.service !== undefined) return plan;
  const groups = plan.groups.map((group): GroupPlan => (random.chance(0.8) ? { ...group, addresses: true } : group));
  const strangers = groups.flatMap(({ name, hosts, addresses }) => {
    const by = `i-6${String(random.integer(0, 9_999_999)).padStart(7, '0')}`;
    const happening = takenOver(random.integer(1, plan.minutes - 1), groupArn(name), random.pick(hosts), by, random.chance(0.5));
    return addresses === true && random.chance(0.5) ? [happening] : [];
  });
  const happenings = [...plan.happenings, ...strangers].sort((a, b) => a.atMinute - b.atMinute);
  return { ...plan, groups, happenings, elb: { listsDrainedMs: 0, showsInstanceZones: false, ...plan.elb, hidesAddressZones: true } };
}

/**
 * Two runs in five in which a removal is possible: one host stays sick, groups are plain, and half
 * of what would happen does not. Where everything that forbids a removal is drawn at once hardly
 * any is made, and what comes after a removal is not tried.
 */
function drawKindly(random: Random, plan: Plan): Plan {
  const groups = plan.groups.map(({ name, hosts, owner, configured }): GroupPlan => {
    const kept = owner === undefined || owner === 'none' ? {} : { owner };
    return { name, hosts, ...kept, ...(configured === undefined ? {} : { configured }) };
  });
  const id = random.pick(groups[0]?.hosts ?? []);
  const happenings = [sicken(random.integer(1, 3), id), ...plan.happenings.filter(() => random.chance(0.5))];
  return { ...plan, mode: 'enforce', groups, poolInUse: 5, happenings: happenings.sort((a, b) => a.atMinute - b.atMinute) };
}

function drawPlan(random: Random): Plan {
  const autoScaling = random.chance(0.35);
  const groups = autoScaling ? drawAttachedGroups(random) : drawGroups(random);
  const minutes = random.integer(10, 22);
  return {
    name: 'drawn',
    groups,
    minutes,
    poolInUse: random.integer(4, 13),
    happenings: drawHappenings(random, groups, minutes),
    calmMinutes: CALM_MINUTES,
    ...(autoScaling ? { autoScaling: drawAutoScaling(random, groups) } : {}),
    elb: { listsDrainedMs: random.pick([0, 0, 20_000, 90_000]), showsInstanceZones: random.chance(0.2) },
    ...(random.chance(0.07) ? { mode: 'observe' as const } : {}),
    ...(random.chance(0.1) ? { goneFromMinute: random.integer(3, minutes) } : {}),
  };
}

function drawGroups(random: Random): GroupPlan[] {
  const size = random.chance(0.1) ? random.integer(20, 26) : random.integer(3, 8);
  const first = drawGroup(random, 'checkout', hostNames(size));
  if (random.chance(0.6)) return [first];
  const from = random.chance(0.5) ? size : size + 1;
  return [first, drawGroup(random, 'search', hostNames(random.integer(3, 6), from))];
}

/** One or two groups of the same hosts, the second one known to the configuration or not. */
function drawAttachedGroups(random: Random): GroupPlan[] {
  const hosts = hostNames(random.chance(0.1) ? random.integer(20, 26) : random.integer(3, 8));
  const first: GroupPlan = { ...drawGroup(random, 'checkout', hosts), owner: 'asg', minHealthy: 1 };
  if (random.chance(0.5)) return [first];
  const second: GroupPlan = { ...drawGroup(random, 'internal', hosts), owner: 'asg', minHealthy: 1, tagged: true };
  return [first, random.chance(0.5) ? second : { ...second, configured: false }];
}

function drawAutoScaling(random: Random, groups: readonly GroupPlan[]): NonNullable<Plan['autoScaling']> {
  const size = groups[0]?.hosts.length ?? 0;
  return {
    minSize: random.chance(0.8) ? random.integer(0, size - 1) : size,
    ...(random.chance(0.05) ? { tagged: random.pick(NOT_OURS) } : {}),
    ...(random.chance(0.15) ? { maxSize: size } : {}),
    ...(random.chance(0.1) ? { hooks: [drawHook(random)] } : {}),
    ...(random.chance(0.2) ? { suspended: ['AZRebalance'] } : {}),
  };
}

function drawHook(random: Random): Hook {
  return { name: 'ready', heartbeatS: random.integer(30, 600), defaultResult: random.pick(['ABANDON', 'CONTINUE']) };
}

function drawGroup(random: Random, name: string, hosts: readonly string[]): GroupPlan {
  return {
    name,
    hosts,
    minHealthy: random.chance(0.3) ? random.integer(1, hosts.length) : 1,
    ...(random.chance(0.05) ? { owner: 'none' as const } : {}),
    ...(random.chance(0.05) ? { tagged: random.pick(NOT_OURS) } : {}),
    attributes: {
      ...(random.chance(0.25) ? drawAttributes(random, hosts.length) : {}),
      ...(random.chance(0.3) ? { 'deregistration_delay.timeout_seconds': String(random.integer(0, 60)) } : {}),
    },
  };
}

/** What the group itself asks for (target group health), over all zones or in each. */
function drawAttributes(random: Random, size: number): Readonly<Record<string, string>> {
  const health = 'target_group_health';
  const action = random.pick(['dns_failover', 'unhealthy_state_routing']);
  const count = random.chance(0.4) ? size : random.integer(1, size);
  return {
    ...(random.chance(0.5) ? { [`${health}.${action}.minimum_healthy_targets.count`]: String(count) } : {}),
    ...(random.chance(0.5) ? { [`${health}.${action}.minimum_healthy_targets.percentage`]: String(random.integer(30, 100)) } : {}),
    ...(random.chance(0.5) ? { 'load_balancing.cross_zone.enabled': 'false' } : {}),
  };
}

function drawHappenings(random: Random, groups: readonly GroupPlan[], minutes: number): Happening[] {
  const happenings: Happening[] = [];
  const minute = () => random.integer(1, minutes - 1);
  for (let incident = random.integer(1, 4); incident > 0; incident--) {
    const id = random.pick(random.pick(groups).hosts);
    const from = random.integer(1, 5);
    happenings.push(random.chance(0.25) ? fails(from, id) : sicken(from, id));
    if (random.chance(0.5)) happenings.push(heal(from + random.integer(1, 8), id));
    if (random.chance(0.3)) happenings.push(sicken(from + random.integer(9, 14), id));
  }
  if (random.chance(0.1)) happenings.push(...drawIdle(random, random.pick(random.pick(groups).hosts)));
  if (random.chance(0.15)) happenings.push(...drawMisread(random, random.pick(random.pick(groups).hosts)));
  happenings.push(...drawLoad(random, random.pick(groups).hosts, minutes));
  const attached = groups.filter((group) => group.owner === 'asg');
  for (const group of groups) happenings.push(...drawOperator(random, group, minute));
  if (attached.length > 0) happenings.push(...drawGroupOfInstances(random, attached[0]?.hosts ?? [], minute));
  if (random.chance(0.15)) happenings.push(everybodySlow(random.integer(6, 9), true), everybodySlow(random.integer(10, 14), false));
  happenings.push(...drawNeglect(random, groups, minute));
  if (random.chance(0.2)) happenings.push(killSwitchSet(minute(), random.pick(['on', 'nonsense'])));
  return happenings.filter(({ atMinute }) => atMinute < minutes).sort((a, b) => a.atMinute - b.atMinute);
}

/**
 * Hosts that are not as the others are: larger and idle, fuller, without requests; and load that
 * comes and goes.
 */
function drawLoad(random: Random, hosts: readonly string[], minutes: number): Happening[] {
  const minute = () => random.integer(0, minutes - 1);
  const happenings: Happening[] = [];
  if (random.chance(0.2)) happenings.push(loaded(0, random.pick(hosts), random.integer(0, 4), 200));
  if (random.chance(0.15))
    for (let more = random.integer(1, 3); more > 0; more--) happenings.push(loaded(minute(), random.pick(hosts), 15));
  if (random.chance(0.15)) {
    const [from, busy] = [minute(), random.integer(12, 19)];
    for (const id of hosts) happenings.push(loaded(from, id, busy), loaded(from + random.integer(2, 6), id, random.integer(4, 8)));
  }
  if (random.chance(0.15)) {
    const [from, id] = [minute(), random.pick(hosts)];
    happenings.push(failsChecks(from, id), failsChecks(from + random.integer(2, 8), id, false));
  }
  return happenings;
}

/** What made it slow goes on without its users: their absence alone makes it answer fast. */
function drawIdle(random: Random, id: string): Happening[] {
  const from = random.integer(1, 4);
  const idleFrom = from + random.integer(3, 6);
  return [sicken(from, id), idle(idleFrom, id), causeEnds(idleFrom + random.integer(2, 9), id)];
}

/**
 * A group is dropped from the configuration, and a scheduled restore is deleted: each may happen
 * without the other.
 */
function drawNeglect(random: Random, groups: readonly GroupPlan[], minute: () => number): Happening[] {
  const [first, second] = groups;
  if (first === undefined) return [];
  const arn = groupArn(first.name);
  const configured = second !== undefined && second.configured !== false;
  const lostAt = minute();
  return [
    ...(random.chance(0.05) ? [rolledBack(minute(), arn)] : []),
    ...(configured && random.chance(0.2) ? [groupDropped(minute(), arn)] : []),
    ...(random.chance(0.15) ? first.hosts.map((id) => scheduledRestoreLost(lostAt, arn, id)) : []),
  ];
}

function drawMisread(random: Random, id: string): Happening[] {
  const from = random.integer(3, 8);
  return [misread(from, id), misread(from + random.integer(3, 10), id, false)];
}

/**
 * One host, or all in a zone (lab/chaos/stage.ts: even numbers are in `a`), are slow to our probes
 * alone.
 */
function drawSlowPath(random: Random, groups: readonly GroupPlan[]): Happening[] {
  const { hosts } = random.pick(groups);
  const one = random.pick(hosts);
  const zone = hosts.filter((id) => Number(id.slice(2)) % 2 === Number(one.slice(2)) % 2);
  const path: ProbePath = random.pick(['syn-loss', 'limiter', 'both']);
  const from = random.integer(2, 8);
  const until = from + random.integer(3, 14);
  return (random.chance(0.2) ? zone : [one]).flatMap((id) => [slowPath(from, id, path), slowPath(until, id, path, false)]);
}

function drawOperator(random: Random, group: GroupPlan, minute: () => number): Happening[] {
  const arn = groupArn(group.name);
  const spare = `i-9${String(random.integer(0, 9_999_999)).padStart(7, '0')}`;
  return [
    ...(random.chance(0.25) ? [operatorRegisters(minute(), arn, random.pick(group.hosts))] : []),
    ...(random.chance(0.25) ? [operatorDeregisters(minute(), arn, random.pick(group.hosts))] : []),
    ...(random.chance(0.15) ? [operatorHolds(minute(), random.pick(group.hosts), random.integer(2, 8))] : []),
    ...(random.chance(0.15) ? [operatorGivesUp(minute(), random.pick(group.hosts))] : []),
    ...(random.chance(0.15) ? [operatorWantsBack(minute(), random.pick(group.hosts))] : []),
    ...(random.chance(0.2) ? drawPower(random, random.pick(group.hosts), minute()) : []),
    ...(group.owner !== 'asg' && random.chance(0.1) ? [terminated(minute(), random.pick(group.hosts))] : []),
    ...(group.owner !== 'asg' && random.chance(0.25) ? [replaced(minute(), arn, random.pick(group.hosts), spare)] : []),
  ];
}

/** Stopped, and started again later or only when all is over. */
function drawPower(random: Random, id: string, atMinute: number): Happening[] {
  return [stopped(atMinute, id), ...(random.chance(0.7) ? [started(atMinute + random.integer(1, 9), id)] : [])];
}

/** What happens to an Auto Scaling group besides: people and deployments at work on it. */
function drawGroupOfInstances(random: Random, hosts: readonly string[], minute: () => number): Happening[] {
  const spare = `i-8${String(random.integer(0, 9_999_999)).padStart(7, '0')}`;
  const refreshAt = minute();
  return [
    ...(random.chance(0.25) ? [operatorExitsStandby(minute(), random.pick(hosts))] : []),
    ...(random.chance(0.25) ? [replacedByItsGroup(minute(), random.pick(hosts), spare)] : []),
    ...(random.chance(0.2) ? [refreshStarts(refreshAt), refreshEnds(refreshAt + random.integer(1, 6))] : []),
    ...(random.chance(0.08) ? [processSuspended(minute(), random.pick(['Terminate', 'ScheduledActions']))] : []),
    ...(random.chance(0.25) ? [scaledBy(minute(), random.pick([1, 1, 2, -1]))] : []),
    ...(random.chance(0.1) ? [maximumLowered(minute())] : []),
  ];
}
