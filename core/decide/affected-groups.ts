/**
 * The target groups that a removal affects. A deregistration affects one; Standby removes the
 * instance from every target group that its Auto Scaling group is attached to, configured here or
 * not. A guardrail must hold in each of them.
 */
import { isOut, isRegistered, isSuspected, isTargetCase } from '../case';
import { configOf } from '../config';
import { targetKey, type GuardrailCheck, type InstanceFacts, type LbTarget, type Round, type Target } from '../model';
import { isOutForReplacement } from '../replacement';
import { autoScalingOf, type Asked, type Candidate } from './candidate';

export interface AffectedGroup {
  readonly arn: string;
  readonly lbView: readonly LbTarget[];
  readonly attributes: Readonly<Record<string, string>>;
  readonly minHealthy: number;
  /** False where every zone carries its own share, or where that could not be told. */
  readonly crossZone: boolean;
  /** Whether our measurements say that the target is well. */
  readonly isWell: (entry: LbTarget) => boolean;
  /** Whether they say that it is not; neither holds for a target that was not measured. */
  readonly isIll: (entry: LbTarget) => boolean;
  /** Prefix of a value, for a group other than the case's own. */
  readonly label: string;
}

/** The case's own group first. */
export function affectedGroups(candidate: Asked): [own: AffectedGroup, ...attached: AffectedGroup[]] {
  const { group, round } = candidate;
  const own: AffectedGroup = {
    arn: group.group.arn,
    lbView: group.lbView,
    attributes: group.group.attributes,
    minHealthy: group.config.minHealthy,
    crossZone: isCrossZone(group.group.attributes, group.group.protocol.startsWith('HTTP')),
    isWell: wellIn(round),
    isIll: illIn(round),
    label: '',
  };
  return [own, ...attachedGroups(candidate)];
}

function attachedGroups(candidate: Asked): AffectedGroup[] {
  const { situation, round } = candidate;
  return (autoScalingOf(candidate)?.attached ?? []).map(({ arn, lbView, attributes, tags }) => {
    const measured = situation.latest.get(arn);
    return {
      arn,
      lbView,
      attributes,
      minHealthy: configOf(situation.config, { arn, tags })?.minHealthy ?? 1,
      crossZone: isCrossZone(attributes, attributes[ALB_ONLY] !== undefined),
      isWell: measured === undefined ? notIllIn(round) : wellIn(measured),
      isIll: illIn(measured ?? round),
      label: `${arn.split('/')[1] ?? arn}: `,
    };
  });
}

/**
 * An attribute that only the target groups of an Application Load Balancer have (ELBv2 API
 * reference, TargetGroupAttribute).
 */
const ALB_ONLY = 'load_balancing.algorithm.type';

/**
 * Of an Application Load Balancer cross-zone is on, and cannot be turned off, unless the group
 * itself says so; of a Network Load Balancer it is off by default (ELBv2 API reference,
 * LoadBalancerAttribute), and its own attributes are not asked for.
 */
export function isCrossZone(attributes: Readonly<Record<string, string>>, ofApplication: boolean): boolean {
  const setting = attributes['load_balancing.cross_zone.enabled'] ?? 'use_load_balancer_configuration';
  return setting === 'true' || (setting === 'use_load_balancer_configuration' && ofApplication);
}

function wellIn(round: Round): AffectedGroup['isWell'] {
  const well = new Set(round.verdicts.filter((verdict) => verdict.verdict === 'clean').map((verdict) => verdict.key));
  return ({ target }) => well.has(targetKey(target));
}

function illIn(round: Round): AffectedGroup['isIll'] {
  const hosts = new Map(round.lbView.map(({ target }) => [targetKey(target), target.id]));
  const ill = new Set(round.verdicts.filter((verdict) => isSuspected(verdict)).map((verdict) => hosts.get(verdict.key)));
  return ({ target }) => ill.has(target.id);
}

/**
 * A group that is not measured has the same hosts: a host that is slow in one is slow in the other.
 */
