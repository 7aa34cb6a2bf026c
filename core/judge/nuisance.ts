import type { Position, Reading } from './compare';
import { lnBinomialTail, median } from './math';
import {
  BAD_IN_A_BURST,
  LIFT_PRIOR_SAMPLES,
  LIFTING_PART,
  LN_NOTICEABLE,
  OWN_ROUNDS_LEFT_OUT,
  PRIOR_BAD_RATE,
  PRIOR_DISTURBANCE,
  PRIOR_FAILURE_RATE,
  PRIOR_SPREAD,
} from './parameters';
import type { RoundSummary, TargetSummary } from './record';

/**
 * How often healthy targets of this fleet are disturbed, each with a weak prior, without the
 * target's own newest rounds.
 */
export interface Nuisance {
  /** Usual fraction of bad samples, of the fleet. */
  readonly badRate: number;
  /** How much the samples of one round are bad together, 0 to 1. */
  readonly spread: number;
  /** Usual fraction of failures. */
  readonly failureRate: number;
  /**
   * Chance a round that slow samples come in a burst, that errors do, that the level jumps beyond
   * the material.
   */
  readonly burst: number;
  readonly failureBurst: number;
  readonly jump: number;
  /**
   * Chance that slow requests, of which the others have as many now, make up so much of a round
   * that its level is where it is; 0 where that does not stand out.
   */
  readonly lift: number;
}

interface Counts {
  bad: number;
  failed: number;
  n: number;
  burst: number;
  failureBurst: number;
  jump: number;
  rounds: number;
  /** Over rounds that are no bursts: sums of bad^2, of n x bad, of n^2 and of n. */
  squares: number;
  products: number;
  pairs: number;
  samples: number;
}

/**
 * The nuisance rates that each of the targets is held against, learned from all of them; in their
 * order.
 */
export function learnNuisance(targets: readonly Summarised[], rounds: readonly RoundSummary[]): Nuisance[] {
  const learned = rounds.map(({ fleet }) => fleet === 'none' || fleet === 'suspect' || fleet === 'convicted');
  const fleet = noCounts();
  const counted = targets.map((target) => countTarget(target, learned, fleet));
  const samples = median(targets.map(({ now }) => now.n)) ?? 0;
  return targets.map((target, i) => rates(fleet, counted[i] ?? noCounts(), samples, liftOf(target, targets)));
}

/**
 * What a level is moved by with no cause of its own: the binomial chance that half of a round's
 * requests are as far above as it is, at the rate at which the others' are so far above their own
 * levels in this round.
 */
function liftOf({ position }: Summarised, all: readonly Summarised[]): number {
  const { reading, residual } = position;
  if (residual === undefined || residual < LN_NOTICEABLE) return 0;
  let slow = PRIOR_BAD_RATE.rate * LIFT_PRIOR_SAMPLES;
  let n = LIFT_PRIOR_SAMPLES;
  for (const { position: other } of all) {
    if (other === position) continue;
    slow += samplesAbove(other.reading, residual);
    n += other.reading.ys.length;
  }
  return Math.exp(lnBinomialTail(Math.ceil(LIFTING_PART * reading.n), reading.n, slow / n));
}

/** How many samples are further above their target's level; they are sorted. */
function samplesAbove({ ys, level }: Reading, excess: number): number {
  if (level === undefined) return 0;
  let first = ys.length;
  while ((ys[first - 1] ?? -Infinity) > level + excess) first -= 1;
  return ys.length - first;
}

/** A target's earlier rounds, and its summary of this one. */
interface Summarised {
  readonly position: Position;
  readonly now: TargetSummary;
}

function noCounts(): Counts {
  return { bad: 0, failed: 0, n: 0, burst: 0, failureBurst: 0, jump: 0, rounds: 0, squares: 0, products: 0, pairs: 0, samples: 0 };
}

/** Adds a target's history to the fleet's counts, and returns what its newest rounds added. */
function countTarget({ position, now }: Summarised, learned: readonly boolean[], fleet: Counts): Counts {
  const own = noCounts();
  const { past } = position.reading;
  let newer: TargetSummary | undefined = now;
  for (let i = 0; i < past.length; i++) {
    const summary = past[i];
    if (summary !== undefined && learned[i] === true && !summary.cold && !summary.out && !summary.sick) {
      count(fleet, summary, newer);
      if (i < OWN_ROUNDS_LEFT_OUT) count(own, summary, newer);
    }
    newer = summary;
  }
  return own;
}

/**
 * A disturbance is counted in its last round: one that still goes on may be a fault, and says
 * nothing about healthy targets.
 */
function count(counts: Counts, summary: TargetSummary, newer: TargetSummary | undefined): void {
  const { bad, failed, n } = summary;
  const isBurst = bad * 2 >= n;
  counts.bad += bad;
  counts.failed += failed;
  counts.n += n;
  counts.rounds += 1;
  if (isBurst && !(newer !== undefined && newer.bad * 2 >= newer.n)) counts.burst += 1;
  if (failed * 2 >= n && !(newer !== undefined && newer.failed * 2 >= newer.n)) counts.failureBurst += 1;
  if (summary.jumped && newer?.jumped !== true) counts.jump += 1;
  if (isBurst) return;
  counts.squares += bad * bad;
  counts.products += n * bad;
  counts.pairs += n * n;
  counts.samples += n;
}

/** Posterior means of the rates; the samples of bursts are taken out of the usual rates. */
function rates(fleet: Counts, own: Counts, samples: number, lift: number): Nuisance {
  const { weight, least } = PRIOR_DISTURBANCE;
  const rounds = fleet.rounds - own.rounds + weight;
  const chance = (seen: number, prior: number): number => Math.max(least, (seen + prior * weight) / rounds);
  const n = fleet.n - own.n;
  const burst = fleet.burst - own.burst;
  const failureBurst = fleet.failureBurst - own.failureBurst;
  const badRate = usualRate(fleet.bad - own.bad - BAD_IN_A_BURST * samples * burst, n, PRIOR_BAD_RATE);
  return {
    badRate,
    spread: spreadOf(fleet, own, badRate),
    failureRate: usualRate(fleet.failed - own.failed - BAD_IN_A_BURST * samples * failureBurst, n, PRIOR_FAILURE_RATE),
    burst: chance(burst, PRIOR_DISTURBANCE.burst),
    failureBurst: chance(failureBurst, PRIOR_DISTURBANCE.failureBurst),
    jump: chance(fleet.jump - own.jump, PRIOR_DISTURBANCE.jump),
    lift,
  };
}

function usualRate(bad: number, n: number, prior: typeof PRIOR_BAD_RATE | typeof PRIOR_FAILURE_RATE): number {
  return Math.min(prior.most, Math.max(prior.least, (bad + prior.rate * prior.weight) / (n + prior.weight)));
}

/**
 * Correlation of the samples of one round, by moments: the variance of the bad counts is n p (1-p)
 * (1 + (n-1) spread) (Williams 1982, Applied Statistics 31), with a weak prior.
 */
function spreadOf(fleet: Counts, own: Counts, rate: number): number {
  const pairs = fleet.pairs - own.pairs;
  const samples = fleet.samples - own.samples;
  const variance = rate * (1 - rate);
  const excess = fleet.squares - own.squares - 2 * rate * (fleet.products - own.products) + rate * rate * pairs - variance * samples;
  const { spread, weight, most } = PRIOR_SPREAD;
  return Math.min(most, Math.max(0, (spread * weight + excess) / (weight + variance * (pairs - samples))));
}
