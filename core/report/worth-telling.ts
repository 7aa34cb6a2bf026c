/**
 * Whether a decision is news: what stays as it is, for the same reasons, is told once and not in
 * every round, and reasons that come and go are not told each time that they come.
 */
import { currentEjection, isReturnRefused } from '../case';
import type { Action, Case, Decision } from '../model';

/** Told each time: each of them happens once, a renewal once in half a lease. */
const ALWAYS_TOLD: readonly Action[] = ['eject', 'confirm', 'renew', 'watch', 'give-up'];

/**
 * Reasons that were told are told again after this at the earliest, unless the target was moved
 * since.
 */
const AGAIN_MS = 1_800_000;

export function worthTelling(before: Case, decision: Decision, now: number): boolean {
  if (ALWAYS_TOLD.includes(decision.action)) return true;
  // Asked for in each run until target health has shown it for long enough, and told once.
  if (decision.action === 'restore') return before.decision?.action !== 'restore';
  if (decision.action === 'abandon') return false;
  if (decision.action === 'close') return before.outbox.length > 0 || before.ejections.length > 0;
  if (before.about === 'missing' && decision.action === 'keep') return before.outbox.length === 0;
  if (decision.action === 'keep' && decision.blocked.length === 0) return false;
  if (decision.action === 'wait') return before.decision?.action !== 'wait';
  if (decision.action === 'hold') return true;
  if (isRenewalRefused(before, decision)) return hasNewReason(before, decision);
  return before.outbox.length === 0 || !(sameNews(before.decision, decision) || toldLately(before, decision, now));
}

/**
 * The same refusal, and no less loud then: that a person is needed is other news than that nothing
 * was done.
 */
function toldLately(before: Case, { action, blocked }: Decision, now: number): boolean {
  if (action !== 'keep' && action !== 'page') return false;
  const { id, refusals = [], outbox } = before;
  const since = Math.max(now - AGAIN_MS, movedAt(before));
  const paged = (at: number) => outbox.some((entry) => entry.id === `${id}/page/${at}`);
  return refusals.some(({ at, blocked: told }) => at > since && sameReasons(told, blocked) && (action === 'keep' || paged(at)));
}

function movedAt(incident: Case): number {
  const { intentAt = 0, confirmedAt = 0, restoredAt = 0 } = currentEjection(incident) ?? {};
  return Math.max(intentAt, confirmedAt, restoredAt);
}

/** Of a target that is out nothing else is refused but its return. */
function isRenewalRefused(before: Case, decision: Decision): boolean {
  return before.state === 'out' && decision.blocked.length > 0 && !isReturnRefused(before, decision);
}

/**
 * A renewal that is refused in round after round: each of its reasons is told once a lease, in
 * whatever order they come and go.
 */
function hasNewReason(before: Case, { blocked }: Decision): boolean {
  const { leaseEndsAt = 0, leaseS = 0 } = currentEjection(before) ?? {};
  const told = (before.refusals ?? []).filter(({ at }) => at >= leaseEndsAt - leaseS * 1000).flatMap((refusal) => refusal.blocked);
  return blocked.some((reason) => !told.includes(reason));
}

function sameNews(before: Decision | undefined, now: Decision): boolean {
  return before?.action === now.action && sameReasons(before.blocked, now.blocked);
}

function sameReasons(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((reason) => b.includes(reason));
}
