/** How long a target stays out. */
import type { TargetCase } from '../model';
import { shortestLeaseS } from './drain';
import { pastOf } from './past';
import type { Situation } from './situation';

/**
 * The first lease is `leaseS`; each ejection of the target within six hours doubles it, up to
 * `leaseCapS`. Of an address it ends after it can be registered again.
 */
export function nextLeaseS(situation: Situation, incident: TargetCase): number {
  const { leaseS, leaseCapS } = situation.config.durations;
  const group = situation.groups.find((one) => one.group.arn === incident.groupArn);
  const leastS = group === undefined ? 0 : shortestLeaseS(group.group, incident.target);
  return Math.min(leaseCapS, Math.max(leastS, leaseS * 2 ** pastOf(situation, incident).ejections));
}
