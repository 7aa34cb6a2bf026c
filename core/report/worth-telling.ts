/** Whether a decision is news: what stays as it is, for the same reasons, is told once and not in every round. */
import type { Action, Case, Decision } from '../model';

/** Told each time: each of them happens once. */
const DEEDS: readonly Action[] = ['eject', 'confirm', 'restore', 'watch'];

export function worthTelling(before: Case, decision: Decision): boolean {
  if (DEEDS.includes(decision.action)) return true;
  if (decision.action === 'renew' || decision.action === 'abandon') return false;
  if (decision.action === 'close') return before.outbox.length > 0 || before.ejections.length > 0;
  if (before.about === 'missing' && decision.action === 'keep') return before.outbox.length === 0;
  if (decision.action === 'keep' && decision.blocked.length === 0) return false;
  if (decision.action === 'hold' && before.state !== 'out') return true;
  return before.outbox.length === 0 || !sameNews(before.decision, decision);
}

function sameNews(before: Decision | undefined, now: Decision): boolean {
  return before?.action === now.action && sameReasons(before.blocked, now.blocked);
}

function sameReasons(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((reason) => b.includes(reason));
}
