/**
 * Who has the address of a case's target now. A case is about whoever had it when it was opened: an
 * address is given to somebody else within minutes of an instance's end.
 */
import { sameHolder, targetKey, type Ejection, type TargetCase, type TargetRef } from '../model';
import type { Verdict } from './decision';
import { settledAt } from './settling';
import type { GroupSituation, Situation } from './situation';

/** Undefined for an instance, which is its own identity. */
export function refNow({ targetRefs }: GroupSituation, { target }: TargetCase): TargetRef | undefined {
  return targetRefs?.get(targetKey(target));
}

/**
 * What becomes of a case whose target's address is somebody else's by now; undefined: nothing says
 * so. What is out is restored, which asks who has the address twice before the case ends and its
 * scheduled restore is cancelled: nothing is cancelled on one reading.
 */
export function decideAnothers(
  situation: Situation,
  group: GroupSituation,
  incident: TargetCase,
  ejection: Ejection | undefined,
): Verdict | undefined {
  if (sameHolder(refNow(group, incident), incident.targetRef) !== 'other') return undefined;
  const reason = `its address now belongs to ${holderText(refNow(group, incident))}, and not to ${holderText(incident.targetRef)} any more`;
  if (incident.state !== 'out' || ejection === undefined) return { action: 'close', because: 'vanished', reason };
  return situation.now >= settledAt(ejection) ? { action: 'restore', ejection, reason: `${reason}, as it seems` } : undefined;
}

/** `i-0abc (eni-0abc)`, `a pod on i-0abc`, for people. */
export function holderText(ref: TargetRef | undefined): string {
  switch (ref?.kind) {
    case 'instance':
      return ref.interfaceId === undefined ? ref.instanceId : `${ref.instanceId} (${ref.interfaceId})`;
    case 'ecs-task':
      return `the ECS task ${ref.taskArn}`;
    case 'pod':
      return ref.nodeId === undefined ? 'a pod' : `a pod on ${ref.nodeId}`;
    case 'unknown':
    case undefined:
      return 'somebody unknown';
  }
}
