import { LEVEL_FROM, LEVEL_TO } from './parameters';

/**
 * Numerics: densities and marginals in natural logarithms, and order statistics. Nothing here knows
 * about targets or changes what it is given.
 */

const HALF_LN_TWO_PI = 0.9189385332046727;

/** ln Γ of the whole numbers, where nearly all calls are. */
const TABLE = Float64Array.from({ length: 1024 }, (_, n) => (n === 0 ? Infinity : stirling(n)));

/** ln Γ(x) for x > 0; error under 1e-10. */
export function lnGamma(x: number): number {
  return (Number.isInteger(x) ? TABLE[x] : undefined) ?? stirling(x);
}

/** Stirling's series (Abramowitz and Stegun 6.1.41) above 8, the recurrence below. */
function stirling(x: number): number {
  let shift = 0;
  let y = x;
  while (y < 8) {
    shift += Math.log(y);
    y += 1;
  }
  const r = 1 / (y * y);
  const series = (1 / 12 - r * (1 / 360 - r * (1 / 1260 - r / 1680))) / y;
  return (y - 0.5) * Math.log(y) - y + HALF_LN_TWO_PI + series - shift;
}

export function lnBeta(a: number, b: number): number {
  return lnGamma(a) + lnGamma(b) - lnGamma(a + b);
}

export function lnChoose(n: number, k: number): number {
  return lnGamma(n + 1) - lnGamma(k + 1) - lnGamma(n - k + 1);
}

/**
 * Density of Student's t with 10 degrees of freedom: the tails measured on healthy peers are
 * heavier than normal.
 */
export function t10(x: number): number {
  const s = 1 + (x * x) / 10;
  const squared = s * s;
  return 0.3891 / (squared * squared * s * Math.sqrt(s)); // s^-5.5: a general power takes several times as long
}

/** Density of Student's t with any degrees of freedom above 0. */
export function studentT(x: number, freedom: number): number {
  const atZero = Math.exp(lnGamma((freedom + 1) / 2) - lnGamma(freedom / 2)) / Math.sqrt(freedom * Math.PI);
  return atZero * (1 + (x * x) / freedom) ** (-(freedom + 1) / 2);
}

/**
 * P(T > x), x > 0, for Student's t: Simpson's rule over u = 1/t, whose integrand is smooth and 0 at
 * 0. Error under 1e-3 of it from x = 1 and 5 degrees of freedom on.
 */
export function studentTail(x: number, freedom: number): number {
  const steps = 16;
  const h = 1 / (x * steps);
  let sum = 0;
  for (let i = 1; i <= steps; i++) sum += ((i === steps ? 1 : i % 2 === 1 ? 4 : 2) * studentT(1 / (i * h), freedom)) / (i * h) ** 2;
  return (sum * h) / 3;
}

/** ln(e^a + e^b) without overflow. */
export function lnSum(a: number, b: number): number {
  const high = Math.max(a, b);
  return high === -Infinity ? high : high + Math.log1p(Math.exp(Math.min(a, b) - high));
}

/** ln P(X >= k) for X binomial(n, p), 0 < p < 1. */
export function lnBinomialTail(k: number, n: number, p: number): number {
  if (k <= 0) return 0;
  let ratio = 1;
  let sum = 1;
  for (let j = k; j < n; j++) {
    ratio *= (((n - j) / (j + 1)) * p) / (1 - p);
    sum += ratio;
  }
  return lnChoose(n, k) + k * Math.log(p) + (n - k) * Math.log1p(-p) + Math.log(sum);
}

/**
 * ln ∫ p^k (1-p)^(n-k) dF(p): "the target has a bad rate of its own". F is half uniform, half
 * Beta(6, 1): most sick targets are either somewhat bad or mostly bad. The binomial coefficient is
 * left out.
 */
export function lnOwnRate(k: number, n: number): number {
  const uniform = lnBeta(k + 1, n - k + 1);
  const mostlyBad = lnBeta(k + 6, n - k + 1) - lnBeta(6, 1);
  return lnSum(uniform, mostlyBad) + Math.log(0.5);
}

