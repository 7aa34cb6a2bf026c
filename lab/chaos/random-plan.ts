/** A plan, drawn from a seed: groups that share hosts or not, incidents and operators. */
import { groupDeleted, sicken, takenOver } from './base-plans';
import type { Plan } from './happenings';
import { groupArn, LOG_DELIVERIES, type GroupPlan } from './plan';
import { Random } from './random';
import { drawChaos, drawLateness } from './random-faults';
import { drawServicePlan } from './random-service';
import type { RunOptions } from './run';
import type { Chaos } from './chaos';
import { drawGroups, drawAttachedGroups, drawAutoScaling } from './random-groups';
import { drawHappenings, drawSlowPath } from './random-happenings';

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

/** The run of a seed, with groups behind Network Load Balancers. */
export function drawWithNetwork(seed: number): Draw {
  const { plan: drawn, chaos, options } = draw(seed);
  return { plan: drawNetwork(new Random(seed + 9 * APART), drawn), chaos, options };
}

/**
 * Draws that came later have numbers of their own, so that a seed goes on meaning the run that it
 * meant.
 */
const APART = 7_919;

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

/**
 * Most groups are behind a Network Load Balancer of their own, and may be acted on there; what is
 * left besides is behind the Application Load Balancer, with the same hosts or others.
 */
function drawNetwork(random: Random, plan: Plan): Plan {
  const groups = plan.groups.map(({ addresses: _addresses, ...group }, index): GroupPlan => {
    if (index > 0 && random.chance(0.3)) return group;
    const crossZone = random.chance(0.7) ? { 'load_balancing.cross_zone.enabled': 'true' } : {};
    return {
      ...group,
      protocol: 'TCP',
      ...(random.chance(0.9) ? { nlb: 'act' as const } : {}),
      attributes: { ...group.attributes, ...crossZone },
    };
  });
  // CloudWatch has no response times there: without one of the others there is no second view.
  return { ...plan, groups, ...(random.chance(0.5) ? { client: 'admitted' as const, secondProber: true as const } : {}) };
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
