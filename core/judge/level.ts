import {
  CORRELATION_DISCOUNT,
  LN_ALWAYS_SLOW,
  LN_ALWAYS_SLOW_UNKNOWN,
  LN_JUMP_RANGE,
  LN_MATERIAL,
  LN_NOTICEABLE,
  LN_OWN_RISE,
  WINDOW_PRICE,
  WINDOWS,
} from './parameters';
import { t6 } from './likelihoods';
import { median } from './quantiles';
import { isUsual } from './positions';
import type { Evidence, Suspect } from './suspect';

/** Evidence that the target's whole level is above its peers': the largest over the windows. */
export function levelEvidence(suspect: Suspect): Evidence | undefined {
  const now = suspect.position.residual;
  if (now === undefined || now < LN_NOTICEABLE) return undefined;
  let best: Evidence | undefined;
  for (const window of WINDOWS) {
    const residuals = suspect.sequence.slice(0, window).map((summary) => summary.residual);
    if (residuals.length < window || residuals.includes(undefined)) break;
    const nats = windowNats(suspect, residuals as number[]);
    if (nats > (best?.nats ?? 0)) best = { nats, why: 'level', window };
  }
  return best;
}

function windowNats(suspect: Suspect, residuals: readonly number[]): number {
  const window = residuals.length;
  const { scale, nuisance } = suspect;
  const mu = median(residuals) ?? 0;
  if (mu < LN_MATERIAL || Math.min(...residuals) < (window <= 3 ? 0 : -scale)) return 0;
  if (residuals.filter((r) => r >= LN_NOTICEABLE).length < 0.7 * window || !isRise(suspect, window, mu)) return 0;
  const nats = residuals.reduce((sum, r) => sum + lnLikelihoodRatio(r, mu, scale, nuisance.jump), 0);
  return (window <= 2 ? nats : CORRELATION_DISCOUNT * nats) - WINDOW_PRICE;
}

/** Slow by mu against healthy with occasional jumps to anywhere. */
function lnLikelihoodRatio(r: number, mu: number, scale: number, jump: number): number {
  const healthy = ((1 - jump) * t6(r / scale)) / scale + jump / LN_JUMP_RANGE;
  return Math.log(t6((r - mu) / scale) / scale) - Math.log(healthy);
}

/** It became slower than it was, or is slower than its own kind ever is. */
function isRise(suspect: Suspect, window: number, mu: number): boolean {
  const { position, sequence } = suspect;
  const before = sequence.slice(window).filter(isUsual);
  if (before.length < 4) return mu >= LN_ALWAYS_SLOW && (position.sameType || mu >= LN_ALWAYS_SLOW_UNKNOWN);
  const during = sequence.slice(0, window);
  const rise = (of: (summary: { median?: number; relative?: number }) => number): number =>
    (median(during.map(of)) ?? 0) - (median(before.map(of)) ?? 0);
  if (rise((summary) => summary.median ?? 0) >= LN_OWN_RISE) return true;
  if (position.peers >= 4 && rise((summary) => summary.relative ?? 0) >= LN_OWN_RISE) return true;
  return position.sameType && mu >= LN_ALWAYS_SLOW;
}
