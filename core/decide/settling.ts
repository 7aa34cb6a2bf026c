/**
 * When target health shows the effect of a removal, and who registered a target again.
 */
import { isRegistered, lbTargetOf } from '../case';
import type { Ejection, TargetCase } from '../model';
import type { GroupSituation } from './situation';

/**
 * How long after a change a read of target health may still show the state before (I: ELB documents
 * no bound).
 */
export const VIEW_SETTLES_MS = 30_000;

/**
 * How long after its announcement a removal may still be carried out although its run died
 * (docs/safety.md).
 */
export const UNDER_WAY_MS = 60_000;

/**
 * The schedule fires with a precision of 60 s (EventBridge Scheduler user guide): it may also have
 * registered a target that is back a little early.
 */
export const LEASE_SLACK_MS = 5_000;

/**
 * By this long after a lease the schedule has fired and was retried: Sickbay restores what is still
 * out then.
 */
export const OVERDUE_MS = 90_000;

/**
 * From when on, in epoch ms, target health shows the effect of a removal. A registration that it
 * shows earlier may be from before the removal.
 */
export function settledAt({ intentAt, confirmedAt }: Ejection): number {
  return (confirmedAt ?? intentAt + UNDER_WAY_MS) + VIEW_SETTLES_MS;
}

/**
 * Whether the newest round is from before that time. One run takes one step, and the next step
 * waits for a measurement after it: a repeated wake-up has nothing to do.
 */
export function isUnseenSince(group: Pick<GroupSituation, 'rounds'> | undefined, movedAt: number): boolean {
  const round = group?.rounds[0];
  return round !== undefined && round.startedAt <= movedAt;
}

/**
 * Whether somebody else registered it: read as gone after the announced removal, and as registered
 * before its scheduled restore can have fired. A read from before `settledAt` that shows it
 * registered does not count.
 */
export function wasPutBack(now: number, group: GroupSituation, incident: TargetCase, ejection: Ejection): boolean {
  const looks = group.rounds.map((round) => ({ at: round.startedAt, view: round.lbView })).reverse();
  const since = [...looks, { at: now, view: group.lbView }]
    .filter(({ at, view }) => at > ejection.intentAt && at < ejection.leaseEndsAt - LEASE_SLACK_MS && view.length > 0)
    .map(({ at, view }) => ({ at, registered: isRegistered(lbTargetOf(view, incident.target)) }));
  const gone = since.findIndex(({ registered }) => !registered);
  return gone !== -1 && since.slice(gone).some(({ at, registered }) => registered && at >= settledAt(ejection));
}

/**
 * A removal that was recorded as not made and whose target has left since: it may have been carried
 * out late. Its scheduled restore is still in place, so it counts as made until that is over.
 * Undefined when no call was made, or when the scheduled restore is over.
 */
export function lateRemoval(now: number, { lbView }: Pick<GroupSituation, 'lbView'>, incident: TargetCase): Ejection | undefined {
  const last = incident.ejections.at(-1);
  if (last?.abandonedAt === undefined || last.wayBackCancelledAt !== undefined || now >= last.leaseEndsAt + OVERDUE_MS) return undefined;
  return lbView.length > 0 && !isRegistered(lbTargetOf(lbView, incident.target)) ? last : undefined;
}

/** Why an announced restore is asked for again. */
export function announcedRestore({ restoreAskedBy: asker }: Ejection): string {
  return asker === undefined ? 'an announced restore has not happened yet' : `asked for by ${asker}`;
}
