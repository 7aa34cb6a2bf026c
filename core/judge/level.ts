import {
  LN_ALWAYS_SLOW,
  LN_ALWAYS_SLOW_UNKNOWN,
  LN_MATERIAL,
  LN_NOTICEABLE,
  LN_OWN_RISE,
  LOOKS_WELL,
  OWN_HISTORY_ROUNDS,
} from './parameters';
import { studentT, t10 } from './likelihoods';
import { median } from './quantiles';
import type { TargetSummary } from './summary';
import { carriedOver, type Evidence, type Measured } from './suspect';

/** Residuals beyond e^5 = 148x the peers' say nothing more. */
const MAX_RESIDUAL = 5;
/** Standard deviation of what is carried over, as a part of it: .23 to .43 of an excess were measured, about twice this on either side. */
const ECHO_SPREAD = 0.15;
/** Fewest and most degrees of freedom of the noise: t5 is what no sampling error dilutes; more than 15 is not believed, for the samples of one round are not quite independent. */
const LEAST_FREEDOM = 5;
const MOST_FREEDOM = 15;
/** Part of the move among the peers that must be the target's own. */
const OWN_PART = 0.5;
/** Rounds right before the window that the rise is measured from. */
const BEFORE = 6;

/**
 * Evidence that the target's whole level is above its peers': the largest sum of log-likelihood ratios over the windows that end now.
 * That is Page's CUSUM; with the threshold ln(T) its mean time to a false alarm is at least T rounds (Lorden 1971, Annals of
 * Mathematical Statistics 42), so looking at every window costs nothing.
 */
export function levelEvidence(suspect: Measured): Evidence | undefined {
  // The newest round speaks for health: it was slow, it is not now.
  if ((suspect.now.residual ?? 0) < LN_NOTICEABLE) return undefined;
  const residuals: number[] = [];
  let best: Evidence | undefined;
  let nats = 0;
  let slowRounds = 0;
  for (const [i, summary] of suspect.sequence.slice(0, suspect.windows).entries()) {
    if (summary.residual === undefined) break;
    const ratio = ratioIn(suspect, i, summary.residual);
    residuals.push(summary.residual);
    nats += ratio;
    slowRounds += ratio > 0 ? 1 : 0;
    if (nats <= 0) return best;
    if (nats <= (best?.nats ?? 0) || !isMaterial(suspect, residuals)) continue;
    const own = nats - peersPart(suspect, residuals.length);
    if (own > (best?.nats ?? 0)) best = { nats: own, why: 'level', window: residuals.length, badRounds: slowRounds };
  }
  return best;
}

/** Nats of one round of the sequence, were its residual this. */
function ratioIn(suspect: Measured, index: number, residual: number): number {
  const { sequence, now, nuisance } = suspect;
  const noise = noiseIn(suspect, sequence[index] ?? now);
  return lnSlowOverHealthy(residual, noise, Math.min(1, nuisance.jump + nuisance.lift), carriedOver(sequence[index + 1]?.residual));
}

/** What a healthy target's residual is made of. */
export interface Noise {
  readonly scale: number;
  /** Degrees of freedom of its t distribution: how rare large residuals are. */
  readonly freedom: number;
}

/** The noise a target is held against in one of its rounds. */
export function noiseIn({ scale, perSample }: Measured, round: TargetSummary): Noise {
  return noiseOf(Math.max(scale, round.scale), perSample / Math.sqrt(Math.max(1, round.n)));
}

/**
 * Noise of this scale, of which so much is the sampling error of the level. Targets themselves waver with heavy tails (as t5), sampling errors are as good as normal:
 * the t distribution whose excess kurtosis, 6 / (freedom - 4), is that of their sum, 6 x (the targets' part of the variance)^2.
 */
export function noiseOf(scale: number, samplingError: number): Noise {
  const own = Math.max(0, 1 - (samplingError / scale) ** 2);
  return { scale, freedom: Math.min(MOST_FREEDOM, Math.max(LEAST_FREEDOM, 4 + 1 / own ** 2)) };
}

/**
 * ln of the likelihood ratio of one round's residual. Healthy: the noise above what is carried over, or with probability `jump` a disturbance somewhere
 * above. Sick: anywhere above the material, small excesses likelier (density e^-x), with the same noise below; or, in
 * some of its rounds (`LOOKS_WELL`), looking well. Never falls as the residual grows; at most -ln(jump).
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

/** The window's median is material, and the target became slower than it was, or is slower than its own kind ever is. */
function isMaterial(suspect: Measured, residuals: readonly number[]): boolean {
  const middle = median(residuals) ?? 0;
  return middle >= LN_MATERIAL && isRise(suspect, residuals.length, middle);
}

/**
 * A rise of its own, which moved it among its peers. Peers that became faster are no rise, however much its latency wavers afterwards: at least
 * half of what it moved must be its own. Without a history, being far slower than its kind ever is; a window that has swallowed the history is not without one.
 */
function isRise(suspect: Measured, window: number, middle: number): boolean {
  const { own, relative } = risesOf(suspect, window);
  const { sameType, usualRounds } = suspect.position;
  if (own === undefined) return usualRounds < OWN_HISTORY_ROUNDS && middle >= (sameType ? LN_ALWAYS_SLOW : LN_ALWAYS_SLOW_UNKNOWN);
  return relative >= LN_OWN_RISE && own >= Math.max(LN_OWN_RISE, OWN_PART * relative);
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
  const recent = before.slice(0, BEFORE);
  const own = Math.max(
    rise(during, before, (summary) => summary.level),
    rise(during, recent, (summary) => summary.level),
  );
  return { own, relative: rise(during, recent, (summary) => summary.relative) };
}

/** Nats of the window that rest on the peers having become faster: what it stands above them by their doing is not its own. */
function peersPart(suspect: Measured, window: number): number {
  const { sequence } = suspect;
  const before = sequence.slice(window).filter((summary) => summary.usual);
  if (before.length < OWN_HISTORY_ROUNDS) return 0;
  const middle = (summaries: readonly TargetSummary[]): number => median(summaries.flatMap((summary) => summary.level ?? [])) ?? 0;
  const level = Math.min(middle(before), middle(before.slice(0, BEFORE)));
  let part = 0;
  for (const [i, summary] of sequence.slice(0, window).entries()) {
    const residual = summary.residual ?? 0;
    const own = Math.min(residual, (summary.level ?? 0) - level);
    if (own < residual) part += ratioIn(suspect, i, residual) - ratioIn(suspect, i, own);
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
