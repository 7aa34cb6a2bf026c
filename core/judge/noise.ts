import type { Measured } from './measured';
import type { Position, Reading } from './compare';
import { lnBinomialTail, lowerMedianOfSorted, lowerMedianWithout, median, quantile, robustScale, sorted, type Sorted } from './math';
import {
  BAD_IN_A_BURST,
  CARRY_OVER,
  LEAST_FREEDOM,
  LIFT_PRIOR_SAMPLES,
  LIFTING_PART,
  LN_MATERIAL,
  LN_NOTICEABLE,
  MIN_RESIDUALS,
  MOST_FREEDOM,
  OWN_ROUNDS_LEFT_OUT,
  PRIOR_BAD_RATE,
  PRIOR_DISTURBANCE,
  PRIOR_FAILURE_RATE,
  PRIOR_SPREAD,
  SCALE_AFTER,
  SCALE_AFTER_WHEN_FEW,
  SCALE_FLOOR,
  SCALE_ROUNDS,
  TAIL_MARGIN,
  TAIL_MAX,
  TAIL_MIN,
  USUAL_TAIL_ROUNDS,
  USUAL_WORTH,
} from './parameters';
import type { RoundSummary, TargetSummary } from './record';

/** How much healthy targets differ, in y. */
export interface Scales {
  /** Of a target's residual: the noise it is held against. */
  readonly of: (position: Position) => number;
  /** Of the typical target, in this round, and usually. */
  readonly fleet: number;
  readonly usual: number;
  /** How much the typical target is off what is expected of it, now or usually. */
  readonly spread: number;
  /**
   * The part of it that comes of taking few samples, times the root of their number; larger by what
   * the floor adds to the noise that was measured.
   */
  readonly perSample: (position: Position) => number;
  /** A sample this far above the expected median is slow. */
  readonly slow: (scale: number) => number;
  /** 97th percentile of this round's samples above their own target's level. */
  readonly tailNow: number | undefined;
}

/**
 * The larger of the fleet's usual scale, which has a floor, and that pooled with this round's.
 * Where nothing is usual yet, this round's spread and the sampling error of a median. What comes
 * from this round is taken without the target itself: its sickness must not widen its own measure.
 */
export function measureScales(pool: readonly Position[], all: readonly Position[], rounds: readonly RoundSummary[]): Scales {
  const usual = median(all.flatMap((position) => historicScale(position.reading) ?? [])) ?? pooledScale(all);
  const floor = Math.max(usual > 0 ? SCALE_FLOOR : 2 * SCALE_FLOOR, usual);
  const residuals = sorted(pool.flatMap((position) => (position.residual === undefined ? [] : [Math.abs(position.residual)])));
  const errors = sorted(pool.flatMap((position) => samplingError(position.reading) ?? []));
  const spread = residuals.length >= MIN_RESIDUALS ? 1.4826 * (median(residuals) ?? 0) : 0;
  const error = (median(errors) ?? 0) / Math.sqrt(median(pool.map((position) => position.reading.n)) ?? 1);
  const tailNow = tailOf(pool);
  const usualTail = median(rounds.slice(0, USUAL_TAIL_ROUNDS).flatMap((round) => round.tail ?? [])) ?? tailNow ?? 0;
  return {
    of: (position) =>
      usual > 0
        ? Math.max(floor, pooled(floor, spreadWithout(residuals, position), residuals.length - 1))
        : Math.max(floor, spreadWithout(residuals, position), errorWithout(errors, position.reading)),
    fleet: Math.max(floor, spread, error),
    usual: floor,
    spread: Math.max(floor, spread),
    perSample: (position) =>
      perSampleWithout(errors, position.reading) * (floor / Math.min(floor, usual || spreadWithout(residuals, position) || floor)),
    // One scale more than the tail reaches: where a target lies is not known better, and a tail's
    // part above a limit grows fast as that falls.
    slow: (scale) => Math.min(TAIL_MAX, Math.max(TAIL_MIN, 4 * scale, TAIL_MARGIN * usualTail) + scale),
    tailNow,
  };
}

/** The usual scale and this round's, by their variances, each with its weight. */
function pooled(usual: number, now: number, peers: number): number {
  return Math.sqrt((USUAL_WORTH * usual ** 2 + Math.max(0, peers) * now ** 2) / (USUAL_WORTH + Math.max(0, peers)));
}

function historicScale(reading: Reading): number | undefined {
  const older = usualResiduals(reading, SCALE_AFTER);
  const residuals = older.length >= 6 ? older : usualResiduals(reading, SCALE_AFTER_WHEN_FEW);
  return robustScale(residuals.slice(0, SCALE_ROUNDS));
}

