import type { EcsHabits, EcsServiceSpec, TaskRecord } from '../../lab/world/ecs-records';
import { targetOf } from '../../lab/world/ecs-targets';
import type { World } from '../../lab/world/world';

export const CLUSTER = 'shop';
export const SERVICE = 'checkout';
export const SUBNETS = [
  { subnetId: 'subnet-a', zone: 'us-east-1a' },
  { subnetId: 'subnet-b', zone: 'us-east-1b' },
];
export const CONTAINER_PORT = 8080;

export const WEB = { family: 'checkout', revision: 7, containerName: 'web', containerPort: CONTAINER_PORT, networkMode: 'awsvpc' } as const;

/** The settings of a world in which a service may have these habits. */
export function ecsSettings(habits: Partial<EcsHabits> = {}) {
  return { ecs: { subnets: SUBNETS, habits } };
}

/** A group behind a load balancer, and a service of four tasks in it, at rest and healthy. */
export function fargateService(world: World, spec: Partial<EcsServiceSpec> = {}): string {
  const groupArn = groupOf(world, 'ip');
  world.ecs.addCluster(CLUSTER);
  const service = { cluster: CLUSTER, name: SERVICE, launchType: 'FARGATE', desiredCount: 4, taskDefinition: WEB } as const;
  world.ecs.addSettledService({ ...service, targetGroupArns: [groupArn], ...spec });
  passChecks(world, groupArn);
  return groupArn;
}

/** The same on two container hosts, with ports of theirs. */
export function bridgeService(world: World, spec: Partial<EcsServiceSpec> = {}): string {
  const groupArn = groupOf(world, 'instance');
  world.ecs.addCluster(CLUSTER);
  for (const [index, { zone }] of SUBNETS.entries()) {
    world.instances.add({ id: `i-host${index}`, address: `10.0.0.${10 + index}`, zone });
    world.ecs.addContainerInstance(CLUSTER, `i-host${index}`);
  }
  const taskDefinition = { ...WEB, networkMode: 'bridge' } as const;
  const service = { cluster: CLUSTER, name: SERVICE, launchType: 'EC2', desiredCount: 4, taskDefinition } as const;
  world.ecs.addSettledService({ ...service, targetGroupArns: [groupArn], ...spec });
  passChecks(world, groupArn);
  return groupArn;
}

/** The load balancer's health check passes wherever it is sent. */
export function passChecks(world: World, groupArn: string, but: readonly string[] = []): void {
  for (const { id, port } of world.elb.checkable(groupArn))
    for (let times = 0; times < 5; times++) world.elb.reportHealthCheck(groupArn, { id, port }, !but.includes(id));
}

export function tasksOf(world: World): TaskRecord[] {
  return world.ecs.liveTasks(CLUSTER, SERVICE);
}

export function stateOf(world: World, groupArn: string, task: TaskRecord): string | undefined {
  const { Id, Port } = targetOf(task);
  const described = world.elb.describeTargetHealth({ TargetGroupArn: groupArn }).TargetHealthDescriptions ?? [];
  return described.find(({ Target }) => Target?.Id === Id && Target?.Port === Port)?.TargetHealth?.State;
}

export function deregister(world: World, groupArn: string, task: TaskRecord): void {
  const { Id, Port } = targetOf(task);
  world.elb.deregisterTargets({ TargetGroupArn: groupArn, Targets: [{ Id, Port }] });
}

function groupOf(world: World, targetType: 'ip' | 'instance'): string {
  const attributes = { 'deregistration_delay.timeout_seconds': '60' };
  const groupArn = world.elb.addTargetGroup({ name: 'checkout', port: CONTAINER_PORT, targetType, attributes });
  const loadBalancerArn = world.elb.addLoadBalancer({ name: 'front', zones: SUBNETS.map(({ zone }) => zone) });
  world.elb.addListener({ loadBalancerArn, port: 80, forwardTo: [groupArn] });
  return groupArn;
}
