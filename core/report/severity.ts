/** Who must hear of a decision: `page` where a person is needed now, because users are hurt or may be and Sickbay does nothing about it. */
import type { Blocked, Case, Decision, OutboxEntry } from '../model';

/** An operator has said that Sickbay shall only tell. */
const WANTED: readonly Blocked[] = ['mode-observe', 'held'];
/** Usually gone with one of the next rounds. */
const PASSING: readonly Blocked[] = ['stale-evidence', 'grace', 'world-changed'];

export function severityOf(value: Case, decision: Decision): OutboxEntry['severity'] {
  return needsAPerson(value, decision) ? 'page' : 'notify';
}

function needsAPerson(value: Case, { action, blocked }: Decision): boolean {
  if (action === 'page' || action === 'hold') return true;
  if (action !== 'keep') return false;
  // Users are in no group that does not exist.
  if (value.about === 'hold' || value.about === 'missing') return false;
  if (value.target === undefined) return true;
  return !blocked.some((reason) => WANTED.includes(reason)) && !blocked.every((reason) => PASSING.includes(reason));
}
