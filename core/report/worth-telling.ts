/**
 * Whether a decision is news: what stays as it is, for the same reasons, is told once and not in
 * every round, and reasons that come and go are not told each time that they come.
 */
import { currentEjection, isReturnRefused } from '../case';
import { targetKey, type Action, type Case, type Decision, type DecisionTo } from '../model';

/** Told each time: each of them happens once, a renewal once in half a lease. */
const ALWAYS_TOLD: readonly Action[] = ['eject', 'confirm', 'renew', 'watch', 'give-up'];

/**
 * Reasons that were told are told again after this at the earliest, unless the target was moved
 * since.
 */
const AGAIN_MS = 1_800_000;

/**
 * @param lately cases that were closed in the last hours: what closes and opens again is told once
 * it lasts.
 */
export function worthTelling(before: Case, decision: Decision, now: number, lately: readonly Case[] = []): boolean {
  return !isWavering(before, decision, now, lately) && isNews(before, decision, now);
}

function isNews(before: Case, decision: Decision, now: number): boolean {
  if (ALWAYS_TOLD.includes(decision.action)) return true;
  if (decision.action === 'replace') return isReplacementNews(before, decision);
  // Asked for in each run until target health has shown it for long enough, and told once.
  if (decision.action === 'restore') return before.decision?.action !== 'restore';
  if (decision.action === 'abandon') return false;
  if (decision.action === 'close') return before.outbox.length > 0 || before.ejections.length > 0 || before.replacement !== undefined;
  if (before.about === 'missing' && decision.action === 'keep') return before.outbox.length === 0;
  if (decision.action === 'keep' && decision.blocked.length === 0) return false;
  if (decision.action === 'wait') return before.decision?.action !== 'wait';
  if (decision.action === 'hold') return true;
  if (isRenewalRefused(before, decision)) return hasNewReason(before, decision);
  return before.outbox.length === 0 || !(sameNews(before.decision, decision) || toldLately(before, decision, now));
}

/**
 * Each step is told, once: a stop that our own run asked for with the asking, and a registration
 * with the end of the case.
 */
function isReplacementNews({ replacement }: Case, { step }: DecisionTo<'replace'>): boolean {
  if (step === 'stopped') return replacement?.stopIntentAt === undefined;
  if (step === 'stop') return replacement?.stopIntentAt === undefined;
  if (step === 'call-off') return replacement?.calledOffAt === undefined;
  return step !== 'register' && step !== 'abandon';
}

/** A case that opens again so soon after its like is told once it has lasted. */
const LASTS_MS = 180_000;

/**
 * Whether its like was told and closed within the last half hour, and it has not lasted yet: what
 * comes and goes would be two messages each time. What was removed or needs a person is told at
 * once.
 */
function isWavering(before: Case, { action }: Decision, now: number, lately: readonly Case[]): boolean {
  if (action !== 'keep' || before.outbox.length > 0 || before.ejections.length > 0 || now - before.openedAt >= LASTS_MS) return false;
  return lately.some((other) => isLike(other, before) && other.outbox.length > 0 && now - (other.closedAt ?? 0) < AGAIN_MS);
}

function isLike(other: Case, { about, groupArn, target }: Case): boolean {
  const key = (of: Case['target']) => (of === undefined ? '' : targetKey(of));
  const kinds: readonly Case['about'][] = ['target', 'shared', 'blind'];
  return kinds.includes(about) && other.about === about && other.groupArn === groupArn && key(other.target) === key(target);
}

/**
 * Whether the event is enough: a clean return, of which the end of the case tells. The removal was
 * told, nobody was called, nobody asked for the return, it came before the lease ended, and its
 * cause is not there any more.
 * @param incident the case after the decision
 */
export function isToldByEventAlone(incident: Case, decision: Decision): boolean {
  const { action, short } = decision;
  if (decision.action === 'replace') return decision.step === 'stop' && isStopExpected(incident);
  const ejection = currentEjection(incident);
  if ((action !== 'watch' && action !== 'restore') || short === true || ejection === undefined) return false;
  const told = incident.outbox.filter(({ at, quiet }) => at >= ejection.intentAt && quiet !== true);
  const isRemovalTold = told.some(({ id }) => id.startsWith(`${incident.id}/eject/`) || id.startsWith(`${incident.id}/hold/`));
  const isPaged = told.some(({ severity }) => severity === 'page');
  const inTime = (ejection.restoredAt ?? ejection.restoreIntentAt ?? Infinity) < ejection.leaseEndsAt;
  return isRemovalTold && !isPaged && inTime && ejection.restoreAskedBy === undefined && incident.causeStatus !== 'present';
}

/** The first alert said that the task is stopped, and nobody was called since. */
function isStopExpected({ id, outbox, replacement }: Case): boolean {
  const told = outbox.filter(({ quiet }) => quiet !== true);
  const isBeginTold = told.some((entry) => entry.id.startsWith(`${id}/replace-begin/`) && entry.at >= (replacement?.intentAt ?? Infinity));
  return isBeginTold && told.every(({ severity }) => severity !== 'page');
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