/** With little history, that of all targets together. */
function pooledScale(all: readonly Position[]): number {
  return robustScale(all.flatMap((position) => usualResiduals(position.reading, 0))) ?? 0;
}

/** Of the usual rounds without the newest so many of all. */
function usualResiduals({ usual: { ages, residuals } }: Reading, newest: number): readonly number[] {
  const first = ages.findIndex((age) => age >= newest);
  return first < 0 ? [] : residuals.slice(first);
}

/** 1.4826 x the median absolute residual of the others. */
function spreadWithout(residuals: Sorted, { residual }: Position): number {
  if (residuals.length < MIN_RESIDUALS || residual === undefined) return 0;
  return 1.4826 * (lowerMedianWithout(residuals, Math.abs(residual)) ?? 0);
}

/** The median over the others, scaled from their number of samples to this target's. */
function errorWithout(errors: Sorted, reading: Reading): number {
  return perSampleWithout(errors, reading) / Math.sqrt(reading.n);
}

function perSampleWithout(errors: Sorted, reading: Reading): number {
  const own = samplingError(reading);
  return (own === undefined ? lowerMedianOfSorted(errors) : lowerMedianWithout(errors, own)) ?? 0;
}

/**
 * Standard error of a median times sqrt(n), without assuming a distribution: the order statistics
 * n/2 +- 0.98 sqrt(n) bound its 95 % interval (David and Nagaraja 2003, Order Statistics, 7.1). A
 * second mode widens it long before it moves the quartiles.
 */
function samplingError({ ys }: Reading): number | undefined {
  const n = ys.length;
  if (n < 4) return undefined;
  const half = 0.98 * Math.sqrt(n);
  const width = valueAt(ys, (n - 1) / 2 + half) - valueAt(ys, (n - 1) / 2 - half);
  return (width / 3.92) * Math.sqrt(n);
}

/** The value at a rank, interpolated; the ends beyond them. */
function valueAt(values: Sorted, rank: number): number {
  const at = Math.max(0, Math.min(values.length - 1, rank));
  const below = values[Math.floor(at)] ?? 0;
  return below + (at - Math.floor(at)) * ((values[Math.ceil(at)] ?? below) - below);
}

/** Without the target whose own tail is longest, which may be the sick one. */
function tailOf(pool: readonly Position[]): number | undefined {
  const readings = pool.map(({ reading }) => reading);
  const longest = readings.length < 3 ? undefined : readings.reduce((a, b) => (hasLongerTail(b, a) ? b : a));
  const excesses = new Float64Array(readings.reduce((sum, { ys }) => sum + ys.length, 0));
  let count = 0;
  for (const reading of readings) {
    if (reading === longest || reading.level === undefined) continue;
    for (const y of reading.ys) excesses[count++] = y - reading.level;
  }
  return count >= 10 ? quantile(excesses.subarray(0, count), 0.97) : undefined;
}

function hasLongerTail(a: Reading, b: Reading): boolean {
  return (tailLength(a) - tailLength(b) || a.hash - b.hash) > 0;
}

/** The 90th percentile of its samples above its level. */
function tailLength({ ys, level: middle }: Reading): number {
  return middle === undefined ? -Infinity : (ys[Math.floor(0.9 * (ys.length - 1))] ?? 0) - middle;
}

/** What a healthy target's residual is made of. */
export interface Noise {
  readonly scale: number;
  /** Degrees of freedom of its t distribution: how rare large residuals are. */
  readonly freedom: number;
}

/** The noise a target is held against in one of its rounds. */
export function noiseIn({ scale, perSample }: Measured, round: TargetSummary): Noise {
  return noiseOf(Math.max(scale, round.scale), perSample / Math.sqrt(Math.max(1, round.n)));
}

/**
 * Noise of this scale, of which so much is the sampling error of the level. Targets themselves
 * waver with heavy tails (as t5), sampling errors are as good as normal: the t distribution whose
 * excess kurtosis, 6 / (freedom - 4), is that of their sum, 6 x (the targets' part of the
 * variance)^2.
 */
export function noiseOf(scale: number, samplingError: number): Noise {
  const own = Math.max(0, 1 - (samplingError / scale) ** 2);
  return { scale, freedom: Math.min(MOST_FREEDOM, Math.max(LEAST_FREEDOM, 4 + 1 / own ** 2)) };
}

/**
 * What a healthy target still shows of a disturbance in the round before: smaller excesses are in
 * its scale already, what is beyond the material decays.
 */
export function carriedOver(before: number | undefined): number {
  return CARRY_OVER * Math.max(0, (before ?? 0) - LN_MATERIAL);
}

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
