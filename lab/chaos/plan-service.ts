/** The service of ECS that a plan may have, and how its scheduler behaves. */
import type { EcsHabits, EcsServiceSpec, LaunchType, TaskDefinitionSpec } from '../world/ecs-records';
import type { World } from '../world/world';
import type { Random } from './random';

export const CLUSTER = 'shop';
export const SERVICE = 'checkout';

/** The scheduler of the plans looks four times a minute: more often changes nothing in a run. */
const LOOKS_EVERY_MS = 15_000;

export interface ServicePlan {
  readonly launchType: LaunchType;
  /** `bridge`: the targets are ports of container hosts; `awsvpc`: addresses. */
  readonly networkMode: TaskDefinitionSpec['networkMode'];
  readonly desired: number;
  readonly minimumHealthyPercent: number;
  readonly maximumPercent: number;
  readonly circuitBreaker?: true;
  /** As of a group: whether it allows this stack to replace its tasks. */
  readonly tagged?: boolean | string;
  readonly habits: HabitPlan;
}

/** Habits as numbers, so that a plan can be told; the stage draws from them. */
export interface HabitPlan {
  /** How soon what was deregistered is registered again, ms. */
  readonly registersAgainMs: readonly [number, number] | 'never';
  readonly replacesAfterMs: readonly [number, number];
  readonly startsInMs: readonly [number, number];
  readonly endsInMs: readonly [number, number];
  readonly deregistersLateMs: number;
  /** Of each attempt. */
  readonly placementFails: number;
  readonly startFails: number;
  readonly reusesAddresses: number;
  /** Of each new task: it is as sick as the one before. */
  readonly startsSick: number;
}

export const GOOD_HABITS: HabitPlan = {
  registersAgainMs: [0, 0],
  replacesAfterMs: [0, 10_000],
  startsInMs: [10_000, 20_000],
  endsInMs: [1_000, 5_000],
  deregistersLateMs: 3_000,
  placementFails: 0,
  startFails: 0,
  reusesAddresses: 0,
  startsSick: 0,
};

/** @param isCalm from now on nothing goes wrong any more */
export function habitsOf({ habits }: ServicePlan, random: Random, isCalm: () => boolean): EcsHabits {
  const between = ([least, most]: readonly [number, number]): number => random.integer(least, most);
  return {
    everyMs: LOOKS_EVERY_MS,
    registersAgainMs: () => (habits.registersAgainMs === 'never' ? 'never' : between(habits.registersAgainMs)),
    replacesAfterMs: () => between(habits.replacesAfterMs),
    placementFails: () => !isCalm() && random.chance(habits.placementFails),
    startsInMs: () => between(habits.startsInMs),
    startFails: () => !isCalm() && random.chance(habits.startFails),
    endsInMs: () => between(habits.endsInMs),
    deregistersLateMs: () => habits.deregistersLateMs,
    reusesAddresses: () => random.chance(habits.reusesAddresses),
    picks: (count) => random.integer(0, count - 1),
  };
}

/**
 * What the configuration says of it. Whether the others carry the load nobody can read of tasks
 * with addresses of their own: what one can serve is declared.
 */
export function declaredService(service: ServicePlan | undefined): object {
  const ecs = { cluster: CLUSTER, service: SERVICE };
  return service?.networkMode === 'awsvpc' ? { ecs, capacity: { requestsPerSecondPerTarget: 10 } } : { ecs };
}

const HOSTS_PER_TASK = 1;

/** The cluster, its container hosts and the service at rest. */
export function setUpService(
  world: World,
  service: ServicePlan,
  targetGroupArn: string,
  tags: Readonly<Record<string, string>>,
  port: number,
): void {
  world.ecs.addCluster(CLUSTER);
  const hosts = service.launchType === 'EC2' ? service.desired * HOSTS_PER_TASK + 1 : 0;
  for (let number = 1; number <= hosts; number++) {
    const id = hostName(number);
    world.instances.add({ id, address: `10.1.0.${number}`, zone: number % 2 === 0 ? 'a' : 'b' });
    world.ecs.addContainerInstance(CLUSTER, id);
  }
  world.ecs.addSettledService(serviceSpec(service, targetGroupArn, tags, port));
}

export function hostName(number: number): string {
  return `i-c${String(number).padStart(7, '0')}`;
}

function serviceSpec(service: ServicePlan, targetGroupArn: string, tags: Readonly<Record<string, string>>, port: number): EcsServiceSpec {
  const { launchType, networkMode, desired, minimumHealthyPercent, maximumPercent, circuitBreaker } = service;
  return {
    cluster: CLUSTER,
    name: SERVICE,
    launchType,
    desiredCount: desired,
    minimumHealthyPercent,
    maximumPercent,
    taskDefinition: { family: SERVICE, revision: 1, containerName: 'web', containerPort: port, networkMode },
    targetGroupArns: [targetGroupArn],
    tags,
    ...(circuitBreaker === undefined ? {} : { circuitBreaker: { enable: true, rollback: true } }),
  };
}
