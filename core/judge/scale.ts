import { SCALE_FLOOR, TAIL_MAX, TAIL_MIN } from './parameters';
import type { Position } from './positions';
import { median, quantile, robustScale } from './quantiles';
import type { RoundSummary, TargetSummary } from './summary';

/** How much healthy targets differ, in y. */
export interface Scales {
  /** Of a residual, for the whole fleet. */
  readonly fleet: number;
  /** A sample this far above the expected median is bad. */
  readonly tail: number;
  /** 97th percentile of this round's samples above their own median. */
  readonly tailNow: number | undefined;
}

/** Rounds that may hold the fault itself and are not learned from. */
const NEWEST = 4;
const NEWEST_WHEN_FEW = 2;
const OWN_NEWEST = 8;
const ROUNDS_LEARNED = 14;

/** The largest of: a floor, the fleet's usual scale, this round's spread, the sampling error of a median. */
export function fleetScales(pool: readonly Position[], all: readonly Position[], rounds: readonly RoundSummary[]): Scales {
  const usual = median(all.flatMap((position) => historicScale(position.reading.past) ?? [])) ?? 0;
  const floor = usual > 0 ? SCALE_FLOOR : 2 * SCALE_FLOOR;
  const fleet = Math.max(floor, usual, spreadNow(pool), samplingError(pool));
  const tailNow = tailOf(pool);
  return { fleet, tail: tailThreshold(fleet, tailNow, rounds, all.length), tailNow };
}

/** The fleet's scale, or the target's own of some time ago where that is wider. */
export function ownScale(position: Position, scales: Scales): number {
  return Math.max(scales.fleet, robustScale(usualResiduals(position.reading.past.slice(OWN_NEWEST))) ?? 0);
}

function historicScale(past: readonly (TargetSummary | undefined)[]): number | undefined {
  const older = usualResiduals(past.slice(NEWEST));
  const residuals = older.length >= 6 ? older : usualResiduals(past.slice(NEWEST_WHEN_FEW));
  return robustScale(residuals.slice(0, ROUNDS_LEARNED));
}

function usualResiduals(past: readonly (TargetSummary | undefined)[]): number[] {
  return past.flatMap((summary) =>
    summary?.residual === undefined || summary.cold || summary.suspect ? [] : [Math.abs(summary.residual)],
  );
}

function spreadNow(pool: readonly Position[]): number {
  const residuals = pool.flatMap((position) => (position.residual === undefined ? [] : [Math.abs(position.residual)]));
  return residuals.length >= 5 ? 1.4826 * (median(residuals) ?? 0) : 0;
}

/** 1.25 sigma / sqrt(n), sigma = IQR / 1.35 (asymptotic standard error of a normal sample's median). */
function samplingError(pool: readonly Position[]): number {
  const ranges = pool.flatMap(({ reading: { ys } }) =>
    ys.length < 4 ? [] : [(ys[(3 * ys.length) >> 2] ?? 0) - (ys[ys.length >> 2] ?? 0)],
  );
  const range = median(ranges);
  const n = median(pool.map((position) => position.reading.n));
  return range === undefined || n === undefined ? 0 : (1.25 * range) / 1.35 / Math.sqrt(n);
}

function tailOf(pool: readonly Position[]): number | undefined {
  const excess = pool.flatMap(({ reading: { ys, median: middle } }) => (middle === undefined ? [] : ys.map((y) => y - middle)));
  return excess.length >= 10 ? quantile(excess, 0.97) : undefined;
}

function tailThreshold(scale: number, tailNow: number | undefined, rounds: readonly RoundSummary[], targets: number): number {
  const usual = median(rounds.slice(0, 10).flatMap((round) => round.tail ?? []));
  const tail = usual ?? (targets >= 5 ? (tailNow ?? 0) : 0);
  return Math.min(TAIL_MAX, Math.max(TAIL_MIN, 4 * scale, 1.15 * tail));
}
