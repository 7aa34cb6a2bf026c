/** What is remembered of a removal that was refused. */
import { describeAccessLogs } from '../access-log/describe';
import { describeBalancerView } from '../balancer-view';
import { isReturnRefused, verdictOf } from '../case';
import type { Case, Decision, Refusal, Round } from '../model';
import { clientLine, clientSlowFraction } from './round';

/**
 * Undefined when nothing was refused: the case is about no target, or nothing asked for its
 * removal.
 */
export function refusalOf(now: number, incident: Case, decision: Decision, round: Round | undefined): Refusal | undefined {
  const refusal = decision.action === 'keep' || decision.action === 'page';
  if (!refusal || decision.blocked.length === 0 || incident.target === undefined || isReturnRefused(incident, decision)) return undefined;
  return {
    at: now,
    blocked: decision.blocked,
    says: verdictOf(round, incident.target)?.says ?? decision.reason,
    ...(round === undefined ? {} : clientSeen(round)),
    ...(incident.balancer === undefined ? {} : { balancer: describeBalancerView(incident.balancer) }),
    ...(incident.accessLog === undefined ? {} : { accessLog: describeAccessLogs(incident.accessLog) }),
  };
}

function clientSeen(round: Round): Pick<Refusal, 'clientView' | 'clientSlowFraction'> {
  const fraction = clientSlowFraction(round);
  if (round.clientView === undefined || fraction === undefined) return {};
  return { clientView: clientLine(round, round.clientView), clientSlowFraction: fraction };
}
