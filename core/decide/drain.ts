/**
 * When an address can be registered again: not before the deregistration delay is over
 * (Application Load Balancers guide, "Register targets"; ELB's refusal is dealt with all the same);
 * an instance need not wait.
 */
import { lbTargetOf } from '../case';
import { isInstanceId, type Ejection, type Target, type TargetGroup } from '../model';
import { UNDER_WAY_MS } from './settling';
import type { GroupSituation } from './situation';

/** ELB's default (TargetGroupAttribute, ELBv2 API reference). */
const DEFAULT_DELAY_S = 300;

/**
 * A lease ends so long after the delay at the earliest: the removal is carried out up to a minute
 * after its announcement, from which the lease counts, and target health may lag behind.
 */
export const AFTER_DELAY_S = 120;

/** Whom a removal keeps from being registered for a while: an address. */
export function hasToWait({ id }: Target): boolean {
  return !isInstanceId(id);
}

/** The group's deregistration delay, s; infinite where it cannot be read. */
export function delayS({ attributes }: Pick<TargetGroup, 'attributes'>): number {
  const delay = Number(attributes['deregistration_delay.timeout_seconds'] ?? DEFAULT_DELAY_S);
  return Number.isFinite(delay) ? delay : Infinity;
}

/** The shortest lease that the target can have, s: 0 for an instance. */
export function shortestLeaseS(group: Pick<TargetGroup, 'attributes'>, target: Target): number {
  return hasToWait(target) ? delayS(group) + AFTER_DELAY_S : 0;
}

/** From when on, in epoch ms, the target can be registered again: an instance at once. */
export function registrableAt({ target, intentAt, confirmedAt = Infinity, drainMs = DEFAULT_DELAY_S * 1000 }: Ejection): number {
  return hasToWait(target) ? Math.min(confirmedAt, intentAt + UNDER_WAY_MS) + drainMs : 0;
}

/**
 * Whether ELB would take the target now: the delay is over by what is on record of the removal, and
 * target health does not show it draining.
 */
export function isRegistrable(now: number, { lbView }: Pick<GroupSituation, 'lbView'>, ejection: Ejection): boolean {
  if (!hasToWait(ejection.target)) return true;
  const isDraining = lbTargetOf(lbView, ejection.target)?.state.endsWith('draining') === true;
  return now >= registrableAt(ejection) && !isDraining;
}
