/**
 * Who must hear of a decision: `page` where a person is needed now, because users are hurt or may
 * be and Sickbay does nothing about it.
 */
import type { Blocked, Case, Decision, OutboxEntry } from '../model';

/** An operator has said that Sickbay shall only tell. */
const WANTED: readonly Blocked[] = ['mode-observe', 'held'];
/** Usually gone with one of the next rounds. */
const PASSING: readonly Blocked[] = ['stale-evidence', 'grace', 'world-changed', 'second-view-awaited', 'network-settling'];
/** Users are not hurt, as far as another view than the prober's shows. */
const UNFELT: readonly Blocked[] = ['contradicted'];

/**
 * The same for a renewal: it is asked for again in each round, and refused once more only at the
 * end of the lease.
 */
const PASSING_WHILE_OUT: readonly Blocked[] = [...PASSING, 'capacity-unknown', 'blind'];

export function severityOf(incident: Case, decision: Decision): OutboxEntry['severity'] {
  return needsAPerson(incident, decision) ? 'page' : 'notify';
}

function needsAPerson(incident: Case, decision: Decision): boolean {
  const { action, blocked } = decision;
  if (decision.action === 'replace') return decision.step === 'failed' || blocked.includes('contested');
  if (action === 'hold') return !isHeldOn(incident);
  if (action === 'page') return true;
  if (action !== 'keep') return false;
  // Users are in no group that does not exist.
  if (incident.about === 'hold' || incident.about === 'missing') return false;
  if (incident.target === undefined) return true;
  const passing = incident.state === 'out' ? PASSING_WHILE_OUT : PASSING;
  return !blocked.some((reason) => [...WANTED, ...UNFELT].includes(reason)) && !blocked.every((reason) => passing.includes(reason));
}

/** A lease that was renewed once more, after a person was paged about the one before. */
function isHeldOn({ decision, events }: Case): boolean {
  return decision?.action === 'hold' && events.at(-1)?.kind === 'lease-renewed';
}
