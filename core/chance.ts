/**
 * Exact probabilities of counts. Nothing here is an approximation by the normal distribution: the
 * counts are small and the tails matter.
 */
import { lnBinomialTail, lnChoose } from './judge/math';

/** P(X >= k) for X binomial(n, p); `p` from 0 to 1. */
export function chanceOfAtLeast(k: number, n: number, p: number): number {
  if (k <= 0 || p >= 1) return k <= n ? 1 : 0;
  if (k > n || p <= 0) return 0;
  return Math.min(1, Math.exp(lnBinomialTail(k, n, p)));
}

/** P(X <= k) for X binomial(n, p); `p` from 0 to 1. It is the other tail of the failures. */
export function chanceOfAtMost(k: number, n: number, p: number): number {
  return chanceOfAtLeast(n - k, n, 1 - p);
}

/**
 * The smallest rate that k of n is not too many for: P(X >= k) is `alpha` there (C. J. Clopper and
 * E. S. Pearson, Biometrika 26 (1934), one-sided). 0 when k is 0.
 */
export function leastRate(k: number, n: number, alpha: number): number {
  if (k <= 0) return 0;
  let [low, high] = [0, Math.min(1, k / n)];
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2;
    if (chanceOfAtLeast(k, n, middle) < alpha) low = middle;
    else high = middle;
  }
  return low;
}

/**
 * Fisher's exact test, one-sided: the probability that so many of the `k + s` bad ones are among
 * the `n` of now and not among the `m` of before, when nothing has changed. 1 when there is nothing
 * to compare with.
 */
export function chanceOfNoChange(k: number, n: number, s: number, m: number): number {
  if (n === 0 || m === 0) return 1;
  const bad = k + s;
  const all = lnChoose(n + m, bad);
  let sum = 0;
  for (let among = k; among <= Math.min(n, bad); among++) sum += Math.exp(lnChoose(n, among) + lnChoose(m, bad - among) - all);
  return Math.min(1, sum);
}
