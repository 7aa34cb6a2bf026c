/**
 * Guardrails on what else changes the targets or the records: people, the load balancer, Auto
 * Scaling, and another version of Sickbay.
 */
import { currentEjection, groupName, isServing, lbTargetOf } from '../../case';
import { targetKey } from '../../model';
import { isUnreadable } from '../../unreadable';
import { autoScalingOf, check, type Guardrail, type WhileOut } from '../candidate';
import { holdsOn, holdText } from '../hold';
import { casesOfInstance } from '../past';
import { inEachAffectedGroup, affectedGroups } from '../affected-groups';

/**
 * A hold in any affected group: Standby removes every port of the instance from every attached
 * group.
 */
export const notHeld: WhileOut = (candidate) => {
  const { situation, incident } = candidate;
  const anyPort = autoScalingOf(candidate) !== undefined;
  const who = { target: incident.target, anyPort };
  return inEachAffectedGroup(candidate, ({ arn }) => {
    const holds = holdsOn(situation.openCases, arn, who, situation.now);
    return check('held', holds.length === 0, holds.map(holdText).join('; ') || 'not held', 'no hold');
  });
};

export const noZonalShift: WhileOut = (candidate) => {
  const shifted = affectedGroups(candidate).flatMap(({ lbView }) => lbView.filter((entry) => entry.zonalShift === true)).length;
  return check('frozen-zonal-shift', shifted === 0, `${shifted} targets under a zonal shift`, 0);
};

const MITIGATION = 'load_balancing.algorithm.anomaly_mitigation';

/**
 * On the suspect or on a peer: Automatic Target Weights moves traffic by itself, and what it takes
 * from one target the others carry. Where it is on and the load balancer does not say whether it
 * acts, that is not known, and nothing is removed.
 */
export const noMitigation: Guardrail = (candidate) => {
  const groups = affectedGroups(candidate);
  const mitigated = groups.flatMap(({ lbView }) => lbView.filter((entry) => entry.mitigationInEffect === true));
  const untold = groups
    .filter(({ attributes }) => attributes[MITIGATION] === 'on')
    .flatMap(({ lbView }) => lbView.filter((entry) => isServing(entry) && entry.mitigationUntold === true));
  const itself = mitigated.some(({ target }) => targetKey(target) === targetKey(candidate.incident.target)) ? ', it among them' : '';
  const value = `${mitigated.length} targets with anomaly mitigation in effect${itself}`;
  return check(
    'frozen-atw',
    mitigated.length + untold.length === 0,
    untold.length === 0 ? value : `${value}, ${untold.length} of which it is not told`,
    0,
  );
};

export const unchanged: Guardrail = ({ group, incident }) => {
  const state = lbTargetOf(group.lbView, incident.target)?.state ?? 'not registered';
  return check('world-changed', state === 'healthy', state, 'healthy: it gets traffic');
};

/**
 * An instance that an operator registered again is left alone for as long as its ejections are
 * remembered, in every target group.
 */
export const uncontested: Guardrail = ({ situation, incident }) => {
  const cases = casesOfInstance({ openCases: [], closedCases: situation.closedCases }, incident);
  const contested = cases.filter((other) => other.decision?.blocked.includes('contested') === true);
  const places = contested.map((other) => groupName(other.groupArn)).join(', ');
  const summary = contested.length === 0 ? 'by no one' : `re-registered by someone else ${contested.length} times (${places})`;
  return check('contested', contested.length === 0, summary, 'not within six hours');
};

/**
 * Budgets and holds apply to the whole stack: with one unreadable record none of them can be
 * evaluated.
 */
export const recordsRead: WhileOut = ({ situation: { openCases, closedCases } }) => {
  const unread = [...openCases, ...closedCases].filter(isUnreadable);
  return check('unreadable-record', unread.length === 0, unread.map(({ id }) => id).join(', ') || 'none', 'every record can be read');
};

/**
 * Standby affects every attached group: where the Auto Scaling group cannot be read, what is left
 * there is not known.
 */
export const standbySeen: Guardrail = (candidate) => {
  const seen = currentEjection(candidate.incident)?.owner !== 'asg' || autoScalingOf(candidate) !== undefined;
  return check(
    'capacity-unknown',
    seen,
    seen ? 'every group was read' : 'its Auto Scaling group was not read',
    'every attached group can be read',
  );
};
