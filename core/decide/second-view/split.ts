/**
 * The limit that separates a target's times from its peers'. Pure arithmetic on lists of numbers.
 */

/** At and above `fromMs` a request is slow; `k` of the target's `n` samples are. */
export interface Split {
  readonly fromMs: number;
  readonly k: number;
  readonly n: number;
  /** Median of its slow answers; absent when it answered none of those. */
  readonly slowMs?: number;
}

/**
 * The limit above which there is most more of `own` than of `peers` (ascending): where their
 * distribution functions are furthest apart (Kolmogorov and Smirnov), and there halfway, on the
 * logarithmic scale, between the target's own sample and the next lower one of a peer. Without any
 * sample of either nothing is slow.
 */
export function splitOf(own: readonly number[], peers: readonly number[]): Split {
  const sorted = [...own].sort((a, b) => a - b);
  const n = sorted.length;
  let best = { gap: 0, at: n };
  sorted.forEach((from, index) => {
    const gap = (n - index) / n - (peers.length - countBelow(peers, from)) / Math.max(1, peers.length);
    if (peers.length > 0 && gap > best.gap + 1e-9) best = { gap, at: index };
  });
  const first = sorted[best.at];
  if (first === undefined) return { fromMs: Infinity, k: 0, n };
  const slow = sorted.slice(best.at);
  const answered = slow.filter(Number.isFinite);
  const below = Math.max(0.1, peers[countBelow(peers, first) - 1] ?? first, sorted[best.at - 1] ?? 0);
  const fromMs = Number.isFinite(first) ? Math.sqrt(Math.min(below, first) * first) : Infinity;
  return { fromMs, k: slow.length, n, ...(answered.length === 0 ? {} : { slowMs: middle(answered) }) };
}

/** How many of an ascending list are below a value. */
export function countBelow(sorted: readonly number[], value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const at = (low + high) >> 1;
    if ((sorted[at] ?? Infinity) < value) low = at + 1;
    else high = at;
  }
  return low;
}

/** The lower median of an ascending list; NaN when it is empty. */
export function middle(sorted: readonly number[]): number {
  return sorted[(sorted.length - 1) >> 1] ?? Number.NaN;
}
