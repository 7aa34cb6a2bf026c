/**
 * Who has the address of a case's target now. A case is about whoever had it when it was opened: an
 * address is given to somebody else within minutes of an instance's end.
 */
import { holderOf } from '../case';
import { isInstanceId, sameHolder, targetKey, type Ejection, type TargetCase, type TargetRef } from '../model';
import { check, type Candidate, type Guardrail } from './candidate';
import type { Verdict } from './decision';
import { delayS, shortestLeaseS } from './drain';
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
  if (sameHolder(refNow(group, incident), holderOf(incident)) !== 'other') return undefined;
  const reason = `its address now belongs to ${holderText(refNow(group, incident))}, and not to ${holderText(holderOf(incident))} any more`;
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

// ---------------------------------------------------------------- before a removal

/**
 * Only the primary address of an instance stays with it for as long as it exists, so that whoever
 * gets it next is not taken for it.
 */
const staysWithHolder: Guardrail = ({ group, incident }) => {
  const ref = refNow(group, incident);
  const passed = ref?.kind === 'instance' && ref.isPrimary === true;
  const why = ref?.kind === 'unknown' ? `: ${ref.why}` : ref?.kind === 'instance' && !passed ? ', not its primary one' : '';
  return check('target-unsupported', passed, `the address of ${holderText(ref)}${why}`, "an instance's primary address");
};

/**
 * Measured and removed is one holder. The case may have been opened while nobody could tell; one
 * about somebody else has ended by now.
 */
const sameThroughout: Guardrail = ({ group, incident, round }) => {
  const now = refNow(group, incident);
  const measured = round.targetRefs?.[targetKey(incident.target)];
  const passed = sameHolder(now, measured) === 'same' && sameHolder(now, holderOf(incident)) !== 'other';
  const seen = `${holderText(measured)} in the round, ${holderText(now)} now`;
  return check('world-changed', passed, `the address of ${seen}`, 'the same one');
};

/** The longest lease there is must end after the address can be registered again. */
const leaseOutlastsDrain: Guardrail = ({ group, incident, situation }) => {
  const neededS = shortestLeaseS(group.group, incident.target);
  const { leaseCapS } = situation.config.durations;
  return check(
    'drain-outlasts-lease',
    neededS <= leaseCapS,
    Number.isFinite(neededS) ? `drains for ${delayS(group.group)} s: a lease of ${neededS} s` : 'how long it drains could not be read',
    `${leaseCapS} s, the longest lease`,
  );
};

const OF_ADDRESSES: readonly Guardrail[] = [staysWithHolder, leaseOutlastsDrain, sameThroughout];

/** An instance is its own identity, and a task is asked for by its service. */
export function holderGuardrails({ group, incident }: Candidate): readonly Guardrail[] {
  return isInstanceId(incident.target.id) || group.config.owner === 'ecs' ? [] : OF_ADDRESSES;
}
