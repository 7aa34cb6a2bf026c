/** A large account in the lab's world: groups of instances behind load balancers, all healthy. */
import type { World } from '../../lab/world/world';

/** Groups behind one load balancer (the quota is 100 a load balancer). */
const GROUPS_PER_BALANCER = 10;
const PORT = 8080;
const ZONES = ['us-east-1a', 'us-east-1b', 'us-east-1c'];

export interface FleetSize {
  readonly groups: number;
  /** In each group. */
  readonly targets: number;
}

/** The tag that selects every group of the fleet. */
export const TAG = { key: 'team', value: 'shop' };

export function instanceId(group: number, target: number): string {
  return `i-${String(group).padStart(8, '0')}${String(target).padStart(8, '0')}`;
}

/** Builds it and returns the ARNs of its groups. */
export function buildFleet(world: World, size: FleetSize): string[] {
  const arns = Array.from({ length: size.groups }, (_, group) => buildGroup(world, group, size.targets));
  for (let first = 0; first < arns.length; first += GROUPS_PER_BALANCER) {
    const loadBalancerArn = world.elb.addLoadBalancer({ name: `lb-${first}`, zones: ZONES });
    arns
      .slice(first, first + GROUPS_PER_BALANCER)
      .forEach((arn, index) => world.elb.addListener({ loadBalancerArn, port: 8000 + index, forwardTo: [arn] }));
  }
  return arns;
}

function buildGroup({ elb, instances }: World, group: number, targets: number): string {
  const arn = elb.addTargetGroup({
    name: `service-${group}`,
    port: PORT,
    healthCheck: { HealthCheckPath: '/health' },
    tags: { [TAG.key]: TAG.value, 'sickbay:enforce': 'Sickbay' },
  });
  const ids = Array.from({ length: targets }, (_, target) => instanceId(group, target));
  ids.forEach((id, target) =>
    instances.add({ id, address: `10.${group >> 8}.${group & 255}.${target}`, zone: ZONES[target % ZONES.length] ?? '' }),
  );
  elb.registerTargets({ TargetGroupArn: arn, Targets: ids.map((Id) => ({ Id })) });
  for (const id of ids) for (let check = 0; check < 5; check++) elb.reportHealthCheck(arn, { id, port: PORT }, true);
  return arn;
}
