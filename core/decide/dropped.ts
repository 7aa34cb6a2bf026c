/**
 * Decides a case whose target group is no longer configured: targets are not judged there any more,
 * and those that are out are restored.
 */
import { currentEjection, isOut, isRegistered, isTargetCase, lbTargetOf } from '../case';
import type { Case } from '../model';
import type { Verdict } from './decision';
import { LEASE_SLACK_MS, OVERDUE_MS, announcedRestore } from './settling';
import type { Situation } from './situation';
import { isStopped, waitForIt } from './stopped';

const DROPPED = 'its target group is no longer configured';

/**
 * The scheduled restore registers the target when the lease ends. From then on target health is
 * read as long as the case is open: a scheduled restore may have been lost, and the case is never
 * closed before the target was seen registered. Until then Sickbay restores it in each round.
 */
export function decideDropped(situation: Situation, incident: Case): Verdict {
  const ejection = currentEjection(incident);
  if (!isTargetCase(incident) || ejection === undefined || !isOut(incident))
    return { action: 'close', reason: DROPPED, because: 'operator' };
  const overMs = situation.now - ejection.leaseEndsAt;
  const asked = ejection.restoreIntentAt !== undefined;
  if ((asked || overMs >= 0) && isStopped(situation, incident)) return waitForIt(situation, incident, ejection);
  if (asked) return { action: 'restore', ejection, reason: announcedRestore(ejection) };
  if (overMs < -LEASE_SLACK_MS) return { action: 'keep', reason: `${DROPPED}: its lease ends by itself` };
  // Whether an instance is still on standby target health does not tell: the restore looks for
  // itself.
  const back = isRegistered(lbTargetOf(situation.dropped?.get(incident.groupArn) ?? [], incident.target));
  if (back && ejection.owner === 'static')
    return { action: 'watch', ejection, reason: `${DROPPED}, and its scheduled restore registered it` };
  if (overMs < OVERDUE_MS) return { action: 'keep', reason: `${DROPPED}: its lease has ended, and its scheduled restore is under way` };
  return { action: 'restore', ejection, reason: `${DROPPED}, its lease has ended, and the scheduled restore has not registered it` };
}
