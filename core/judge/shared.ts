import { LN_MATERIAL, LN_SHARED_RISE, OWN_HISTORY_ROUNDS, SHARED_BAD_FRACTION } from './parameters';
import { lnBinomialTail } from './likelihoods';
import { lowerMedianOfSorted, median, sorted } from './quantiles';
import type { Suspect } from './suspect';

/** Nats against "the others' bad samples are the usual ones" that make them a shared cause. */
const LN_UNUSUAL = 7;

/** A cause that all share: the lower-median target left its own past, or a large part is bad together. */
export function isSharedCause(warm: readonly Suspect[], scale: number): boolean {
  return hasShifted(warm, scale) || isBadTogether(warm);
}

/** With few rounds to compare with, more must have changed: what is material, rather than what is noticed. */
function hasShifted(warm: readonly Suspect[], scale: number): boolean {
  const rises = sorted(warm.flatMap(({ position }) => position.rise ?? []));
  const lower = lowerMedianOfSorted(rises);
  const known = warm.filter(({ position }) => position.usualRounds >= OWN_HISTORY_ROUNDS).length;
  const least = 2 * known > warm.length ? LN_SHARED_RISE : LN_MATERIAL;
  return rises.length >= 2 && lower !== undefined && lower >= Math.max(least, 2 * scale);
}

function isBadTogether(warm: readonly Suspect[]): boolean {
  if (warm.length < 2) return false;
  const bad = warm.filter((suspect) => suspect.now.bad > 0).length;
  if (bad < Math.max(2, SHARED_BAD_FRACTION * warm.length)) return false;
  const worst = warm.reduce((a, b) => ((b.now.bad - a.now.bad || b.now.hash - a.now.hash) > 0 ? b : a));
  const others = warm.filter((suspect) => suspect !== worst);
  const k = others.reduce((sum, suspect) => sum + suspect.now.bad, 0);
  const n = others.reduce((sum, suspect) => sum + suspect.position.reading.n, 0);
  return -lnBinomialTail(k, n, median(warm.map((suspect) => suspect.nuisance.badRate)) ?? 0) >= LN_UNUSUAL;
}
