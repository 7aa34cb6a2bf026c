import type { Measured } from './measured';
import type { Position, Reading } from './compare';
import { lowerMedianOfSorted, lowerMedianWithout, median, quantile, robustScale, sorted, type Sorted } from './math';
import {
  CARRY_OVER,
  FLEET_NOISE_WORTH,
  JUMP_SCALES,
  LEAST_FREEDOM,
  LN_MATERIAL,
  MIN_RESIDUALS,
  MOST_FREEDOM,
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

/**
 * The noise a target is held against in one of its rounds, where it wavers by so much more than the
 * fleet.
 */
export function noiseIn({ scale, perSample }: Measured, round: TargetSummary, wavering = 1): Noise {
  return noiseOf(wavering * Math.max(scale, round.scale), perSample / Math.sqrt(Math.max(1, round.n)));
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
 * How much more than the fleet's noise a target wavers from round to round, over the newest rounds
 * of its sequence; at least 1. A queue close to its capacity does: what it wavers by grows with
 * what it is slower by. From successive differences (von Neumann 1941, Annals of Mathematical
 * Statistics 12), so that neither the height of a level nor a steady climb counts as noise. Without
 * the newest round: a target that just became worse must not lose evidence by it.
 */
export function waveringOf({ sequence, scale }: Measured, rounds: number): number {
  const differences = Math.max(0, rounds - 2);
  let sum = 0;
  for (let i = 1; i <= differences; i++) {
    const newer = sequence[i]?.residual;
    const older = sequence[i + 1]?.residual;
    if (newer !== undefined && older !== undefined) sum += Math.min(JUMP_SCALES ** 2, ((newer - older) / scale) ** 2 / 2);
  }
  return Math.max(1, Math.sqrt((FLEET_NOISE_WORTH + sum) / (FLEET_NOISE_WORTH + differences)));
}

/**
 * What a healthy target still shows of a disturbance in the round before: smaller excesses are in
 * its scale already, what is beyond the material decays.
 */
export function carriedOver(before: number | undefined): number {
  return CARRY_OVER * Math.max(0, (before ?? 0) - LN_MATERIAL);
}
