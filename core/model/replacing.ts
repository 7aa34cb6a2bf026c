/**
 * Shared contracts: the replacement of a task. Everything is exported by core/model.ts, from which
 * all others import. A replacement is not a lease: once its task is stopped, nothing undoes it.
 */
import type { Blocked } from './deciding';
import type { TaskLog } from './services';
import type { Target } from './targets';

/**
 * The record of one replacement: written before anything is done, completed after reading the
 * world. Times are in the order in which they are set.
 */
export interface Replacement {
  readonly clusterArn: string;
  readonly serviceArn: string;
  /** As the configuration named them then: by these they are read from now on. */
  readonly cluster: string;
  readonly service: string;
  /** The identity of what is replaced: never used again, unlike its address. */
  readonly taskArn: string;
  /** ELB's view right before. */
  readonly target: Target;
  /** How many the service wanted then. */
  readonly desired: number;
  /** Targets that were registered then. */
  readonly originalCount: number;
  /** How fast its peers answered then, ms: the middle of their medians. */
  readonly usualMs?: number;
  /** Where its containers logged to: the task will be gone. */
  readonly logs?: readonly TaskLog[];
  readonly intentAt: number;
  /** The entry that stops the task at `stopsAt` without any of our code. */
  readonly scheduleName: string;
  readonly stopsAt: number;
  /** Deregistration delay of the target group then, ms: connections drain for that long. */
  readonly drainMs: number;
  /** Each deregistration, announced before its call. */
  readonly deregisteredAt: readonly number[];
  /** When target health first showed that it left. */
  readonly outAt?: number;
  /**
   * It did not happen: a guardrail stopped it right before its first call (`deregisteredAt` is then
   * empty), or its run died before it was done.
   */
  readonly abandonedAt?: number;
  /** A person wants the task to go on, and who and why. */
  readonly restoreAskedBy?: string;
  /** A person wants the task left as it is, and who and why: neither stopped nor registered. */
  readonly givenUpBy?: string;
  /** Announced before StopTask is called. */
  readonly stopIntentAt?: number;
  /**
   * The task is not stopped after all, and why: it is registered again if its address still is its
   * own.
   */
  readonly calledOffAt?: number;
  readonly calledOffFor?: readonly Blocked[];
  readonly calledOffBecause?: string;
  /** Nothing is scheduled any more. */
  readonly scheduleCancelledAt?: number;
  /** When its registration was asked for, after it was called off. */
  readonly registerIntentAt?: number;
  /** Called off, it served again then. */
  readonly returnedAt?: number;
  /** When ECS showed the task stopping or stopped, whoever asked for it. */
  readonly stoppedAt?: number;
  /** The task that took its place and was measured well. */
  readonly replacedBy?: string;
  readonly verifiedAt?: number;
  /**
   * No replacement was measured well in time, or it is slow too. The case stays open, and stops
   * further replacements of the service, until a person closes the breaker.
   */
  readonly failedAt?: number;
}
