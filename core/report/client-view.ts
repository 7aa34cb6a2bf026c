import type { ClientView } from '../model';

/** What the client's view says of a group, in one line, and the number behind it. */
export interface ClientStatement {
  /** 0 to 1; 0 for an empty view, whose line says so. */
  readonly slowFraction: number;
  readonly summary: string;
}

/**
 * Samples over `slowAboveMs` and errors, as a fraction (0 to 1) of all samples; 0 when there are
 * none.
 */
export function slowFraction(view: ClientView, slowAboveMs: number): number {
  return view.samples.length === 0 ? 0 : countSlow(view, slowAboveMs) / view.samples.length;
}

function countSlow(view: ClientView, slowAboveMs: number): number {
  return view.samples.filter((sample) => 'error' in sample || sample.latencyMs > slowAboveMs).length;
}

/**
 * The slow fraction against what bad targets among `targets` would give: a load balancer that
 * spreads requests evenly shows b bad targets of N as b/N slow requests. Says "as b bad of N would
 * give" only when b/N lies inside the 95 % interval of what was seen, tries b = 1 first, and
 * otherwise names the b that fits, or says that none does.
 */
export function describeClientView(view: ClientView, options: { readonly slowAboveMs: number; readonly targets: number }): ClientStatement {
  const n = view.samples.length;
  if (n === 0) return { slowFraction: 0, summary: 'no request through the load balancer was sampled' };
  const k = countSlow(view, options.slowAboveMs);
  const seen = `${k} of ${n} requests slow (${round2(k / n)})`;
  return { slowFraction: k / n, summary: `${seen}${compare(k, n, options.targets)}` };
}

function compare(k: number, n: number, targets: number): string {
  if (targets < 1) return '';
  const interval = wilson95(k, n);
  const range = `95 % interval ${round2(interval.low)} to ${round2(interval.high)}`;
  const one = round2(1 / targets);
  if (k === 0) return unseen(one, 1 / targets <= interval.high, targets, range);
  if (isInside(1 / targets, interval)) return `, as 1 bad target of ${targets} would give (${one})`;
  const bad = Math.round((k / n) * targets);
  const against = `; 1 bad target of ${targets} would give ${one}, outside the ${range}`;
  if (bad === targets) return `${against}: all targets are slow, or what they share`;
  if (bad < 1 || !isInside(bad / targets, interval)) return `${against}, and so is every other number of bad targets`;
  return `${against}; ${bad} of ${targets} would give ${round2(bad / targets)}`;
}

function unseen(one: number, possible: boolean, targets: number, range: string): string {
  const against = `1 bad target of ${targets} would give ${one}`;
  return possible ? `; ${against}, which so few requests cannot exclude (${range})` : `; ${against}, outside the ${range}`;
}

interface Interval {
  readonly low: number;
  readonly high: number;
}

function isInside(value: number, interval: Interval): boolean {
  return value >= interval.low && value <= interval.high;
}

/** 97.5 % quantile of the standard normal distribution. */
const Z = 1.959964;

/**
 * The score interval of a binomial proportion, p = k/n: (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 +
 * z²/n). E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA
 * 22 (1927); recommended for n <= 40 by Brown, Cai and DasGupta, Statistical Science 16 (2001).
 */
export function wilson95(k: number, n: number): Interval {
  const p = k / n;
  const zz = Z * Z;
  const centre = p + zz / (2 * n);
  const half = Z * Math.sqrt((p * (1 - p)) / n + zz / (4 * n * n));
  const scale = 1 + zz / n;
  return { low: Math.max(0, (centre - half) / scale), high: Math.min(1, (centre + half) / scale) };
}

function round2(value: number): number {
  return Math.round(value * 100) / 100;
}
