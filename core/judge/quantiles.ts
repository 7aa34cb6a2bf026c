/** Order statistics. Nothing here changes what it is given. */

export function sorted(values: ArrayLike<number>): Sorted {
  return values.length <= SHORT ? inserted(values) : Array.from(new Float64Array(values).sort());
}

/** Most lists are one target's samples or rounds: short, and the built-in sorts, and typed arrays, have a price for each. */
const SHORT = 24;

/** Where a short list lies in order while its middle is read off: most need no list of their own. */
const scratch: number[] = Array.from({ length: SHORT }, () => 0.5);

function inserted(values: ArrayLike<number>): Sorted {
  fill(scratch, values);
  return scratch.slice(0, values.length);
}

/** Puts the values in ascending order at the beginning of `room`. */
function fill(room: number[], values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? Number.NaN;
    let at = i;
    for (; at > 0 && (room[at - 1] ?? value) > value; at--) room[at] = room[at - 1] ?? value;
    room[at] = value;
  }
}

/** Numbers in ascending order. */
export type Sorted = readonly number[];

/** Median of a list that is already sorted; undefined when it is empty. */
export function medianOfSorted(values: Sorted): number | undefined {
  const middle = values.length >> 1;
  const upper = values[middle];
  if (upper === undefined || values.length % 2 === 1) return upper;
  return ((values[middle - 1] ?? upper) + upper) / 2;
}

/** Median; undefined for no values. */
export function median(values: ArrayLike<number>): number | undefined {
  const n = values.length;
  if (n > SHORT) return medianOfSorted(sorted(values));
  fill(scratch, values);
  return n === 0 ? undefined : ((scratch[(n - 1) >> 1] ?? 0) + (scratch[n >> 1] ?? 0)) / 2;
}

/** The lower of the two middle values of a sorted list; undefined when it is empty. */
export function lowerMedianOfSorted(values: Sorted): number | undefined {
  return values[(values.length - 1) >> 1];
}

/**
 * Lower median of a sorted list without one occurrence of `left`: what a target is compared with must not contain the target. The
 * lower one, so that of three targets a sick one is nobody's reference. Undefined when nothing remains.
 */
export function lowerMedianWithout(values: Sorted, left: number): number | undefined {
  const middle = (values.length - 2) >> 1;
  if (middle < 0) return undefined;
  return (values[middle] ?? 0) < left ? values[middle] : values[middle + 1];
}

/** The `p` quantile (0 to 1) as an observed value, rounded down; undefined for no values. */
export function quantile(values: ArrayLike<number>, p: number): number | undefined {
  return new Float64Array(values).sort()[Math.floor(p * (values.length - 1))];
}

/**
 * Robust scale of absolute residuals: the larger of 1.4826 x median (normal consistency, Rousseeuw and Croux 1993) and the
 * 90th percentile over 1.812, so that a heavy tail widens it (a t10 variable exceeds 1.812 in absolute value with probability 0.1).
 * Undefined under 5 values.
 */
export function robustScale(absolute: ArrayLike<number>): number | undefined {
  if (absolute.length < 5) return undefined;
  const values = sorted(absolute);
  const middle = medianOfSorted(values) ?? 0;
  const high = values[Math.floor(0.9 * (values.length - 1))] ?? 0;
  return Math.max(1.4826 * middle, high / 1.812);
}

/** Part of a target's samples, from its fastest, between which its level is taken. */
const LEVEL_FROM = 0.1;
const LEVEL_TO = 0.6;

/**
 * The level of a target's sorted samples: the mean of its quantile function from 0.1 to 0.6, an L-estimator (David and Nagaraja 2003, Order Statistics,
 * 11.3). What disturbs a healthy request only ever adds to its latency, so a target's level shows in its faster samples, and the mean of several wavers less than
 * the median alone. Up to two of five samples may be slow by any amount and barely move it. Undefined for no values.
 */
export function levelOfSorted(values: Sorted): number | undefined {
  const n = values.length;
  let sum = 0;
  for (let i = Math.floor(LEVEL_FROM * n); i < Math.min(n, Math.ceil(LEVEL_TO * n)); i++) {
    sum += (Math.min((i + 1) / n, LEVEL_TO) - Math.max(i / n, LEVEL_FROM)) * (values[i] ?? 0);
  }
  return n === 0 ? undefined : sum / (LEVEL_TO - LEVEL_FROM);
}
