/**
 * Every guardrail of a removal: one function each, in one table. A guardrail that cannot be
 * evaluated does not pass. Guardrails rest on what was read in this run. None applies to a restore,
 * so that none keeps a target out.
 */
import { currentEjection, groupName, isServing, lbTargetOf } from '../case';
import { ENFORCE_TAG_KEY, targetKey, taskOf, type Blocked, type GuardrailCheck, type TargetCase } from '../model';
import { isOfNetwork, spokenTo } from '../spoken';
import { agentInFront } from '../target-optimizer';
import { isUnreadable } from '../unreadable';
import { openBreakers, type BreakerScope } from './breaker';
import { autoScalingOf, check, type Candidate, type Guardrail } from './candidate';
import { capacityCheck, freshLoads, type DeclaredCapacity } from './capacity';
import { evidenceSince } from './evidence';
import { floorAt, zoneFloorAt } from './floor';
import { holdsOn, holdText } from './hold';
import { holderGuardrails } from './holder';
import { casesOfInstance } from './past';
import { carryingAt, inEachAffectedGroup, leftAt, originalAt, affectedGroups, servingAt, type AffectedGroup } from './affected-groups';
import { corroborated, notAwaited, uncontradicted } from './second-view/second-view';
import { evaluateService, evaluateWhileOut as evaluateServiceWhileOut, type OfService } from './replace/guardrails';
import { slowedIn } from './slowed';
import type { GroupSituation } from './situation';
import { attachedGroupsRead, STANDBY_GUARDRAILS } from './standby';
import { networkSettled } from './network-settled';

/**
 * Evaluates all guardrails, so that the alert shows each one that failed and not only the first.
 */
export function evaluateGuardrails(candidate: Candidate): GuardrailCheck[] {
  const of = [...GUARDRAILS, ...holderGuardrails(candidate), ...(isOfNetwork(candidate.group.group) ? [networkSettled] : [])];
  const all = of.map((guardrail) => guardrail(candidate));
  return candidate.group.config.owner === 'ecs' ? [...all, ...evaluateService(candidate)] : all;
}

/** A guardrail that needs no conviction: it holds of a target that is out as well. */
type WhileOut = (asked: OfService) => GuardrailCheck;

// ---------------------------------------------------------------- authority

const mode: WhileOut = (candidate) => {
  const { situation, group } = candidate;
  const view = autoScalingOf(candidate);
  const { mode: configured, stack } = situation.config;
  const all = [group.group.tags, ...(view === undefined ? [] : [view.tags])];
  const value = [
    configured,
    `target group ${taggedText(group.group.tags, stack)}`,
    ...(view === undefined ? [] : [`Auto Scaling group ${view.name} ${taggedText(view.tags, stack)}`]),
  ];
  const passed = configured === 'enforce' && all.every((tags) => tags[ENFORCE_TAG_KEY] === stack);
  return check(
    'mode-observe',
    passed,
    value.join(', '),
    `enforce and the tag ${ENFORCE_TAG_KEY}=${stack}${view === undefined ? '' : ' on both'}`,
  );
};

/**
 * `true` was the tag's value before it named a stack: a group that still carries it is observed,
 * and the alert says what to set.
 */
function taggedText(tags: Readonly<Record<string, string>>, stack: string): string {
  const value = tags[ENFORCE_TAG_KEY];
  if (value === undefined) return 'not tagged';
  if (value === stack) return 'tagged';
  return value === 'true'
    ? `tagged "true", which names no stack: set it to "${stack}"`
    : `tagged for another stack, ${JSON.stringify(value)}`;
}

const killSwitch: WhileOut = ({ situation }) => {
  const { killSwitch: read } = situation;
  return check('kill-switch', read.state === 'off', read.state === 'on' && read.why !== undefined ? `on (${read.why})` : read.state, 'off');
};

const ownerDeclared: WhileOut = ({ group }) =>
  check('owner-undeclared', group.config.owner !== undefined, group.config.owner ?? 'nothing declared', 'static, asg or ecs');

