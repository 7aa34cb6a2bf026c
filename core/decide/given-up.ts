/**
 * Decides the case of a target that a person gave up (`sickbay give-up`): it stays out, and Sickbay
 * does not register it again.
 */
import { isRegistered, lbTargetOf } from '../case';
import type { Ejection, TargetCase } from '../model';
import type { Verdict } from './decision';
import { isUnseenSince, settledAt } from './settling';
import type { GroupSituation, Situation } from './situation';

/**
 * A schedule fires within 60 s of its time (EventBridge Scheduler user guide), and clocks may
 * differ: one cancelled so long before never fired.
 */
const NEVER_FIRED_MS = 60_000;

/**
 * How long a delivery that was under way when its schedule was deleted may still be retried
 * (lambda/aws/scheduled-restores.ts; I: that it outlives its schedule).
 */
const RESTORE_RETRIES_MS = 3_600_000;

/**
 * Until when the scheduled restore that was cancelled may still register the target, in epoch ms;
 * undefined: it had not fired.
 */
export function underWayUntil({ leaseEndsAt, wayBackCancelledAt }: Ejection): number | undefined {
  if (wayBackCancelledAt === undefined || wayBackCancelledAt < leaseEndsAt - NEVER_FIRED_MS) return undefined;
  return wayBackCancelledAt + RESTORE_RETRIES_MS;
}

/**
 * Its scheduled restore is cancelled first. The case then ends at once, or when no delivery can be
 * under way any more.
 */
export function decideGivenUp(situation: Situation, group: GroupSituation | undefined, incident: TargetCase, ejection: Ejection): Verdict {
  const by = `given up by ${ejection.givenUpBy}`;
  if (ejection.wayBackCancelledAt === undefined) return { action: 'give-up', reason: by, ejection };
  const untilAt = underWayUntil(ejection);
  const registered = isRegistered(lbTargetOf(group?.lbView ?? [], incident.target)) && situation.now >= settledAt(ejection);
  if (registered && isUnseenSince(group, ejection.wayBackCancelledAt))
    return { action: 'keep', reason: `${by}: no round has begun since its scheduled restore was cancelled` };
  if (registered)
    return {
      action: 'close',
      reason: `${by}, and registered again since: by its scheduled restore, which was under way, or by somebody`,
      because: 'operator',
    };
  if (untilAt !== undefined && situation.now < untilAt)
    return { action: 'keep', reason: `${by}: its scheduled restore was under way, and may still register it` };
  return { action: 'close', reason: by, because: 'operator' };
}
