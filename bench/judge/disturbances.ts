import type { BenignTarget } from './benign-target';
import type { Dice } from './dice';

/** Something that happens to a healthy group. */
export interface Disturbance {
  readonly name: string;
  /** First round in which it is over. */
  readonly until: number;
  readonly level?: (target: BenignTarget, round: number) => number;
  /** The sample's latency with it, or an error in the benchmark's notation. */
  readonly sample?: (target: BenignTarget, ms: number, dice: Dice) => number | string;
}

/** The group that it happens to. */
export interface Disturbed {
  readonly dice: Dice;
  readonly targets: readonly BenignTarget[];
  readonly zones: readonly string[];
  readonly disturbances: Disturbance[];
  version: number;
  addTarget(registered: number, leaves: number): void;
}

/** Rounds of a minute. */
const HOUR = 60;
const DAY = 24 * HOUR;
const ERRORS = ['503@2', '500@4', 'T'];

/**
 * Starts what begins in this round, at rates of an ordinary operation: a rolling deploy every two
 * days, a release that changes the level every week, a restart of one target every five weeks, a
 * scale-out a day, a noisy minute a target and week, a milder noisy spell as often, a slow zone
 * every month, and an overload, a slow part or failing part of all requests every three days each.
 */
export function startDisturbances(fleet: Disturbed, round: number): void {
  const { dice } = fleet;
  const size = fleet.targets.length;
  if (dice.chance(1 / (2 * DAY))) deploy(fleet, round);
  if (dice.chance(1 / (7 * DAY))) release(fleet, round);
  if (dice.chance(1 / DAY)) scaleOut(fleet, round);
  if (dice.chance(size / (35 * DAY))) restart(fleet, dice.pick(fleet.targets), round);
  if (dice.chance(size / (7 * DAY))) noisy(fleet, 'noisy minute', round + 1, Math.log(dice.logUniform(1.6, 4)));
  if (dice.chance(size / (7 * DAY))) noisy(fleet, 'noisy spell', round + dice.integer(2, 10), Math.log(dice.uniform(1.2, 1.45)));
  if (dice.chance(1 / (30 * DAY))) slowZone(fleet, round);
  if (dice.chance(1 / (3 * DAY))) overload(fleet, round);
  if (dice.chance(1 / (3 * DAY))) slowPart(fleet, round);
  if (dice.chance(1 / (3 * DAY))) failingPart(fleet, round);
}

/** In place, one after the other, over minutes; half of the deploys register anew. */
function deploy(fleet: Disturbed, round: number): void {
  const { dice } = fleet;
  const step = Math.max(1, Math.round(fleet.targets.length / 8));
  const anew = dice.chance(0.5);
  fleet.targets.forEach((target, k) => {
    const at = round + Math.floor(k / step);
    fleet.disturbances.push(startAgain(target, at, anew ? 0 : dice.uniform(0.3, 1), dice.uniform(1.5, 4)));
    if (anew) target.registered = at;
  });
}

function restart(fleet: Disturbed, target: BenignTarget, round: number): void {
  fleet.disturbances.push(startAgain(target, round, fleet.dice.uniform(0.3, 1), fleet.dice.uniform(1.5, 4)));
}

/** Refuses a part of one round's connections, then warms up. */
function startAgain(target: BenignTarget, at: number, refusedPart: number, warmUp: number): Disturbance {
  let now = at;
  return {
    name: 'restart',
    until: at + 2,
    level: (other, round) => {
      now = round;
      if (other === target && round === at) Object.assign(target, { started: at, warmUp });
      return 0;
    },
    sample: (other, ms, dice) => (other === target && now === at && dice.chance(refusedPart) ? 'C' : ms),
  };
}

/** A new version changes the level of all, in batches. */
function release(fleet: Disturbed, round: number): void {
  const { dice } = fleet;
  const change = Math.log(dice.logUniform(0.6, 1.8));
  const batches = dice.integer(2, 3);
  const gap = dice.integer(1, 10);
  const affected = [...fleet.targets];
  fleet.version += change;
  fleet.disturbances.push({
    name: 'release',
    until: round + batches * gap,
    level: (target, now) => {
      const batch = Math.floor((affected.indexOf(target) * batches) / affected.length);
      if (affected.includes(target) && now === round + batch * gap) target.release += change;
      return 0;
    },
  });
}

function scaleOut(fleet: Disturbed, round: number): void {
  const { dice } = fleet;
  const count = Math.max(1, Math.round(fleet.targets.length * dice.uniform(0.1, 0.45)));
  if (fleet.targets.length + count > 60) return;
  const leaves = round + dice.integer(HOUR, 10 * HOUR);
  for (let i = 0; i < count; i++) fleet.addTarget(round, leaves);
}

function noisy(fleet: Disturbed, name: string, until: number, level: number): void {
  const noisyTarget = fleet.dice.pick(fleet.targets);
  fleet.disturbances.push({ name, until, level: (target) => (target === noisyTarget ? level : 0) });
}

/**
 * A zone with one target alone is left out: nothing tells such a target from its zone
 * (docs/accuracy.md).
 */
function slowZone(fleet: Disturbed, round: number): void {
  const { dice } = fleet;
  const zone = dice.pick(fleet.zones);
  if (fleet.targets.filter((target) => target.zone === zone).length < 2) return;
  const level = Math.log(dice.logUniform(1.2, 4));
  fleet.disturbances.push({
    name: 'slow zone',
    until: round + dice.integer(3, HOUR),
    level: (target) => (target.zone === zone ? level : 0),
  });
}

/** All are slow, some somewhat more than others, after up to three rounds of rise. */
function overload(fleet: Disturbed, round: number): void {
  const { dice } = fleet;
  const level = Math.log(dice.logUniform(1.4, 6));
  const rise = dice.integer(1, 3);
  const weights = new Map(fleet.targets.map((target) => [target, 1 + dice.normal() * dice.uniform(0.02, 0.1)]));
  fleet.disturbances.push({
    name: 'overload',
    until: round + dice.integer(5, 2 * HOUR),
    level: (target, now) => level * (weights.get(target) ?? 1) * Math.min(1, (now - round + 1) / rise),
  });
}

function slowPart(fleet: Disturbed, round: number): void {
  const part = fleet.dice.uniform(0.05, 0.4);
  const slowMs = fleet.dice.logUniform(60, 1000);
  fleet.disturbances.push({
    name: 'slow part',
    until: round + fleet.dice.integer(3, 40),
    sample: (_, ms, dice) => (dice.chance(part) ? ms + slowMs * dice.uniform(0.6, 1.6) : ms),
  });
}

function failingPart(fleet: Disturbed, round: number): void {
  const part = fleet.dice.uniform(0.03, 0.6);
  fleet.disturbances.push({
    name: 'failing part',
    until: round + fleet.dice.integer(2, 20),
    sample: (_, ms, dice) => (dice.chance(part) ? dice.pick(ERRORS) : ms),
  });
}
