/**
 * A target that is out while its instance is stopped: it has not vanished, and it cannot be
 * restored before the instance runs again.
 */
import type { Ejection, TargetCase } from '../model';
import type { Verdict } from './decision';
import { LEASE_SLACK_MS } from './settling';
import type { Situation } from './situation';

/** States from which an instance can be started again (EC2 user guide, instance lifecycle). */
const STOPPED = ['stopping', 'stopped'];

/**
 * RegisterTargets takes running instances alone, and an Auto Scaling group ends one that leaves
 * standby and does not run.
 */
export function isStopped({ instanceStates }: Pick<Situation, 'instanceStates'>, { target }: TargetCase): boolean {
  return STOPPED.includes(instanceStates?.get(target.id) ?? '');
}

/**
 * Its scheduled restore is kept in the future: it would fail now, and Scheduler gives up after an
 * hour of retries.
 */
export function waitForIt(situation: Pick<Situation, 'now' | 'instanceStates'>, incident: TargetCase, ejection: Ejection): Verdict {
  const reason = `its instance is ${situation.instanceStates?.get(incident.target.id)}: it is restored when it runs again`;
  const leaseEndsAt = leaseOfOneThatWaits(situation.now, ejection);
  return { action: 'wait', reason, ejection, ...(leaseEndsAt === undefined ? {} : { leaseEndsAt }) };
}

/** When a lease of which half is over is moved to end; undefined while more than half is left. */
export function leaseOfOneThatWaits(now: number, ejection: Ejection): number | undefined {
  const halfMs = (ejection.leaseS * 1000) / 2;
  return ejection.leaseEndsAt - now > Math.max(halfMs, LEASE_SLACK_MS) ? undefined : now + ejection.leaseS * 1000;
}
