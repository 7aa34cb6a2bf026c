/** Order statistics. All of them sort a copy of what they are given. */

export function sorted(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}

/** Median of a list that is already sorted; undefined when it is empty. */
export function medianOfSorted(values: readonly number[]): number | undefined {
  const middle = values.length >> 1;
  const upper = values[middle];
  if (upper === undefined || values.length % 2 === 1) return upper;
  return ((values[middle - 1] ?? upper) + upper) / 2;
}

/** Median; undefined for no values. */
export function median(values: readonly number[]): number | undefined {
  return medianOfSorted(sorted(values));
}

/** The `p` quantile (0 to 1) as an observed value, rounded down; undefined for no values. */
export function quantile(values: readonly number[], p: number): number | undefined {
  return sorted(values)[Math.floor(p * (values.length - 1))];
}

/**
 * Median of a sorted list without one occurrence of `left`: the reference of a target must not contain the target.
 * Undefined when nothing remains.
 */
export function medianWithout(values: readonly number[], left: number): number | undefined {
  const remaining = values.length - 1;
  if (remaining <= 0) return undefined;
  const skip = lowerBound(values, left);
  const at = (index: number): number => values[index < skip ? index : index + 1] ?? left;
  const middle = remaining >> 1;
  return remaining % 2 === 1 ? at(middle) : (at(middle - 1) + at(middle)) / 2;
}

/** First index whose value is not below `value`. */
function lowerBound(values: readonly number[], value: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? value) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Robust scale of absolute residuals: the larger of 1.4826 x median (normal consistency, Rousseeuw and Croux 1993) and the
 * 90th percentile over 1.44, so that a heavy tail widens it (a t6 variable exceeds 1.44 in absolute value with probability 0.2).
 * Undefined under 5 values.
 */
export function robustScale(absolute: readonly number[]): number | undefined {
  if (absolute.length < 5) return undefined;
  const values = sorted(absolute);
  const middle = medianOfSorted(values) ?? 0;
  const high = values[Math.floor(0.9 * (values.length - 1))] ?? 0;
  return Math.max(1.4826 * middle, high / 1.44);
}
