import { PRIOR_BAD_RATE, PRIOR_DISTURBANCE } from './parameters';
import { median } from './quantiles';
import type { Reading } from './reading';
import type { RoundSummary, TargetSummary } from './summary';

/** How often healthy targets of this fleet are disturbed, each with a weak prior, without the target's own newest rounds. */
export interface Nuisance {
  /** Usual fraction of bad samples. */
  readonly badRate: number;
  /** Chance a round that slow samples come in a burst, that errors do, that the level jumps beyond the material. */
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

/** Learns the nuisance rates that each reading is held against; in the order of the readings. */
export function learnNuisance(readings: readonly Reading[], rounds: readonly RoundSummary[]): Nuisance[] {
  const fleet = noCounts();
  for (const round of rounds) if (isLearned(round)) for (const summary of round.targets) count(fleet, summary);
  const samples = median(readings.map((reading) => reading.n)) ?? 0;
  return readings.map((reading) => rates(fleet, ownCounts(reading, rounds), samples));
}

function isLearned(round: RoundSummary): boolean {
  return round.fleet === 'none' || round.fleet === 'suspect' || round.fleet === 'convicted';
}

function ownCounts(reading: Reading, rounds: readonly RoundSummary[]): Counts {
  const own = noCounts();
  reading.past.slice(0, OWN_NEWEST).forEach((summary, i) => {
    const round = rounds[i];
    if (summary !== undefined && round !== undefined && isLearned(round)) count(own, summary);
  });
  return own;
}

function noCounts(): Counts {
  return { bad: 0, n: 0, burst: 0, hardBurst: 0, jump: 0, rounds: 0 };
}

/** Cold targets and targets that are sick say nothing about healthy ones. */
function count(counts: Counts, summary: TargetSummary): void {
  if (summary.cold || summary.out || summary.sick) return;
  counts.bad += summary.bad;
  counts.n += summary.n;
  counts.burst += summary.bad * 2 >= summary.n ? 1 : 0;
  counts.hardBurst += summary.hard * 2 >= summary.n ? 1 : 0;
  counts.jump += summary.jumped ? 1 : 0;
  counts.rounds += 1;
}

/** Posterior means of the rates; the samples of bursts are taken out of the usual bad rate. */
function rates(fleet: Counts, own: Counts, samples: number): Nuisance {
  const { weight, least } = PRIOR_DISTURBANCE;
  const rounds = fleet.rounds - own.rounds + weight;
  const burst = fleet.burst - own.burst;
  const bad = fleet.bad - own.bad - 0.7 * samples * burst + PRIOR_BAD_RATE.rate * PRIOR_BAD_RATE.weight;
  const badRate = bad / (fleet.n - own.n + PRIOR_BAD_RATE.weight);
  const rate = (seen: number, prior: number): number => Math.max(least, (seen + prior * weight) / rounds);
  return {
    badRate: Math.min(PRIOR_BAD_RATE.most, Math.max(PRIOR_BAD_RATE.least, badRate)),
    burst: rate(burst, PRIOR_DISTURBANCE.burst),
    hardBurst: rate(fleet.hardBurst - own.hardBurst, PRIOR_DISTURBANCE.hardBurst),
    jump: rate(fleet.jump - own.jump, PRIOR_DISTURBANCE.jump),
  };
}
