/**
 * A target that is out while its instance is stopped: it has not vanished, and nobody can bring it
 * back before it runs again.
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
 * Its scheduled restore is kept, and kept in the future: it would fail now, and be given up after
 * an hour of retries.
 */
export function waitForIt(situation: Pick<Situation, 'now' | 'instanceStates'>, incident: TargetCase, ejection: Ejection): Verdict {
  const reason = `its instance is ${situation.instanceStates?.get(incident.target.id)}: it is restored when it runs again`;
  const leaseEndsAt = leaseOfOneThatWaits(situation.now, ejection);
  return { action: 'wait', reason, ejection, ...(leaseEndsAt === undefined ? {} : { leaseEndsAt }) };
}

/** When a lease that is half over, or over, ends anew; undefined as long as there is more left. */
export function leaseOfOneThatWaits(now: number, ejection: Ejection): number | undefined {
  const halfMs = (ejection.leaseS * 1000) / 2;
  return ejection.leaseEndsAt - now > Math.max(halfMs, LEASE_SLACK_MS) ? undefined : now + ejection.leaseS * 1000;
}
