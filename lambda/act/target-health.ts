/**
 * Reads of target health after a call, and before something is cancelled.
 */
import { isRegistered, lbTargetOf } from '../../core/case';
import type { LbTarget, TargetCase } from '../../core/model';
import { isGroupNotFound } from '../discover/gone';
import type { RespondPorts } from '../ports';

/** ELB shows a change within seconds; the next round reads what it does not show by then. */
const CONFIRM_TRIES = 10;
const CONFIRM_GAP_MS = 500;

/** Time between the two reads that a cancellation rests on. */
export const SECOND_LOOK_MS = 2_000;

type Ports = Pick<RespondPorts, 'clock' | 'loadBalancing'>;
type Subject = Pick<TargetCase, 'groupArn' | 'target'>;

/**
 * Whether target health shows the wanted registration within a few seconds. An empty answer shows
 * nothing.
 */
export async function seen(ports: Ports, { groupArn, target }: Subject, wanted: (registered: boolean) => boolean): Promise<boolean> {
  for (let attempt = 0; attempt < CONFIRM_TRIES; attempt++) {
    if (attempt > 0) await ports.clock.sleep(CONFIRM_GAP_MS);
    const view = await healthOf(ports, groupArn);
    if (view.length > 0 && wanted(isRegistered(lbTargetOf(view, target)))) return true;
  }
  return false;
}

/**
 * Target health once more, a moment after what was decided on: one read may be old, and nothing is
 * cancelled on one reading.
 */
export async function stillRegistered(ports: Ports, { groupArn, target }: Subject): Promise<boolean> {
  await ports.clock.sleep(SECOND_LOOK_MS);
  return isRegistered(lbTargetOf(await healthOf(ports, groupArn), target));
}

/** Empty for a group that was deleted, in which nothing is seen any more. */
async function healthOf({ loadBalancing }: Ports, groupArn: string): Promise<LbTarget[]> {
  try {
    return await loadBalancing.health(groupArn);
  } catch (error) {
    if (isGroupNotFound(error)) return [];
    throw error;
  }
}
