/**
 * Guardrails of Standby, and what Auto Scaling shows of an instance that is, or was, on standby.
 * They pass for static targets.
 */
import { isOut } from '../case';
import type { Ejection } from '../model';
import { autoScalingOf, check, type Candidate, type Guardrail } from './candidate';
import { casesOfInstance } from './past';
import { affectedGroups } from './affected-groups';
import { AZ_REBALANCE, zonesStayBalanced } from './zone-balance';

const NOT_MEMBER = 'in no Auto Scaling group';

/**
 * EnterStandby with decrement is refused below the minimum (EC2 Auto Scaling API reference). It is
 * checked first, so that the alert says so.
 */
const aboveMinimum: Guardrail = (candidate) => {
  const view = autoScalingOf(candidate);
  if (view === undefined) return check('asg-at-min', true, NOT_MEMBER, 'applies to members of one only');
  const passed = view.desired - view.units >= view.minSize;
  return check(
    'asg-at-min',
    passed,
    `${view.name}: desired ${view.desired}, minimum ${view.minSize}`,
    `desired capacity at least ${view.units} above it`,
  );
};

/**
 * ExitStandby raises the desired capacity and is refused above the maximum. A scaling policy may
 * launch another instance meanwhile, so there must be room for that one too. Whether a launch hook
 * runs on the way out of standby is not documented. It once did, and terminated instances
 * (aws-samples/aws-codedeploy-samples #30). Whoever completes a hook may abandon the instance,
 * whatever the default is, so no hook is allowed.
 */
const roomToComeBack: Guardrail = (candidate) => {
  const view = autoScalingOf(candidate);
  if (view === undefined) return check('no-way-back', true, NOT_MEMBER, 'applies to members of one only');
  const { name, desired, maxSize, units, launchHooks } = view;
  const passed = desired + units <= maxSize && launchHooks.length === 0;
  const hooks = launchHooks.length === 0 ? 'no launch hook' : `launch hooks ${launchHooks.join(', ')}`;
  return check(
    'no-way-back',
    passed,
    `${name}: desired ${desired}, maximum ${maxSize}, ${hooks}`,
    `desired capacity at least ${units} below the maximum, and no launch hook`,
  );
};

/**
 * A refresh of instances, suspended processes or draining by others: somebody else moves targets.
 */
const noDeployment: Guardrail = (candidate) => {
  const view = autoScalingOf(candidate);
  if (view === undefined) return check('frozen-deployment', true, NOT_MEMBER, 'applies to members of one only');
  const signs = [
    ...view.refreshes.map((status) => `instance refresh ${status}`),
    ...view.suspendedProcesses.filter((name) => name !== AZ_REBALANCE).map((name) => `${name} suspended`),
    ...view.inTransition,
    ...drainingElsewise(candidate).map((id) => `${id} draining, not by Sickbay`),
  ];
  return check('frozen-deployment', signs.length === 0, `${view.name}: ${signs.join(', ') || 'at rest'}`, 'nothing under way');
};

function drainingElsewise(candidate: Candidate): string[] {
  const ours = new Set(candidate.situation.openCases.filter((other) => isOut(other)).map((other) => other.target?.id));
  const draining = affectedGroups(candidate).flatMap(({ lbView }) => lbView.filter((entry) => entry.state.endsWith('draining')));
  return [...new Set(draining.map((entry) => entry.target.id))].filter((id) => !ours.has(id));
}

/**
 * Standby removes the instance from every attached group: one that cannot be read cannot be
 * evaluated.
 */
export const attachedGroupsRead: Guardrail = (candidate) => {
  const unread = autoScalingOf(candidate)?.unread ?? [];
  return check('capacity-unknown', unread.length === 0, unread.join('; ') || 'every group was read', 'every attached group can be read');
};

/**
 * Standby deregisters only what the group registered, and an instance leaves it only after it has
 * drained everywhere.
 */
const standbyFits: Guardrail = (candidate) => {
  const { group, incident, situation } = candidate;
  const view = autoScalingOf(candidate);
  if (view === undefined) return check('owner-unsupported', true, NOT_MEMBER, 'applies to members of one only');
  const { port, name } = group.group;
  const drainS = Math.max(
    ...affectedGroups(candidate).map(({ attributes }) => Number(attributes['deregistration_delay.timeout_seconds'] ?? 300)),
  );
  const { leaseS } = situation.config.durations;
  const problems = [
    ...(view.attachedHere ? [] : [`not attached to ${name}`]),
    ...(incident.target.port === port ? [] : [`registered on port ${incident.target.port}, by somebody else than the group`]),
    ...(drainS * 2 <= leaseS ? [] : [`drains for ${drainS} s of a lease of ${leaseS} s`]),
  ];
  return check(
    'owner-unsupported',
    problems.length === 0,
    `${view.name}: ${problems.join(', ') || `attached, drains for ${drainS} s`}`,
    'attached to the target group, on its port, drained within half a lease',
  );
};

const inService: Guardrail = (candidate) => {
  const lifecycle = autoScalingOf(candidate)?.lifecycle;
  return check('world-changed', lifecycle === undefined || lifecycle === 'InService', lifecycle ?? NOT_MEMBER, 'InService');
};

/**
 * When another case has, or may have, the instance on standby, that case is settled first: there is
 * one Standby, whichever group asked for it.
 */
const notOutElsewhere: Guardrail = (candidate) => {
  const { situation, incident } = candidate;
  const view = autoScalingOf(candidate);
  if (view === undefined) return check('world-changed', true, NOT_MEMBER, 'applies to members of one only');
  const others = casesOfInstance(situation, incident).filter((other) => other.id !== incident.id && isOut(other));
  return check(
    'world-changed',
    others.length === 0,
    others.length === 0 ? 'not out' : `out, or about to be, on behalf of ${others.map((other) => other.id).join(', ')}`,
    'not out on behalf of another case',
  );
};

export const STANDBY_GUARDRAILS: readonly Guardrail[] = [
  aboveMinimum,
  zonesStayBalanced,
  roomToComeBack,
  noDeployment,
  attachedGroupsRead,
  standbyFits,
  inService,
  notOutElsewhere,
];

// ---------------------------------------------------------------- what Auto Scaling shows
// afterwards

type Member = Pick<Candidate, 'group' | 'incident'>;

/** Out according to Auto Scaling, whatever target health still shows. */
export function isOnStandby(member: Member, ejection: Ejection): boolean {
  const lifecycle = autoScalingOf(member)?.lifecycle;
  return ejection.owner === 'asg' && (lifecycle === 'EnteringStandby' || lifecycle === 'Standby');
}

/**
 * Terminated or detached while it was out, as far as this run read: the group is asked once more
 * before any conclusion.
 */
export function seemsGone(member: Member, ejection: Ejection): boolean {
  if (ejection.owner !== 'asg') return false;
  const seen = member.group.owners.get(member.incident.target.id);
  return seen?.owner === 'static' || /^(Terminat|Detach)/.test(autoScalingOf(member)?.lifecycle ?? '');
}