/**
 * ln P(k bad of n) for a healthy target: beta-binomial around the usual rate, whose samples are
 * correlated within a round by `spread` (0: binomial), or with probability `burst` a disturbance
 * that spoils any number of this round's samples. Whatever disturbs one round adds at most
 * -ln(burst / n) to the evidence.
 */
export function lnHealthyBad(k: number, n: number, rate: number, spread: number, burst: number): number {
  const usual = lnChoose(n, k) + lnBetaBinomial(k, n, rate, spread);
  if (k === 0) return usual + Math.log1p(-burst);
  return Math.log((1 - burst) * Math.exp(usual) + burst / n);
}

/**
 * Without the binomial coefficient; a product, so that small whole k and n need no gamma functions.
 */
function lnBetaBinomial(k: number, n: number, rate: number, spread: number): number {
  let sum = 0;
  for (let i = 0; i < k; i++) sum += Math.log(rate * (1 - spread) + i * spread);
  for (let i = 0; i < n - k; i++) sum += Math.log((1 - rate) * (1 - spread) + i * spread);
  for (let i = 0; i < n; i++) sum -= Math.log(1 - spread + i * spread);
  return sum;
}

export function sorted(values: ArrayLike<number>): Sorted {
  return values.length <= SHORT ? inserted(values) : Array.from(new Float64Array(values).sort());
}

/**
 * Most lists are one target's samples or rounds: short, and the built-in sorts, and typed arrays,
 * have a price for each.
 */
const SHORT = 24;

/** By insertion. */
function inserted(values: ArrayLike<number>): Sorted {
  const list: number[] = [];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? Number.NaN;
    let at = i;
    for (; at > 0 && (list[at - 1] ?? value) > value; at--) list[at] = list[at - 1] ?? value;
    list[at] = value;
  }
  return list;
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
  return medianOfSorted(sorted(values));
}

/** The lower of the two middle values of a sorted list; undefined when it is empty. */
export function lowerMedianOfSorted(values: Sorted): number | undefined {
  return values[(values.length - 1) >> 1];
}

/**
 * Lower median of a sorted list without one occurrence of `left`: what a target is compared with
 * must not contain the target. The lower one, so that of three targets a sick one is nobody's
 * reference. Undefined when nothing remains.
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
 * Robust scale of absolute residuals: the larger of 1.4826 x median (normal consistency, Rousseeuw
 * and Croux 1993) and the 90th percentile over 1.812, so that a heavy tail widens it (a t10
 * variable exceeds 1.812 in absolute value with probability 0.1). Undefined under 5 values.
 */
export function robustScale(absolute: ArrayLike<number>): number | undefined {
  if (absolute.length < 5) return undefined;
  const values = sorted(absolute);
  const middle = medianOfSorted(values) ?? 0;
  const high = values[Math.floor(0.9 * (values.length - 1))] ?? 0;
  return Math.max(1.4826 * middle, high / 1.812);
}

/**
 * The level of a target's sorted samples: the mean of its quantile function from 0.1 to 0.6, an
 * L-estimator (David and Nagaraja 2003, Order Statistics, 11.3). What disturbs a healthy request
 * only ever adds to its latency, so a target's level shows in its faster samples, and the mean of
 * several wavers less than the median alone. Up to two of five samples may be slow by any amount
 * and barely move it. Undefined for no values.
 */
export function levelOfSorted(values: Sorted): number | undefined {
  const n = values.length;
  let sum = 0;
  for (let i = Math.floor(LEVEL_FROM * n); i < Math.min(n, Math.ceil(LEVEL_TO * n)); i++) {
    sum += (Math.min((i + 1) / n, LEVEL_TO) - Math.max(i / n, LEVEL_FROM)) * (values[i] ?? 0);
  }
  return n === 0 ? undefined : sum / (LEVEL_TO - LEVEL_FROM);
}
