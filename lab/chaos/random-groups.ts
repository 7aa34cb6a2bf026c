/** Target groups and the Auto Scaling group of a drawn plan. */
import type { Hook } from '../world/autoscaling-groups';
import type { Plan } from './happenings';
import { hostNames, type GroupPlan } from './plan';
import type { Random } from './random';

/**
 * What the tag is where the group does not allow this stack to remove: missing, as it was before it
 * named a stack, another stack's name.
 */
const NOT_OURS = [false, 'true', 'Another'] as const;

export function drawGroups(random: Random): GroupPlan[] {
  const size = random.chance(0.1) ? random.integer(20, 26) : random.integer(3, 8);
  const first = drawGroup(random, 'checkout', hostNames(size));
  if (random.chance(0.6)) return [first];
  const from = random.chance(0.5) ? size : size + 1;
  return [first, drawGroup(random, 'search', hostNames(random.integer(3, 6), from))];
}

/** One or two groups of the same hosts, the second one known to the configuration or not. */
export function drawAttachedGroups(random: Random): GroupPlan[] {
  const hosts = hostNames(random.chance(0.1) ? random.integer(20, 26) : random.integer(3, 8));
  const first: GroupPlan = { ...drawGroup(random, 'checkout', hosts), owner: 'asg', minHealthy: 1 };
  if (random.chance(0.5)) return [first];
  const second: GroupPlan = { ...drawGroup(random, 'internal', hosts), owner: 'asg', minHealthy: 1, tagged: true };
  return [first, random.chance(0.5) ? second : { ...second, configured: false }];
}

export function drawAutoScaling(random: Random, groups: readonly GroupPlan[]): NonNullable<Plan['autoScaling']> {
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