/** The observed owner must be the declared one. */
const ownerSupported: Guardrail = ({ group, incident }) => {
  if (group.config.owner === 'ecs') return ownedByService(group, incident);
  const seen = group.owners.get(incident.target.id) ?? { owner: 'unknown' as const, why: 'not observed' };
  const summary = 'why' in seen ? `${seen.owner}: ${seen.why}` : seen.owner;
  return check('owner-unsupported', seen.owner === group.config.owner, summary, `${group.config.owner ?? 'static or asg'}, as declared`);
};

/** What service it is, and whose task, is asked by `service-differs`. */
function ownedByService({ service, group: { arn } }: GroupSituation, { target }: TargetCase): GuardrailCheck {
  const task = taskOf(service, arn, target);
  const why = service === undefined ? 'not read' : 'why' in service ? service.why : 'no running task of the declared service';
  return check('owner-unsupported', task !== undefined, task === undefined ? `unknown: ${why}` : 'ecs', 'ecs, as declared');
}

/** Behind a Network Load Balancer only what is declared, and an instance alone. */
function isActedOn({ group, config }: GroupSituation, protocol: string): boolean {
  if (protocol === 'HTTP' || protocol === 'HTTPS') return true;
  return isOfNetwork(group) && config.nlb === 'act' && group.targetType === 'instance' && config.owner !== 'ecs';
}

const targetSupported: Guardrail = ({ group, incident }) => {
  const { targetType, protocol, protocolVersion = 'HTTP1' } = group.group;
  const spoken = spokenTo(group.group, group.config.probe);
  const isKnown = targetType === 'instance' || targetType === 'ip';
  const agent = agentInFront(group.group, incident.target.port, group.config.probe?.port);
  const passed = isKnown && isActedOn(group, protocol) && spoken.ok && agent === undefined;
  const why = [...(spoken.ok ? [] : [spoken.why]), ...(agent === undefined ? [] : [agent])];
  const value = [`${targetType} over ${protocol} ${protocolVersion}`, ...why].join(', ');
  return check(
    'target-unsupported',
    passed,
    value,
    'instance or ip over HTTP or HTTPS, or instance over TCP or TLS with "nlb", probed in its own protocol version',
  );
};

const probePath: Guardrail = ({ group }) =>
  check('no-probe-path', group.config.probe !== undefined, group.config.probe?.path ?? 'none configured', 'a configured path');

// ---------------------------------------------------------------- evidence

const enoughPeers: Guardrail = ({ round }) => {
  const comparable = round.verdicts.filter((verdict) => verdict.verdict !== 'unjudged' && !verdict.cold).length;
  return check('too-few-peers', comparable >= 3, `${comparable} comparable targets`, 'at least 3');
};

const reached: Guardrail = ({ verdict }) =>
  check('never-reached', verdict.everReached, verdict.everReached ? 'answered before' : 'never answered a probe', 'answered at least once');

/**
 * How far a round may end in the future, s. Two functions' clocks differ by less; half a round
 * ahead is a broken clock, and how old the evidence is nobody knows.
 */
const AHEAD_S = 30;

const fresh: Guardrail = (candidate) => {
  const { situation, round } = candidate;
  const { evidenceS, staleS } = situation.config.durations;
  const ageS = (situation.now - round.endedAt) / 1000;
  const spanS = Math.max(0, (round.endedAt - evidenceSince(candidate)) / 1000);
  const passed = spanS >= evidenceS && ageS < staleS && ageS >= -AHEAD_S;
  return check(
    'stale-evidence',
    passed,
    `spans ${seconds(spanS)}, ended ${seconds(ageS)} ago`,
    `spans ${evidenceS} s or more, ended less than ${staleS} s ago`,
  );
};

/**
 * Rests on pools that were read lately: how full they were at an earlier removal says nothing about
 * now.
 */
const noSharedCause: Guardrail = ({ situation, round, incident, group, verdict }) => {
  const read = freshLoads(incident.loads ?? [], situation.now, situation.config.durations.staleS * 1000);
  const others = read.flatMap(({ host, pool }) => (host === incident.target.id || pool === undefined || pool.max <= 0 ? [] : [pool]));
  const full = others.filter((pool) => pool.active / pool.max >= 0.9).length;
  const { slowed, known, isMany } = slowedIn(round, group.rounds);
  const isOneOfMany = verdict.why === 'errors' && isMany;
  const passed = round.fleet !== 'shared' && !isOneOfMany && full * 3 < Math.max(1, others.length);
  return check(
    'shared-cause',
    passed,
    `round says ${round.fleet}; ${full} of ${others.length} peers' pools near full${isOneOfMany ? `; ${slowed} of ${known} are slower than they were` : ''}`,
    `not shared; fewer than a third near full${isOneOfMany ? '; no more than two in five slower' : ''}`,
  );
};

