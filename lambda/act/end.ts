/** Ends a case, and with it the scheduled restore of its target. */
import { closed, scheduledRestoreCancelled } from '../../core/case-transitions';
import { underWayUntil } from '../../core/decide/given-up';
import type { Case, Decision, DecisionTo, Ejection, TargetCase } from '../../core/model';
import { plain, unsure, type Authority, type Outcome, type RecordedRemoval } from './outcome';
import { stillRegistered } from './target-health';

export function close(authority: Authority, incident: Case, decision: DecisionTo<'close'>): Case {
  return closed({ ...incident, decision }, authority.ports.clock.now(), decision.because, decision.reason);
}

/**
 * A scheduled restore that is left over would register a target that somebody has removed on
 * purpose since.
 */
export async function closeTarget(authority: Authority, incident: TargetCase, decision: DecisionTo<'close'>): Promise<Outcome> {
  const last = incident.ejections.at(-1);
  if (last !== undefined && restsOnHealth(last, decision) && !(await stillRegistered(authority.ports, incident)))
    return unsure(incident, decision);
  if (last !== undefined) await authority.ports.scheduledRestores.cancel(last.scheduleName);
  return plain(close(authority, incident, decision), decision);
}

/**
 * Whether the scheduled restore is given up because target health showed the target registered: not
 * when it has vanished, nor when it came back.
 */
function restsOnHealth(last: Ejection, { because }: DecisionTo<'close'>): boolean {
  return last.restoredAt === undefined && last.wayBackCancelledAt === undefined && because !== 'vanished';
}

/**
 * Cancels the scheduled restore and reads that it is gone. The case ends now, unless the scheduled
 * restore may have been under way.
 */
export async function giveUp(authority: Authority, { incident, ejection }: RecordedRemoval, decision: Decision): Promise<Outcome> {
  const { scheduledRestores, clock } = authority.ports;
  await scheduledRestores.cancel(ejection.scheduleName);
  if (await scheduledRestores.exists(ejection.scheduleName))
    throw new Error(`case ${incident.id}: ${ejection.scheduleName} is still there after it was cancelled`);
  const cancelledAt = clock.now();
  const cancelled = scheduledRestoreCancelled(incident, ejection, cancelledAt);
  if (underWayUntil({ ...ejection, wayBackCancelledAt: cancelledAt }) !== undefined)
    return plain(cancelled, decision, [
      'its scheduled restore was due and may be under way: it may still be registered once within the hour, and is looked at until then',
    ]);
  const ended: DecisionTo<'close'> = { ...decision, action: 'close', because: 'operator' };
  return plain(close(authority, cancelled, ended), ended);
}
