import { LN_SHARED_RISE, SHARED_BAD_FRACTION } from './parameters';
import { lnBinomialTail } from './likelihoods';
import { median, sorted } from './quantiles';
import type { Suspect } from './suspect';

/** Nats against "the others' bad samples are the usual ones" that make them a shared cause. */
const LN_UNUSUAL = 7;

/** A cause that all share: the lower-median target left its own past, or a large part is bad together. */
export function isSharedCause(warm: readonly Suspect[], scale: number): boolean {
  return hasShifted(warm, scale) || isBadTogether(warm);
}

function hasShifted(warm: readonly Suspect[], scale: number): boolean {
  const rises = sorted(warm.flatMap(({ position }) => position.rise ?? []));
  const lower = rises[(rises.length - 1) >> 1];
  return rises.length >= 2 && lower !== undefined && lower >= Math.max(LN_SHARED_RISE, 2 * scale);
}

function isBadTogether(warm: readonly Suspect[]): boolean {
  if (warm.length < 2) return false;
  const bad = warm.filter((suspect) => suspect.now.bad > 0).length;
  if (bad < Math.max(2, Math.ceil(SHARED_BAD_FRACTION * warm.length) + (warm.length >= 4 ? 1 : 0))) return false;
  const worst = warm.reduce((a, b) => ((b.now.bad - a.now.bad || b.now.hash - a.now.hash) > 0 ? b : a));
  const others = warm.filter((suspect) => suspect !== worst);
  const k = others.reduce((sum, suspect) => sum + suspect.now.bad, 0);
  const n = others.reduce((sum, suspect) => sum + suspect.position.reading.n, 0);
  return -lnBinomialTail(k, n, median(warm.map((suspect) => suspect.nuisance.badRate)) ?? 0) >= LN_UNUSUAL;
}