const noSharedZone: WhileOut = ({ round }) => check('shared-zone', round.fleet !== 'shared-zone', round.fleet, 'not shared-zone');
const sighted: WhileOut = ({ round }) => check('blind', round.fleet !== 'blind', round.fleet, 'not blind');
const pastGrace: Guardrail = ({ verdict, situation }) =>
  check('grace', !verdict.cold, verdict.cold ? 'cold' : 'warm', `warm: ${situation.config.durations.graceS} s after registration`);

// ---------------------------------------------------------------- how many

const floor: WhileOut = (candidate) => inEachAffectedGroup(candidate, (affected) => floorAt(affected, candidate));

const zoneFloor: WhileOut = (candidate) => inEachAffectedGroup(candidate, (affected) => zoneFloorAt(affected, candidate));

const capacity: Guardrail = (candidate) =>
  inEachAffectedGroup(candidate, (affected) => {
    const { incident, situation } = candidate;
    const servingNow = affected.lbView.filter((entry) => entry.state === 'healthy').length;
    return capacityCheck({
      loads: incident.loads ?? [],
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

const outBudget: Guardrail = (candidate) =>
  inEachAffectedGroup(candidate, (affected) => {
    const original = originalAt(affected, candidate).size;
    const most = original < 20 ? 1 : Math.floor(candidate.situation.config.limits.outFraction * original + 1e-9);
    const out = candidate.ledger.outIn(candidate.group.group.arn, candidate.incident);
    return check('budget-group', out + 1 <= most, `${out} out`, `fewer than ${most}`);
  });

const groupHour: Guardrail = ({ ledger, group, situation }) => {
  const lately = ledger.ejectionsLastHour(group.group.arn);
  const limit = situation.config.limits.ejectionsPerGroupHour;
  return check('budget-group-hour', lately + 1 <= limit, `${lately} removed in the last hour`, `fewer than ${limit}`);
};

const stackHour: Guardrail = ({ ledger, situation }) => {
  const lately = ledger.ejectionsLastHourInStack();
  const limit = situation.config.limits.ejectionsPerStackHour;
  return check('budget-stack', lately + 1 <= limit, `${lately} removed in the last hour`, `fewer than ${limit}`);
};

const noBreaker: WhileOut = ({ situation, group }) => {
  const open = openBreakers(situation.openCases, group.group.arn).length;
  return check('breaker-open', open === 0, `${open} open`, 'none: a person closes it');
};

/**
 * A hold in any affected group: Standby removes every port of the instance from every attached
 * group.
 */
const notHeld: WhileOut = (candidate) => {
  const { situation, incident } = candidate;
  const anyPort = autoScalingOf(candidate) !== undefined;
  const who = { target: incident.target, anyPort };
  return inEachAffectedGroup(candidate, ({ arn }) => {
    const holds = holdsOn(situation.openCases, arn, who, situation.now);
    return check('held', holds.length === 0, holds.map(holdText).join('; ') || 'not held', 'no hold');
  });
};

/**
 * The scope of the hourly limit that alone refuses this removal; undefined otherwise. The stack's
 * limit is the wider one.
 */
export function hourlyLimitAlone(checks: readonly GuardrailCheck[]): BreakerScope | undefined {
  const failed = checks.filter(({ passed }) => !passed).map(({ guardrail }) => guardrail);
  const limits: readonly Blocked[] = ['budget-group-hour', 'budget-stack', 'budget-service-hour'];
  if (failed.length === 0 || failed.some((reason) => !limits.includes(reason))) return undefined;
  return failed.includes('budget-stack') ? 'stack' : 'group';
}

// ---------------------------------------------------------------- the world moves

const noZonalShift: WhileOut = (candidate) => {
  const shifted = affectedGroups(candidate).flatMap(({ lbView }) => lbView.filter((entry) => entry.zonalShift === true)).length;
  return check('frozen-zonal-shift', shifted === 0, `${shifted} targets under a zonal shift`, 0);
};

const MITIGATION = 'load_balancing.algorithm.anomaly_mitigation';

/**
 * On the suspect or on a peer: Automatic Target Weights moves traffic by itself, and what it takes
 * from one target the others carry. Where it is on and the load balancer does not say whether it
 * acts, that is not known, and nothing is removed.
 */
const noMitigation: Guardrail = (candidate) => {
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

const unchanged: Guardrail = ({ group, incident }) => {
  const state = lbTargetOf(group.lbView, incident.target)?.state ?? 'not registered';
  return check('world-changed', state === 'healthy', state, 'healthy: it gets traffic');
};

/**
 * An instance that an operator registered again is left alone for as long as its ejections are
 * remembered, in every target group.
 */
const uncontested: Guardrail = ({ situation, incident }) => {
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
const recordsRead: WhileOut = ({ situation: { openCases, closedCases } }) => {
  const unread = [...openCases, ...closedCases].filter(isUnreadable);
  return check('unreadable-record', unread.length === 0, unread.map(({ id }) => id).join(', ') || 'none', 'every record can be read');
};

/**
 * Standby affects every attached group: where the Auto Scaling group cannot be read, what is left
 * there is not known.
 */
const standbySeen: Guardrail = (candidate) => {
  const seen = currentEjection(candidate.incident)?.owner !== 'asg' || autoScalingOf(candidate) !== undefined;
  return check(
    'capacity-unknown',
    seen,
    seen ? 'every group was read' : 'its Auto Scaling group was not read',
    'every attached group can be read',
  );
};

/**
 * The peers' pools in the diagnosis are of the time of the removal; the capacity projection says
 * how full they are now.
 */
const notSharedNow: WhileOut = ({ round }) => check('shared-cause', round.fleet !== 'shared', `round says ${round.fleet}`, 'not shared');

/**
 * The guardrails about the other targets and about the present, evaluated again before each
 * renewal.
 */
const RENEWAL_GUARDRAILS: readonly Guardrail[] = [
  notSharedNow,
  noSharedZone,
  sighted,
  floor,
  zoneFloor,
  capacity,
  standbySeen,
  attachedGroupsRead,
  outBudget,
  noZonalShift,
  recordsRead,
];

/**
 * Whether a target that is out may stay out for another lease, as far as that depends on the
 * others.
 */
export function evaluateRenewal(candidate: Candidate): GuardrailCheck[] {
  return RENEWAL_GUARDRAILS.map((guardrail) => guardrail(candidate));
}

/** Evaluated again in each round while a task is out, beside those of its service. */
const WHILE_OUT: readonly WhileOut[] = [mode, killSwitch, ownerDeclared, noBreaker, notHeld, noZonalShift, recordsRead];

/** Whether a task that is out may still be stopped, as far as the other targets do not matter. */
export function evaluateWhileOut(asked: OfService): GuardrailCheck[] {
  return [...WHILE_OUT.map((guardrail) => guardrail(asked)), ...evaluateServiceWhileOut(asked)];
}

/**
 * The others, by a recent round: a slow task is better than none where too few of them serve, and a
 * new one does not help where they are slow together.
 */
const BEFORE_STOP: readonly WhileOut[] = [notSharedNow, noSharedZone, sighted, floor, zoneFloor];

/** Whether a task that is out and has drained may be stopped now. */
export function evaluateBeforeStop(asked: OfService): GuardrailCheck[] {
  return [...evaluateWhileOut(asked), ...BEFORE_STOP.map((guardrail) => guardrail(asked))];
}

const GUARDRAILS: readonly Guardrail[] = [
  mode,
  killSwitch,
  ownerDeclared,
  ownerSupported,
  targetSupported,
  probePath,
  enoughPeers,
  reached,
  fresh,
  noSharedCause,
  noSharedZone,
  sighted,
  pastGrace,
  uncontradicted,
  notAwaited,
  corroborated,
  floor,
  zoneFloor,
  capacity,
  outBudget,
  groupHour,
  stackHour,
  noBreaker,
  notHeld,
  noZonalShift,
  noMitigation,
  uncontested,
  unchanged,
  ...STANDBY_GUARDRAILS,
  recordsRead,
];

function seconds(value: number): string {
  return `${Math.round(value)} s`;
}
