/**
 * Every duration, in seconds. The minima are small because the drill plays an hour in a minute;
 * docs/runbook.md says what each costs.
 */
import * as z from 'zod/mini';
import { strict, integer } from './values';

export const durations = strict({
  /** After registration or a change of state a target is measured, never convicted. */
  graceS: z._default(integer(0, 3600), 300),
  /** Evidence must span at least this before an ejection. */
  evidenceS: z._default(integer(5, 600), 60),
  /** No action rests on a round that ended longer ago than this. */
  staleS: z._default(integer(10, 120), 120),
  /** Rounds closer together than this count as one. */
  minRoundGapS: z._default(integer(1, 60), 30),
  /** No probe starts later than this in a round. */
  startWindowS: z._default(integer(1, 15), 15),
  /** An ejection ends by itself after this, unless it is renewed. */
  leaseS: z._default(integer(10, 3600), 900),
  /** A relapse doubles the lease up to this. */
  leaseCapS: z._default(integer(10, 3600), 3600),
  /** A target that is out must have been clean for at least this before it is restored. */
  dwellS: z._default(integer(5, 3600), 180),
  /** After a restore a relapse within this ejects again at once. */
  watchS: z._default(integer(5, 7200), 900),
  /**
   * A task that took the place of a stopped one must be healthy and fast within this, or a person
   * is paged.
   */
  verifyS: z._default(integer(10, 7200), 1500),
  /** How long the responder waits for the hosts' answers. */
  inspectionWaitS: z._default(integer(5, 60), 30),
});
