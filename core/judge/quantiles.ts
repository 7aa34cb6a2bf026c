/** Order statistics. Nothing here changes what it is given. */

export function sorted(values: ArrayLike<number>): Sorted {
  return new Float64Array(values).sort();
}

/** Numbers in ascending order. */
export type Sorted = Float64Array;

/** Median of a list that is already sorted; undefined when it is empty. */
export function medianOfSorted(values: Sorted): number | undefined {
  const middle = values.length >> 1;
  const upper = values[middle];
  if (upper === undefined || values.length % 2 === 1) return upper;
  return ((values[middle - 1] ?? upper) + upper) / 2;
}

/** Median; undefined for no values. */
export function median(values: ArrayLike<number>): number | undefined {
  return medianOfSorted(sorted(values));
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
  return sorted(values)[Math.floor(p * (values.length - 1))];
}

/**
 * Robust scale of absolute residuals: the larger of 1.4826 x median (normal consistency, Rousseeuw and Croux 1993) and the
 * 90th percentile over 1.372, so that a heavy tail widens it (a t10 variable exceeds 1.372 in absolute value with probability 0.2).
 * Undefined under 5 values.
 */
export function robustScale(absolute: ArrayLike<number>): number | undefined {
  if (absolute.length < 5) return undefined;
  const values = sorted(absolute);
  const middle = medianOfSorted(values) ?? 0;
  const high = values[Math.floor(0.9 * (values.length - 1))] ?? 0;
  return Math.max(1.4826 * middle, high / 1.372);
}
