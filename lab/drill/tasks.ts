/** The service of ECS of the scenes in which tasks serve: its scheduler, and how it comes up. */
import type { EcsSettings } from '../world/ecs-control';
import type { World } from '../world/world';
import type { Fleet } from '../fleet/fleet';
import { SHOP_PORT } from '../fleet/hosts';
import type { TaskFleet } from '../fleet/tasks';
import { GROUP_ARN, SERVICE, STACK } from './config';
import { subnetOf } from './network';
import type { Phases } from './phases';

const TASKS = 4;
const STOP_TIMEOUT_S = 2;
const FIRST_ADDRESS = 30;
const ZONES = ['us-east-1a', 'us-east-1b'];

/**
 * It does not register again what Sickbay deregistered: where it does so at once, as users report,
 * Sickbay gives up after three times (chaos plays that).
 */
export function ecsSettings(runtime: TaskFleet): EcsSettings {
  return {
    runtime,
    habits: {
      everyMs: 1_000,
      startsInMs: () => 500,
      replacesAfterMs: () => 1_000,
      deregistersLateMs: () => 500,
      registersAgainMs: () => 'never',
    },
    addressOf: (index) => `10.0.1.${FIRST_ADDRESS + index}`,
    subnets: ZONES.map((zone) => ({ zone, subnetId: subnetOf(zone) ?? '' })),
  };
}

const TASK_DEFINITION = {
  family: 'checkout',
  revision: 7,
  containerName: 'web',
  containerPort: SHOP_PORT,
  networkMode: 'awsvpc',
  stopTimeoutS: STOP_TIMEOUT_S,
} as const;

/** The cluster with its container hosts, and the service, whose tasks begin to start. */
export function startService(world: World, fleet: Fleet): void {
  const launchType = fleet.containerHosts.length === 0 ? 'FARGATE' : 'EC2';
  world.ecs.addCluster(SERVICE.cluster);
  for (const { instanceId } of fleet.containerHosts) world.ecs.addContainerInstance(SERVICE.cluster, instanceId);
  world.ecs.addService({
    cluster: SERVICE.cluster,
    name: SERVICE.service,
    launchType,
    desiredCount: TASKS,
    minimumHealthyPercent: 50,
    targetGroupArns: [GROUP_ARN],
    tags: { 'sickbay:enforce': STACK },
    taskDefinition: TASK_DEFINITION,
  });
}

/** Waits until all tasks run and the load balancer calls them healthy. */
export async function tasksServe(phases: Phases, world: World): Promise<void> {
  await phases.until(`${TASKS} tasks of the service to be healthy`, 60, async () => {
    const healthy = world.elb.routable(GROUP_ARN).length;
    const { steady } = world.ecs.serviceRecord(SERVICE.cluster, SERVICE.service);
    return healthy === TASKS && steady ? { done: healthy } : { seen: `${healthy} are healthy` };
  });
}

/** The task that serves at an address right now. */
export function taskAt(world: World, address: string): string {
  return world.ecs.holderOf(address, SHOP_PORT)?.arn ?? 'no task';
}
