/** Comparison of one number with the peers': robust, and on the number's own scale. */

/**
 * What counts as one step on this number: whichever is largest of an absolute step, a fraction of
 * the peers' median, and their spread.
 */
export interface Scale {
  readonly absolute: number;
  /** Fraction of the peers' median. */
  readonly relative: number;
}

export interface Standing {
  readonly median: number;
  /** Steps away from the peers' median; positive: above. */
  readonly steps: number;
}

/**
 * Turns a median absolute deviation into a standard deviation, for normal data (Rousseeuw and
 * Croux, 1993).
 */
const MAD_TO_SIGMA = 1.4826;

/** Three sigma, in the units of `Scale`. */
export const DIFFERS_FROM = 3;

/** Middle of the sorted values, mean of the middle two; undefined for none. */
export function median(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  const upper = sorted[Math.floor(half)] ?? 0;
  return Number.isInteger(half) ? ((sorted[half - 1] ?? 0) + upper) / 2 : upper;
}

/**
 * Where a value stands among its peers; undefined without peers. Two or three peers have no spread
 * to speak of: the scale's floors decide.
 */
export function standing(value: number, peers: readonly number[], scale: Scale): Standing | undefined {
  const middle = median(peers);
  if (middle === undefined) return undefined;
  const spread = (median(peers.map((peer) => Math.abs(peer - middle))) ?? 0) * MAD_TO_SIGMA;
  const step = Math.max(spread, Math.abs(middle) * scale.relative, scale.absolute);
  return { median: middle, steps: step === 0 ? 0 : (value - middle) / step };
}

/** Above its peers by more than chance and scale explain. */
export function isAbove(value: number | undefined, peers: readonly number[], scale: Scale): boolean {
  if (value === undefined) return false;
  return (standing(value, peers, scale)?.steps ?? 0) >= DIFFERS_FROM;
}

/** Items of the sick host that no peer has. */
export function onlyHere<T>(here: readonly T[], peers: readonly (readonly T[])[], key: (item: T) => string): T[] {
  const elsewhere = new Set(peers.flatMap((items) => items.map(key)));
  const seen = new Set<string>();
  return here.filter((item) => !elsewhere.has(key(item)) && !seen.has(key(item)) && seen.add(key(item)));
}

/** Items that every peer has and the sick host lacks. At least two peers must agree. */
export function lackedHere<T>(here: readonly T[], peers: readonly (readonly T[])[], key: (item: T) => string): T[] {
  if (peers.length < 2) return [];
  const [first = [], ...rest] = peers;
  const mine = new Set(here.map(key));
  return onlyHere(first, [], key).filter(
    (item) => !mine.has(key(item)) && rest.every((items) => items.some((other) => key(other) === key(item))),
  );
}
