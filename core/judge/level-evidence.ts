import type { Measured, Evidence } from './measured';
import { median, studentT, t10 } from './math';
import { carriedOver, type Noise, noiseIn, waveringOf } from './noise';
import {
  ECHO_SPREAD,
  LN_ALWAYS_SLOW,
  LN_ALWAYS_SLOW_UNKNOWN,
  LN_MATERIAL,
  LN_NOTICEABLE,
  LN_OWN_RISE,
  LOOKS_WELL,
  MAX_RESIDUAL,
  OWN_HISTORY_ROUNDS,
  OWN_RISE_PART,
  RISE_FROM_ROUNDS,
} from './parameters';
import type { TargetSummary } from './record';

/**
 * Evidence that the target's whole level is above its peers': the largest sum of log-likelihood
 * ratios over the windows that end now. That is Page's CUSUM; with the threshold ln(T) its mean
 * time to a false alarm is at least T rounds (Lorden 1971, Annals of Mathematical Statistics 42),
 * so looking at every window costs nothing.
 */
export function levelEvidence(candidate: Measured): Evidence | undefined {
  // The newest round speaks for health: it was slow, it is not now.
  if ((candidate.now.residual ?? 0) < LN_NOTICEABLE) return undefined;
  const residuals: number[] = [];
  let best: Evidence | undefined;
  for (const summary of candidate.sequence.slice(0, candidate.windows)) {
    if (summary.residual === undefined) break;
    residuals.push(summary.residual);
    const wavering = waveringOf(candidate, residuals.length);
    const ratios = residuals.map((residual, i) => ratioIn(candidate, i, residual, wavering));
    const nats = ratios.reduce((sum, ratio) => sum + ratio, 0);
    if (nats <= 0) return best;
    if (nats <= (best?.nats ?? 0) || !isMaterial(candidate, residuals)) continue;
    const own = nats - peersPart(candidate, residuals.length, wavering);
    if (own > (best?.nats ?? 0))
      best = { nats: own, why: 'level', window: residuals.length, badRounds: ratios.filter((ratio) => ratio > 0).length };
  }
  return best;
}

/** Nats of one round of the sequence, were its residual this. */
function ratioIn(candidate: Measured, index: number, residual: number, wavering: number): number {
  const { sequence, now, nuisance } = candidate;
  const noise = noiseIn(candidate, sequence[index] ?? now, wavering);
  return lnSlowOverHealthy(residual, noise, Math.min(1, nuisance.jump + nuisance.lift), carriedOver(sequence[index + 1]?.residual));
}

/**
 * ln of the likelihood ratio of one round's residual. Healthy: the noise above what is carried
 * over, or with probability `jump` a disturbance somewhere above. Sick: anywhere above the
 * material, small excesses likelier (density e^-x), with the same noise below; or, in some of its
 * rounds (`LOOKS_WELL`), looking well. Never falls as the residual grows; at most -ln(jump).
 */
export function lnSlowOverHealthy(residual: number, noise: Noise, jump: number, carried = 0): number {
  const scale = Math.hypot(noise.scale, ECHO_SPREAD * carried);
  const r = Math.min(MAX_RESIDUAL, Math.max(0, residual));
  const beyond = Math.exp(LN_MATERIAL - r);
  const healthy = ((1 - jump) * studentT(Math.max(0, r - carried) / scale, noise.freedom)) / scale + jump * beyond;
  const shape = r >= LN_MATERIAL ? beyond : t10((r - LN_MATERIAL) / scale) / t10(0);
  const slow = shape / (1 + (0.5 * scale) / t10(0));
  return Math.log((1 - LOOKS_WELL) * slow + LOOKS_WELL * healthy) - Math.log(healthy);
}

/**
 * The window's median is material, and the target became slower than it was, or is slower than its
 * own kind ever is.
 */
function isMaterial(candidate: Measured, residuals: readonly number[]): boolean {
  const middle = median(residuals) ?? 0;
  return middle >= LN_MATERIAL && isRise(candidate, residuals.length, middle);
}

/**
 * A rise of its own, which moved it among its peers. Peers that became faster are no rise, however
 * much its latency wavers afterwards: at least half of what it moved must be its own. Without a
 * history, being far slower than its kind ever is; a window that has swallowed the history is not
 * without one.
 */
function isRise(candidate: Measured, window: number, middle: number): boolean {
  const { own, relative } = risesOf(candidate, window);
  const { sameType, usualRounds } = candidate.position;
  if (own === undefined) return usualRounds < OWN_HISTORY_ROUNDS && middle >= (sameType ? LN_ALWAYS_SLOW : LN_ALWAYS_SLOW_UNKNOWN);
  return relative >= LN_OWN_RISE && own >= Math.max(LN_OWN_RISE, OWN_RISE_PART * relative);
}

interface Rises {
  /** Of its own latency, and of its place among its peers; in y. */
  readonly own: number;
  readonly relative: number;
}

/** From before the window into it; undefined without a history. */
function risesOf({ sequence }: Measured, window: number): Rises | { readonly own: undefined; readonly relative: undefined } {
  const before = sequence.slice(window).filter((summary) => summary.usual);
  if (before.length < OWN_HISTORY_ROUNDS) return { own: undefined, relative: undefined };
  const during = sequence.slice(0, window);
  const recent = before.slice(0, RISE_FROM_ROUNDS);
  const own = Math.max(
    rise(during, before, (summary) => summary.level),
    rise(during, recent, (summary) => summary.level),
  );
  return { own, relative: rise(during, recent, (summary) => summary.relative) };
}

/**
 * Nats of the window that rest on the peers having become faster: what it stands above them by
 * their doing is not its own.
 */
function peersPart(candidate: Measured, window: number, wavering: number): number {
  const { sequence } = candidate;
  const before = sequence.slice(window).filter((summary) => summary.usual);
  if (before.length < OWN_HISTORY_ROUNDS) return 0;
  const middle = (summaries: readonly TargetSummary[]): number => median(summaries.flatMap((summary) => summary.level ?? [])) ?? 0;
  const level = Math.min(middle(before), middle(before.slice(0, RISE_FROM_ROUNDS)));
  let part = 0;
  for (const [i, summary] of sequence.slice(0, window).entries()) {
    const residual = summary.residual ?? 0;
    const own = Math.min(residual, (summary.level ?? 0) - level);
    if (own < residual) part += ratioIn(candidate, i, residual, wavering) - ratioIn(candidate, i, own, wavering);
  }
  return part;
}

function rise(
  during: readonly TargetSummary[],
  before: readonly TargetSummary[],
  of: (summary: TargetSummary) => number | undefined,
): number {
  const middle = (summaries: readonly TargetSummary[]): number => median(summaries.flatMap((summary) => of(summary) ?? [])) ?? 0;
  return middle(during) - middle(before);
}
