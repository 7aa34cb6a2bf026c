/** Guardrails on numbers: how many must go on serving, and how many Sickbay may remove. */
import { openBreakers } from '../breaker';
import { check, type Candidate, type Guardrail, type WhileOut } from '../candidate';
import { capacityCheck, type DeclaredCapacity } from '../capacity';
import { floorAt, zoneFloorAt } from '../floor';
import { carryingAt, inEachAffectedGroup, leftAt, originalAt, servingAt, type AffectedGroup } from '../affected-groups';

export const floor: WhileOut = (candidate) => inEachAffectedGroup(candidate, (affected) => floorAt(affected, candidate));

export const zoneFloor: WhileOut = (candidate) => inEachAffectedGroup(candidate, (affected) => zoneFloorAt(affected, candidate));

export const capacity: Guardrail = (candidate) =>
  inEachAffectedGroup(candidate, (affected) => {
    const { incident, situation } = candidate;
    const servingNow = affected.lbView.filter((entry) => entry.state === 'healthy').length;
    return capacityCheck({
      loads: incident.loads ?? [],
      tasksUnread: incident.taskLoads?.unread,
      survivors: survivingHosts(affected, candidate),
      now: situation.now,
      keptMs: situation.config.durations.staleS * 1000,
      declared: affected.arn === candidate.group.group.arn ? declaredCapacity(candidate) : undefined,
      servingNow: Math.max(servingNow, servingAt(affected).length),
      servingAfter: leftAt(affected, candidate).length,
      ceiling: situation.config.limits.capacityCeiling,
    });
  });

/**
 * The load of the slow host says nothing about the others, even where another of its ports stays
 * registered.
 */
function survivingHosts(affected: AffectedGroup, candidate: Candidate): Set<string> {
  const ids = carryingAt(affected, candidate).map(({ target }) => target.id);
  return new Set(ids.filter((id) => id !== candidate.incident.target.id));
}

/** Only for the case's own group: CloudWatch is not read for other groups of the instance. */
function declaredCapacity({ situation, group, incident: { balancer } }: Candidate): DeclaredCapacity | undefined {
  const { capacity: declared } = group.config;
  if (declared === undefined) return undefined;
  const fresh = balancer !== undefined && situation.now - balancer.readAt < situation.config.durations.staleS * 1000;
  return { ...declared, view: fresh ? balancer : undefined };
}

export const outBudget: Guardrail = (candidate) =>
  inEachAffectedGroup(candidate, (affected) => {
    const original = originalAt(affected, candidate).size;
    const most = original < 20 ? 1 : Math.floor(candidate.situation.config.limits.outFraction * original + 1e-9);
    const out = candidate.ledger.outIn(candidate.group.group.arn, candidate.incident);
    return check('budget-group', out + 1 <= most, `${out} out`, `fewer than ${most}`);
  });

export const groupHour: Guardrail = ({ ledger, group, situation }) => {
  const lately = ledger.ejectionsLastHour(group.group.arn);
  const limit = situation.config.limits.ejectionsPerGroupHour;
  return check('budget-group-hour', lately + 1 <= limit, `${lately} removed in the last hour`, `fewer than ${limit}`);
};

export const stackHour: Guardrail = ({ ledger, situation }) => {
  const lately = ledger.ejectionsLastHourInStack();
  const limit = situation.config.limits.ejectionsPerStackHour;
  return check('budget-stack', lately + 1 <= limit, `${lately} removed in the last hour`, `fewer than ${limit}`);
};

export const noBreaker: WhileOut = ({ situation, group }) => {
  const open = openBreakers(situation.openCases, group.group.arn).length;
  return check('breaker-open', open === 0, `${open} open`, 'none: a person closes it');
};
