import { LN_MATERIAL, LN_SHARED_RISE, OWN_HISTORY_ROUNDS, SHARED_BAD_FRACTION, SHARED_PRIOR } from './parameters';
import { lnBinomialTail } from './likelihoods';
import { lowerMedianOfSorted, median, sorted } from './quantiles';
import type { TargetSummary } from './summary';
import type { BadCount, Measured } from './suspect';
import { lnOwnOverCommon } from './tail';

/** Nats against "the others' bad samples are the usual ones" that make them a shared cause. */
const LN_UNUSUAL = 7;

/** With few rounds to compare with, more must have changed: what is material, rather than what is noticed. */
export function hasShifted(warm: readonly Measured[], scale: number): boolean {
  const rises = sorted(warm.flatMap(({ position }) => position.rise ?? []));
  const lower = lowerMedianOfSorted(rises);
  const known = warm.filter(({ position }) => position.usualRounds >= OWN_HISTORY_ROUNDS).length;
  const least = 2 * known > warm.length ? LN_SHARED_RISE : LN_MATERIAL;
  return rises.length >= 2 && lower !== undefined && lower >= Math.max(least, 2 * scale);
}

export function isBadTogether(warm: readonly Measured[]): boolean {
  if (warm.length < 2) return false;
  const bad = warm.filter((suspect) => suspect.now.bad > 0).length;
  if (bad < Math.max(2, SHARED_BAD_FRACTION * warm.length)) return false;
  const worst = warm.reduce((a, b) => ((b.now.bad - a.now.bad || b.now.hash - a.now.hash) > 0 ? b : a));
  const others = warm.filter((suspect) => suspect !== worst);
  const k = others.reduce((sum, suspect) => sum + suspect.now.bad, 0);
  const n = others.reduce((sum, suspect) => sum + suspect.position.reading.n, 0);
  return -lnBinomialTail(k, n, median(warm.map((suspect) => suspect.nuisance.badRate)) ?? 0) >= LN_UNUSUAL;
}

/** In a round in which many are bad together: so much worse than the others that what they share does not explain it. */
export function isBeyondOthers(own: BadCount, others: BadCount): boolean {
  return own.k * others.n >= 3 * others.k * own.n && lnOwnOverCommon(own, others) >= -Math.log(SHARED_PRIOR);
}

/** The same for a target of an earlier round, given everybody's bad samples in it. */
export function wasBeyondOthers({ bad, n, cold, out }: TargetSummary, all: BadCount): boolean {
  return !cold && !out && isBeyondOthers({ k: bad, n }, { k: all.k - bad, n: all.n - n });
}

/** Bad and all samples of everybody who counts. */
export function badOfAll(targets: readonly TargetSummary[]): BadCount {
  const sum = { k: 0, n: 0 };
  for (const { cold, out, bad, n } of targets) {
    if (cold || out) continue;
    sum.k += bad;
    sum.n += n;
  }
  return sum;
}
