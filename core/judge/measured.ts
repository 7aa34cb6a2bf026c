import type { Why } from '../model';
import type { Position, Reading } from './compare';
import type { Nuisance } from './nuisance';
import type { TargetSummary } from './record';

/** One target with everything its evidence is computed from. */
export interface Measured {
  readonly position: Position;
  readonly scale: number;
  /** The part of the scale that comes of taking few samples, times the root of their number. */
  readonly perSample: number;
  readonly nuisance: Nuisance;
  /** Samples above this y are slow; infinite while nothing is expected of the target. */
  readonly slowAbove: number;
  /** This round; what needs a verdict (`usual`, `sick`) is not known yet and false. */
  readonly now: TargetSummary;
  /** Its summaries that count, this round's first: warm, and not of rounds with a shared cause. */
  readonly sequence: readonly TargetSummary[];
  /** The newest so many of the sequence may be evidence; the others are only what was before. */
  readonly windows: number;
}

export interface Evidence {
  readonly nats: number;
  readonly why: Why;
  /** Rounds of the sequence it rests on, and how many of them looked sick. */
  readonly window: number;
  readonly badRounds: number;
}

/**
 * Failures. A timeout is an answer later than the time limit: where an answer that late would not
 * even count as slow, as in a fleet that is nearly as slow as the limit, it is no failure of one
 * target.
 */
export function failures({ failed, timeouts, limit }: Reading, slowAbove: number): number {
  return slowAbove !== Infinity && limit <= slowAbove ? failed - timeouts : failed;
}

/**
 * Answered samples above a limit; timeouts are failures and not among them. The samples are sorted:
 * only the slow ones are looked at.
 */
export function slowSamples({ ys, limit }: Reading, slowAbove: number): number {
  let slow = 0;
  for (let i = ys.length - 1; i >= 0; i--) {
    const y = ys[i] ?? -Infinity;
    if (y <= slowAbove) break;
    if (y < limit) slow += 1;
  }
  return slow;
}
