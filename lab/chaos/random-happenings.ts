/** What happens in a drawn plan: incidents, load, operators and neglect. */
import {
  causeEnds,
  everybodySlow,
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
  terminated,
  slowPath,
  scheduledRestoreLost,
} from './base-plans';
import type { ProbePath } from './fleet';
import type { Happening } from './happenings';
import { groupArn, type GroupPlan } from './plan';
import type { Random } from './random';

export function drawHappenings(random: Random, groups: readonly GroupPlan[], minutes: number): Happening[] {
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
export function drawSlowPath(random: Random, groups: readonly GroupPlan[]): Happening[] {
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
