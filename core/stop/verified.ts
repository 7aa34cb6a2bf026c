/** When a stop counts as verified: gone, not back, and what it did to the target is over. */
import type { CauseStatus, Stop, StopPlan } from '../model';

/** Looks at the host that are closer together count as one. */
export const LOOK_GAP_MS = 30_000;
const LOOKS = 2;
/** Two periods, but never longer than this; of a job whose period is not known as long as this. */
const LONGEST_MS = 1_800_000;
/**
 * After the time it takes: for the probes, the check of the cause and a host that is slow to
 * answer.
 */
export const VERIFY_GRACE_MS = 900_000;

/** How long it has to stay away: two periods of what starts it, ms. */
export function neededMs({ starter }: StopPlan): number {
  const periodS = starter?.periodS;
  return periodS === undefined || !(periodS > 0) ? LONGEST_MS : Math.min(2 * periodS * 1000, LONGEST_MS);
}

interface Seen {
  readonly causeStatus?: CauseStatus;
  readonly isProbeClean?: boolean;
}

/**
 * A cause that was found present before the stop counts too: the responder checks it again within a
 * dwell, and until then it is not known to be gone.
 */
export function isVerified(stop: Stop, { causeStatus, isProbeClean }: Seen, now: number): boolean {
  const { firstCleanAt, cleanLooks = 0 } = stop;
  const isAway = cleanLooks >= LOOKS && firstCleanAt !== undefined && now - firstCleanAt >= neededMs(stop.plan);
  return isAway && isProbeClean === true && causeStatus !== 'present';
}