function notIllIn(round: Round): AffectedGroup['isWell'] {
  const hosts = new Map(round.lbView.map(({ target }) => [targetKey(target), target.id]));
  const ill = new Set(round.verdicts.filter((verdict) => verdict.verdict !== 'clean').map((verdict) => hosts.get(verdict.key)));
  return ({ target }) => !ill.has(target.id);
}

/**
 * Targets that serve well: healthy to the load balancer, and not suspect, convicted or cold to us.
 */
export function servingAt(affected: AffectedGroup): LbTarget[] {
  return affected.lbView.filter((entry) => entry.state === 'healthy' && affected.isWell(entry));
}

/** The serving targets that stay. */
export function leftAt(affected: AffectedGroup, candidate: Asked): LbTarget[] {
  return servingAt(affected).filter(stays(candidate));
}

/**
 * The targets that get requests and stay, except for suspects: their load grows, whether or not
 * they count as serving well.
 */
export function carryingAt(affected: AffectedGroup, candidate: Asked): LbTarget[] {
  return affected.lbView.filter((entry) => entry.state === 'healthy' && !affected.isIll(entry)).filter(stays(candidate));
}

/** The targets that are registered after the removal, whatever their state. */
export function registeredAfterAt(affected: AffectedGroup, candidate: Asked): LbTarget[] {
  return affected.lbView.filter((entry) => isRegistered(entry)).filter(stays(candidate));
}

/** Standby removes every port of the instance, a deregistration only the target's own. */
function stays(candidate: Asked): (entry: LbTarget) => boolean {
  const { target } = candidate.incident;
  return autoScalingOf(candidate) === undefined
    ? (entry) => targetKey(entry.target) !== targetKey(target)
    : (entry) => entry.target.id !== target.id;
}

/**
 * Keys of the set that was registered before the first removal: what is registered now, and what we
 * have removed.
 */
export function originalAt(affected: AffectedGroup, candidate: Asked, counts: (target: Target) => boolean = () => true): Set<string> {
  const registered = affected.lbView.filter((entry) => isRegistered(entry)).map(({ target }) => target);
  const there = new Set(registered.map(({ id }) => id));
  const out = candidate.situation.openCases.filter(isTargetCase).filter((other) => isOut(other) || isOutForReplacement(other));
  const here = out.filter((other) => other.groupArn === affected.arn).map(({ target }) => target);
  const onStandby = out.filter((other) => isOutOf(candidate, other)).map(({ target }) => target);
  const elsewhere = onStandby.filter(({ id }) => !there.has(id) && !here.some((target) => target.id === id));
  const all = [...registered, ...here, ...elsewhere].filter((target) => counts(target));
  return new Set(all.map((target) => targetKey(target)));
}

/**
 * Whether it is on standby, for any case, in the candidate's Auto Scaling group, and so out of
 * every attached group.
 */
function isOutOf(candidate: Asked, other: Candidate['incident']): boolean {
  const name = autoScalingOf(candidate)?.name;
  return name !== undefined && other.ejections.some((ejection) => ejection.abandonedAt === undefined && ejection.autoScalingGroup === name);
}

/** What the newest rounds of all groups say about the instances. */
export function instancesOf({ situation, round }: Asked): Readonly<Record<string, InstanceFacts>> {
  return Object.assign({}, ...situation.groups.map((group) => group.rounds[0]?.instances), round.instances) as Record<
    string,
    InstanceFacts
  >;
}

/** The check of the first group in which it fails, or of the case's own group. */
export function inEachAffectedGroup(candidate: Asked, checkAt: (affected: AffectedGroup) => GuardrailCheck): GuardrailCheck {
  const inGroup = (affected: AffectedGroup): GuardrailCheck => {
    const checked = checkAt(affected);
    return { ...checked, value: `${affected.label}${checked.value}` };
  };
  const [own, ...attached] = affectedGroups(candidate);
  const first = inGroup(own);
  return [first, ...attached.map(inGroup)].find((checked) => !checked.passed) ?? first;
}
