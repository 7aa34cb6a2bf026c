/** Densities and marginals, in natural logarithms. Pure numerics: nothing here knows about targets. */

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

/** Density of Student's t with 10 degrees of freedom: the tails measured on healthy peers are heavier than normal. */
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
 * ln ∫ p^k (1-p)^(n-k) dF(p): "the target has a bad rate of its own". F is half uniform, half Beta(6, 1): most sick targets
 * are either somewhat bad or mostly bad. The binomial coefficient is left out.
 */
export function lnOwnRate(k: number, n: number): number {
  const uniform = lnBeta(k + 1, n - k + 1);
  const mostlyBad = lnBeta(k + 6, n - k + 1) - lnBeta(6, 1);
  return lnSum(uniform, mostlyBad) + Math.log(0.5);
}

/**
 * ln P(k bad of n) for a healthy target: beta-binomial around the usual rate, whose samples are correlated within a round by
 * `spread` (0: binomial), or with probability `burst` a disturbance that spoils any number of this round's samples. Whatever
 * disturbs one round adds at most -ln(burst / n) to the evidence.
 */
export function lnHealthyBad(k: number, n: number, rate: number, spread: number, burst: number): number {
  const usual = lnChoose(n, k) + lnBetaBinomial(k, n, rate, spread);
  if (k === 0) return usual + Math.log1p(-burst);
  return Math.log((1 - burst) * Math.exp(usual) + burst / n);
}

/** Without the binomial coefficient; a product, so that small whole k and n need no gamma functions. */
function lnBetaBinomial(k: number, n: number, rate: number, spread: number): number {
  let sum = 0;
  for (let i = 0; i < k; i++) sum += Math.log(rate * (1 - spread) + i * spread);
  for (let i = 0; i < n - k; i++) sum += Math.log((1 - rate) * (1 - spread) + i * spread);
  for (let i = 0; i < n; i++) sum -= Math.log(1 - spread + i * spread);
  return sum;
}
