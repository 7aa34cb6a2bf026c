import { PRIOR_BAD_RATE, PRIOR_DISTURBANCE } from './parameters';
import { median } from './quantiles';
import type { Reading } from './reading';
import type { RoundSummary, TargetSummary } from './summary';

/** How often healthy targets of this fleet are disturbed, each with a weak prior, without the target's own newest rounds. */
export interface Nuisance {
  /** Usual fraction of bad samples. */
  readonly badRate: number;
  /** Chance a round that slow samples come in a burst, that errors do, that the level jumps. */
  readonly burst: number;
  readonly hardBurst: number;
  readonly jump: number;
}

interface Counts {
  bad: number;
  n: number;
  burst: number;
  hardBurst: number;
  jump: number;
  rounds: number;
}

/** Own rounds that may be the fault itself. */
const OWN_NEWEST = 8;
const MIN_BAD = 0.002;
const MAX_BAD = 0.3;

/** Learns the nuisance rates of each reading's fleet; in the order of the readings. */
export function learnNuisance(readings: readonly Reading[], rounds: readonly RoundSummary[]): Nuisance[] {
  const learned = rounds.map((round) => round.fleet !== 'shared' && round.fleet !== 'shared-zone' && round.fleet !== 'blind');
  const fleet = noCounts();
  rounds.forEach((round, i) => {
    if (learned[i]) for (const summary of round.targets) count(fleet, summary);
  });
  const samples = median(readings.map((reading) => reading.n)) ?? 0;
  return readings.map((reading) => rates(fleet, ownCounts(reading, learned), samples));
}

function ownCounts(reading: Reading, learned: readonly boolean[]): Counts {
  const own = noCounts();
  reading.past.slice(0, OWN_NEWEST).forEach((summary, i) => {
    if (summary !== undefined && learned[i]) count(own, summary);
  });
  return own;
}

function noCounts(): Counts {
  return { bad: 0, n: 0, burst: 0, hardBurst: 0, jump: 0, rounds: 0 };
}

function count(counts: Counts, summary: TargetSummary): void {
  if (summary.cold || summary.out) return;
  counts.bad += summary.bad;
  counts.n += summary.n;
  counts.burst += summary.bad * 2 >= summary.n ? 1 : 0;
  counts.hardBurst += summary.hard * 2 >= summary.n ? 1 : 0;
  counts.jump += summary.jumped ? 1 : 0;
  counts.rounds += 1;
}

function rates(fleet: Counts, own: Counts, samples: number): Nuisance {
  const { weight } = PRIOR_DISTURBANCE;
  const rounds = fleet.rounds - own.rounds + weight;
  const burst = fleet.burst - own.burst;
  const bad = fleet.bad - own.bad - 0.7 * samples * burst + PRIOR_BAD_RATE.rate * PRIOR_BAD_RATE.weight;
  const badRate = bad / (fleet.n - own.n + PRIOR_BAD_RATE.weight);
  return {
    badRate: Math.min(MAX_BAD, Math.max(MIN_BAD, badRate)),
    burst: (burst + PRIOR_DISTURBANCE.burst * weight) / rounds,
    hardBurst: (fleet.hardBurst - own.hardBurst + PRIOR_DISTURBANCE.hardBurst * weight) / rounds,
    jump: (fleet.jump - own.jump + PRIOR_DISTURBANCE.jump * weight) / rounds,
  };
}
