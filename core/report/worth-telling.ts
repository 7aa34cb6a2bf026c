/** Whether a decision is news: a removal that stays forbidden for the same reasons is told once, not in every round. */
import type { Case, Decision } from '../model';

export function worthTelling(before: Case, decision: Decision): boolean {
  if (decision.action === 'renew' || decision.action === 'abandon') return false;
  if (decision.action === 'close') return before.outbox.length > 0 || before.ejections.length > 0;
  if (decision.action !== 'keep') return true;
  if (decision.blocked.length === 0) return false;
  return before.outbox.length === 0 || !sameReasons(before.decision?.blocked ?? [], decision.blocked);
}

function sameReasons(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((reason) => b.includes(reason));
}
