/**
 * When target health can be trusted to show what a removal did, and whose doing it is that a target
 * is registered again.
 */
import { isRegistered, lbTargetOf } from '../case';
import type { Ejection, TargetCase } from '../model';
import type { GroupSituation } from './situation';

/**
 * For so long after a change a read of target health may still show what was before (I: ELB
 * documents no bound).
 */
export const VIEW_SETTLES_MS = 30_000;

/**
 * For so long after it was announced a removal may still be carried out, although the run that
 * asked for it is dead (docs/safety.md).
 */
const UNDER_WAY_MS = 60_000;

/**
 * The schedule fires with a precision of 60 s (EventBridge Scheduler user guide): a target that is
 * back a little early came by it too.
 */
export const LEASE_SLACK_MS = 5_000;

/**
 * So long after a lease the schedule has fired, and been retried: what is still out then, somebody
 * has to bring back.
 */
export const OVERDUE_MS = 90_000;

/**
 * From when on, in epoch ms, target health shows what a removal did. What it shows as registered
 * before may be from before the removal.
 */
export function settledAt({ intentAt, confirmedAt }: Ejection): number {
  return (confirmedAt ?? intentAt + UNDER_WAY_MS) + VIEW_SETTLES_MS;
}

/**
 * Whether the newest round is from before that moment. One run takes one step, and the next step
 * waits for a measurement of what came of it: a repeated wake-up finds nothing to do.
 */
export function isUnseenSince(group: Pick<GroupSituation, 'rounds'> | undefined, movedAt: number): boolean {
  const round = group?.rounds[0];
  return round !== undefined && round.startedAt <= movedAt;
}

/**
 * Seen gone after the announced removal, and seen registered before its scheduled restore can have
 * fired: somebody else did it. A look from before `settledAt` that shows it registered counts for
 * nothing.
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
 * A removal that was given up as not made, whose target has left since: it may have been carried
 * out late. Its scheduled restore was left in place, so it counts as made as long as that lasts;
 * undefined when nothing was called, or when the scheduled restore is over.
 */
export function lateRemoval(now: number, { lbView }: Pick<GroupSituation, 'lbView'>, incident: TargetCase): Ejection | undefined {
  const last = incident.ejections.at(-1);
  if (last?.abandonedAt === undefined || last.wayBackCancelledAt !== undefined || now >= last.leaseEndsAt + OVERDUE_MS) return undefined;
  return lbView.length > 0 && !isRegistered(lbTargetOf(lbView, incident.target)) ? last : undefined;
}

/** Why a restore that was announced is made again. */
export function announcedRestore({ restoreAskedBy: asker }: Ejection): string {
  return asker === undefined ? 'an announced restore has not happened yet' : `asked for by ${asker}`;
}
