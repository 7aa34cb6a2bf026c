/**
 * A plan with a service of ECS, drawn from a seed: its scheduler's habits, and what happens to it.
 */
import { killSwitchSet } from './base-plans';
import type { Happening, Plan } from './happenings';
import type { GroupPlan, Tagged } from './plan';
import { GOOD_HABITS, SERVICE, type HabitPlan, type ServicePlan } from './plan-service';
import type { Random } from './random';
import {
  deployed,
  hostDrains,
  operatorAsks,
  serviceScaled,
  sickTaskProtected,
  somebodyDeregisters,
  somebodyStops,
  taskHeals,
  taskProtected,
  taskSickens,
} from './service-happenings';

/** Long enough for a drain, a scheduled stop, its retries and the verification. */
const CALM_MINUTES = 90;

/** Half of the plans are kind: a replacement is possible, and what comes after it is tried. */
export function drawServicePlan(random: Random): Plan {
  const kind = random.chance(0.5);
  const service = drawService(random, kind);
  const minutes = random.integer(12, 24);
  return {
    name: 'drawn-service',
    groups: [drawGroup(random, service, kind)],
    service,
    minutes,
    calmMinutes: CALM_MINUTES,
    poolInUse: kind ? 5 : random.integer(4, 12),
    happenings: drawHappenings(random, service, minutes, kind),
    client: random.pick(['admitted', 'admitted', 'admitted', 'refused', 'none']),
    metricsLateS: random.integer(60, 180),
    elb: { listsDrainedMs: random.pick([0, 0, 20_000, 90_000]), showsInstanceZones: random.chance(0.2) },
    ...(random.chance(0.2) ? { secondProber: true as const } : {}),
    ...(!kind && random.chance(0.1) ? { mode: 'observe' as const } : {}),
    ...(random.chance(0.1) ? { goneFromMinute: random.integer(4, minutes) } : {}),
  };
}

function drawGroup(random: Random, { desired }: ServicePlan, kind: boolean): GroupPlan {
  return {
    name: SERVICE,
    owner: 'ecs',
    hosts: [],
    minHealthy: kind ? 1 : random.integer(1, desired),
    attributes: { 'deregistration_delay.timeout_seconds': String(random.pick([0, 30, 60, 120, 300])) },
    ...(kind ? {} : drawTagged(random)),
  };
}

function drawTagged(random: Random): { readonly tagged?: Tagged } {
  return random.chance(0.1) ? { tagged: random.pick([false, 'true', 'Another'] as const) } : {};
}

function drawService(random: Random, kind: boolean): ServicePlan {
  const launchType = random.pick(['EC2', 'EC2', 'FARGATE'] as const);
  return {
    launchType,
    networkMode: launchType === 'FARGATE' ? 'awsvpc' : random.pick(['awsvpc', 'bridge'] as const),
    desired: kind ? random.integer(4, 8) : random.integer(2, 10),
    minimumHealthyPercent: kind ? 50 : random.pick([0, 50, 75, 90, 100]),
    maximumPercent: random.pick([100, 125, 150, 200]),
    ...(random.chance(0.3) ? { circuitBreaker: true as const } : {}),
    habits: drawHabits(random, kind),
    ...(kind ? {} : drawTagged(random)),
  };
}

function drawHabits(random: Random, kind: boolean): HabitPlan {
  const late = random.integer(20_000, 400_000);
  return {
    ...GOOD_HABITS,
    registersAgainMs: random.pick([[0, 0], [0, 0], [0, late], [late, 2 * late], 'never'] as const),
    replacesAfterMs: random.pick([
      [0, 10_000],
      [0, 10_000],
      [0, 120_000],
      [60_000, 600_000],
    ] as const),
    startsInMs: random.pick([
      [10_000, 30_000],
      [30_000, 120_000],
    ] as const),
    endsInMs: random.pick([
      [1_000, 5_000],
      [5_000, 120_000],
    ] as const),
    deregistersLateMs: random.pick([0, 3_000, 30_000]),
    placementFails: random.pick(kind ? [0, 0, 0.3] : [0, 0.3, 0.9]),
    startFails: random.pick(kind ? [0, 0, 0.2] : [0, 0.2, 0.6]),
    reusesAddresses: random.pick([0, 0.5, 1]),
    startsSick: random.pick(kind ? [0, 0, 0.3, 1] : [0, 0.3, 1]),
  };
}

function drawHappenings(random: Random, { desired, launchType }: ServicePlan, minutes: number, kind: boolean): Happening[] {
  const often = kind ? 0.5 : 1;
  const minute = () => random.integer(1, minutes - 1);
  const nth = () => random.integer(0, desired - 1);
  const maybe = (chance: number, ...happenings: Happening[]): Happening[] => (random.chance(chance * often) ? happenings : []);
  const sick = nth();
  const from = random.integer(1, 4);
  const all = [
    taskSickens(from, sick),
    ...maybe(0.3, taskHeals(from + random.integer(1, 8), sick)),
    ...maybe(0.3, taskSickens(minute(), nth())),
    ...maybe(0.2, taskSickens(minute(), nth()), taskSickens(minute(), nth())),
    ...maybe(0.25, sickTaskProtected(minute(), random.pick([1, 3, 10, 120]))),
    ...maybe(0.2, taskProtected(minute(), nth(), random.pick([2, 10]))),
    ...maybe(0.3, deployed(minute())),
    ...maybe(0.1, deployed(minute())),
    ...maybe(0.25, serviceScaled(minute(), random.pick([-2, -1, 1, 2]))),
    ...maybe(0.2, somebodyStops(minute(), nth())),
    ...maybe(0.2, somebodyDeregisters(minute(), nth())),
    ...maybe(launchType === 'EC2' ? 0.25 : 0, ...drainedAndBack(random, desired, minute())),
    ...maybe(0.15, operatorAsks(minute(), nth(), 'hold')),
    ...maybe(0.15, operatorAsks(minute(), sick, 'restore')),
    ...maybe(0.15, operatorAsks(minute(), sick, 'give-up')),
    ...maybe(0.2, killSwitchSet(minute(), random.pick(['on', 'nonsense']))),
  ];
  return all.filter(({ atMinute }) => atMinute < minutes).sort((a, b) => a.atMinute - b.atMinute);
}

function drainedAndBack(random: Random, hosts: number, atMinute: number): Happening[] {
  const number = random.integer(1, hosts);
  return [hostDrains(atMinute, number), hostDrains(atMinute + random.integer(2, 8), number, 'ACTIVE')];
}
