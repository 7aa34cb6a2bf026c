import type { FleetVerdict } from '../model';

/**
 * What one round leaves behind for later ones. Latencies are in y = ln(ms + 10), see `reading.ts`. Rounds and their targets are
 * plain data: a verdict is recomputed from stored summaries and hides no state.
 */
export interface RoundSummary {
  readonly startedAt: number;
  readonly fleet: FleetVerdict;
  /** Shared, because many had bad samples together, while levels stayed. */
  readonly badTogether: boolean;
  /** How much healthy targets differed in this round, in y. */
  readonly scale: number;
  /** 97th percentile of the samples above their own target's median, in y: how long the usual tail is. */
  readonly tail: number | undefined;
  /** Hashes of the zones that were slow as a whole. */
  readonly hotZones: readonly number[];
  readonly targets: readonly TargetSummary[];
}

export interface TargetSummary {
  /** `keyHash` of the target's key. */
  readonly hash: number;
  /** Start of the round, epoch ms. */
  readonly startedAt: number;
  /** Scale of the residual: the target's own now, the fleet's in earlier rounds. */
  readonly scale: number;
  /** Where its samples lay, in y (`levelOfSorted`); undefined when too few were answered. */
  readonly level: number | undefined;
  /** `level` minus its peers' median level. */
  readonly relative: number | undefined;
  /** `relative` minus the target's usual offset at that time. */
  readonly residual: number | undefined;
  /** Bad samples, all samples, and those of the bad that failed rather than were slow. */
  readonly bad: number;
  readonly n: number;
  readonly hard: number;
  /** May be learned as this target's normal: in service, warm, without suspicion, and no shared cause in the round. */
  readonly usual: boolean;
  /** So much evidence that the round says nothing about healthy targets. */
  readonly sick: boolean;
  /** The residual stood out by itself in this round. */
  readonly jumped: boolean;
  readonly cold: boolean;
  /** At least one connection was refused. */
  readonly refused: boolean;
  readonly out: boolean;
  /** Some probe got an answer, in this round or one before. */
  readonly reached: boolean;
}

/** 32-bit FNV-1a (Fowler, Noll, Vo) over UTF-16 units: names a target in a packed record. */
export function keyHash(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
