/**
 * A Network Load Balancer carries a change out late. The documentation says that new connections
 * end with the deregistration; they were seen for about 120 s after it (aws/containers-roadmap
 * #470, kubernetes-sigs/aws-load-balancer-controller #2366), and a new registration takes minutes
 * to get its first ones (#1834 there). Until then what a client meets, and how loaded the others
 * are, is that of before.
 */
import { isTargetCase } from '../case';
import type { Ejection, TargetState } from '../model';
import { check, type Guardrail } from './candidate';
import { isUnreadable } from '../unreadable';

/** New connections after a deregistration; for people. */
export const NETWORK_REMOVAL_S = 120;

/** The same, and one round more. */
export const NETWORK_SETTLES_S = 180;

/**
 * States of a target that was registered or deregistered lately, whoever did it: one that has come
 * into service since then may have been registered by a scheduled restore that no case knows of.
 */
const MOVING: readonly TargetState[] = ['draining', 'initial', 'healthy'];

/** Asked of groups behind a Network Load Balancer alone. */
export const networkSettled: Guardrail = ({ situation, group, round }) => {
  const { now, openCases, closedCases } = situation;
  const mine = [...openCases, ...closedCases].filter((one) => !isUnreadable(one) && isTargetCase(one) && one.groupArn === group.group.arn);
  const ours = mine.flatMap(({ ejections }) => ejections.flatMap(movesOf));
  const others = round.lbView.flatMap(({ state, sinceAt }) => (MOVING.includes(state) ? (sinceAt ?? []) : []));
  const last = Math.max(-Infinity, ...ours, ...others);
  const agoS = Math.round((now - last) / 1000);
  return check(
    'network-settling',
    agoS >= NETWORK_SETTLES_S,
    Number.isFinite(agoS) ? `last change ${agoS} s ago` : 'no change on record',
    `${NETWORK_SETTLES_S} s since the last removal or return in the group: a Network Load Balancer takes about ${NETWORK_REMOVAL_S} s`,
  );
};

/** A removal that was called off moved nothing. */
function movesOf({ intentAt, confirmedAt, restoredAt, abandonedAt }: Ejection): number[] {
  return abandonedAt === undefined ? [intentAt, confirmedAt ?? intentAt, restoredAt ?? intentAt] : [];
}
