/** The faults of a run, drawn from a seed: everything that may go wrong with a call. */
import type { Call, Fault } from './invocation';
import type { Happening, Plan } from './happenings';
import { DELIVERY_MS, groupArn } from './plan';
import { killSwitchSet } from './base-plans';
import type { Random } from './random';
import { deployed, serviceScaled, sickTaskProtected, sickTaskStopped } from './service-happenings';
import type { Chaos } from './chaos';

const RATES: readonly (readonly [Fault, number])[] = [
  ['crash-before', 0.006],
  ['crash-after', 0.006],
  ['throttled', 0.015],
  ['timeout-after', 0.015],
  ['hang', 0.002],
  ['slow', 0.004],
];

const HEALTH_RATES: readonly (readonly [Fault, number])[] = [
  ['stale', 0.1],
  ['empty', 0.04],
];

/** Run Command is refused, or nobody answers: what was read before is all there is. */
const INSPECTION_RATES: readonly (readonly [Fault, number])[] = [['throttled', 0.15]];

const MEMBER_RATES: readonly (readonly [Fault, number])[] = [
  ['empty', 0.03],
  ['stale', 0.1],
];

const INSTANCE_RATES: readonly (readonly [Fault, number])[] = [['empty', 0.03]];

const GROUP_RATES: readonly (readonly [Fault, number])[] = [['stale', 0.1]];

/** The call succeeds, and says that EventBridge did not take the event. */
const EVENT_RATES: readonly (readonly [Fault, number])[] = [['empty', 0.05]];

/** Old answers, or none of what was asked for. */
const SERVICE_RATES: readonly (readonly [Fault, number])[] = [
  ['stale', 0.05],
  ['empty', 0.02],
];

const PROTECTION_RATES: readonly (readonly [Fault, number])[] = [
  ['stale', 0.03],
  ['empty', 0.03],
];

const RATES_OF: Readonly<Record<string, typeof RATES>> = {
  DescribeTargetHealth: HEALTH_RATES,
  'hosts.inspect': INSPECTION_RATES,
  DescribeAutoScalingInstances: MEMBER_RATES,
  DescribeInstances: INSTANCE_RATES,
  DescribeNetworkInterfaces: INSTANCE_RATES,
  DescribeAutoScalingGroups: GROUP_RATES,
  PutEvents: EVENT_RATES,
  DescribeServices: SERVICE_RATES,
  ListTasks: SERVICE_RATES,
  DescribeTasks: SERVICE_RATES,
  GetTaskProtection: PROTECTION_RATES,
};

/** What goes wrong with calls, schedules and clocks in a run of this plan. */
export function drawChaos(random: Random, plan: Plan): Chaos {
  const skewed = random.chance(0.3);
  const refused = random.chance(0.3);
  const harsh = random.pick([0, 1, 1, 3]);
  const meddledCall = random.chance(0.4) ? random.integer(20, 300) : 0;
  const meddle = drawMeddling(random, plan);
  const ancientAt = drawAncient(random);
  return {
    faultAt: (call) => (ancientAt(call) ? 'ancient' : drawFault(random, call, harsh)),
    meddle: (call, stage) => {
      if (call.number === meddledCall) meddle(stage);
    },
    skewMs: () => (skewed ? random.integer(-30_000, 30_000) : 0),
    scheduleLateMs: () => random.integer(0, 60_000),
    ...(random.chance(0.5) ? { alarmAfterMs: () => random.integer(8_000, 25_000) } : {}),
    ...(random.chance(0.4) ? { deliveryMs: () => random.integer(0, DELIVERY_MS), retriesDeleted: () => random.chance(0.5) } : {}),
    wakesTwice: () => random.chance(0.15),
    ...(refused ? { refuseScheduledRestore: () => random.chance(0.5) } : {}),
  };
}

function drawFault(random: Random, call: Call, harsh: number): Fault | undefined {
  const rates = [...RATES, ...(RATES_OF[call.name] ?? [])];
  let chance = random.next();
  for (const [fault, rate] of rates) {
    chance -= rate * harsh;
    if (chance < 0) return fault;
  }
  return undefined;
}

/**
 * One read of target health in a whole run that is older than every bound. Two in a row nobody
 * could tell from the truth.
 */
function drawAncient(random: Random): (call: Call) => boolean {
  const nth = random.chance(0.4) ? random.integer(10, 90) : 0;
  let reads = 0;
  return ({ name }) => name === 'DescribeTargetHealth' && ++reads === nth;
}

/** Somebody acts between two calls of a run. */
function drawMeddling(random: Random, plan: Plan): NonNullable<Happening['happen']> {
  const group = random.pick(plan.groups);
  if (plan.service !== undefined) return drawMeddlingWithService(random);
  const id = random.pick(group.hosts);
  return random.chance(0.5) ? (stage) => stage.setKillSwitch('on') : (stage) => stage.deregister(groupArn(group.name), id);
}

function drawMeddlingWithService(random: Random): NonNullable<Happening['happen']> {
  const { happen } = random.pick([killSwitchSet(0, 'on'), deployed(0), sickTaskProtected(0, 10), serviceScaled(0, -1), sickTaskStopped(0)]);
  return happen;
}

/** Scheduler fires anywhere in the minute, and now and then a sweep does not come at all. */
export function drawLateness(random: Random): () => number | undefined {
  const loss = random.pick([0, 0.05, 0.2]);
  return () => (random.chance(loss) ? undefined : random.integer(0, 30_000));
}
