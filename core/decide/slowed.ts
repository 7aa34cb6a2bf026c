/**
 * How many targets of a group have become much slower than they were. The judge compares slowness
 * with slowness and failures with failures, so it does not see that a target fails while many have
 * become slow.
 */
import type { Round } from '../model';

/**
 * Factor over its fastest round, and least difference: what users call slow, and more than the
 * jitter of a fast page.
 */
const SLOWED_FROM = 4;
const SLOWED_BY_MS = 100;

/** More than this share of them, and more than one, points to a shared cause. */
const MANY = 0.4;

export interface Slowed {
  readonly slowed: number;
  /**
   * Targets that were seen healthy: warm, and in an earlier round as fast as the others once were.
   */
  readonly known: number;
  readonly isMany: boolean;
}

/** Of the targets of the round; `earlier` in any order. */
export function slowedIn(round: Round, earlier: readonly Round[]): Slowed {
  const usual = fastestOf(earlier);
  const middleMs = lowerMedian([...usual.values()]);
  const known = Object.entries(round.samples).flatMap(([key, samples]) => {
    const [nowMs, usualMs = Infinity] = [medianMs(samples), usual.get(key)];
    return isSlower(usualMs, middleMs) ? [] : [Number.isFinite(nowMs) && isSlower(nowMs, usualMs)];
  });
  const slowed = known.filter(Boolean).length;
  return { slowed, known: known.length, isMany: slowed > Math.max(1, known.length * MANY) };
}

/** The median of each target's fastest round, by key. */
function fastestOf(rounds: readonly Round[]): Map<string, number> {
  const fastest = new Map<string, number>();
  for (const { samples, verdicts } of rounds) {
    for (const { key, cold } of verdicts) {
      const ms = cold ? Infinity : medianMs(samples[key] ?? []);
      if (ms < (fastest.get(key) ?? Infinity)) fastest.set(key, ms);
    }
  }
  return fastest;
}

function isSlower(ms: number, thanMs: number): boolean {
  return ms >= Math.max(thanMs * SLOWED_FROM, thanMs + SLOWED_BY_MS);
}

/** Infinity where most failed, or nothing was measured. */
function medianMs(samples: readonly (number | string)[]): number {
  return lowerMedian(samples.map((sample) => (typeof sample === 'number' ? sample : Infinity)));
}

function lowerMedian(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[(sorted.length - 1) >> 1] ?? Infinity;
}
