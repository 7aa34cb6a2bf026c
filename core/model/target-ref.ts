/**
 * Shared contracts: what is behind a target. Everything is exported by core/model.ts, from which
 * all others import. The word is EndpointSlice's `targetRef` (Kubernetes API reference).
 *
 * An address is no identity: it is given to the next network interface within minutes
 * (docs/safety).
 */
import type { Target } from './targets';
import { isInstanceId } from './targets';

/** What answers at a target, as it was found when it was asked. */
export type TargetRef = InstanceRef | EcsTaskRef | PodRef | UnknownRef;

export interface InstanceRef {
  readonly kind: 'instance';
  readonly instanceId: string;
  /** Of an IP target: the network interface whose address it is. */
  readonly interfaceId?: string;
  /**
   * It is the primary address of the instance's primary interface, which stays with the instance
   * for as long as it exists (EC2 user guide, "Elastic network interfaces").
   */
  readonly isPrimary?: true;
}

export interface EcsTaskRef {
  readonly kind: 'ecs-task';
  /** Never reused. */
  readonly taskArn: string;
  /** Name or ARN, as ECS gave it. */
  readonly cluster: string;
  readonly service?: string;
  readonly launchType: 'EC2' | 'FARGATE' | 'EXTERNAL';
  /** The container host, where it is an instance. */
  readonly instanceId?: string;
}

/** EC2 knows a pod's node at most: the names are known to the cluster alone. */
export interface PodRef {
  readonly kind: 'pod';
  readonly nodeId?: string;
  readonly namespace?: string;
  readonly name?: string;
}

/** Nobody may be acted on by it. `why` is for people. */
export interface UnknownRef {
  readonly kind: 'unknown';
  readonly why: string;
}

/**
 * The identity of what is behind a target; undefined where it has none that could be told: of a pod
 * without a name only the node is known, and the next pod there may have the same address.
 */
export function targetRefId(ref: TargetRef): string | undefined {
  switch (ref.kind) {
    case 'instance':
      return ref.interfaceId === undefined ? ref.instanceId : `${ref.instanceId}/${ref.interfaceId}`;
    case 'ecs-task':
      return ref.taskArn;
    case 'pod':
      return ref.name === undefined ? undefined : `pod/${ref.namespace ?? ''}/${ref.name}`;
    case 'unknown':
      return undefined;
  }
}

/**
 * Whether two findings are about one holder. `unknown` where either has no identity: no reason to
 * forget what was measured, and none to act.
 */
export function sameHolder(a: TargetRef | undefined, b: TargetRef | undefined): 'same' | 'other' | 'unknown' {
  const [one, two] = [a, b].map((ref) => (ref === undefined ? undefined : targetRefId(ref)));
  if (one !== undefined && two !== undefined) return one === two ? 'same' : 'other';
  return isPodElsewhere(a, b) ? 'other' : 'unknown';
}

/** A pod never moves to another node: a pod there is another pod. */
function isPodElsewhere(a: TargetRef | undefined, b: TargetRef | undefined): boolean {
  if (a === undefined || b === undefined || a.kind === 'unknown' || b.kind === 'unknown') return false;
  if (a.kind !== b.kind) return true;
  return a.kind === 'pod' && b.kind === 'pod' && a.nodeId !== undefined && b.nodeId !== undefined && a.nodeId !== b.nodeId;
}

/**
 * The instance to inspect for a target: the target itself, the holder of its address, or the host
 * of its task or pod. Undefined where there is none, or it is not known.
 */
export function hostIdOf(target: Target, ref: TargetRef | undefined): string | undefined {
  if (isInstanceId(target.id)) return target.id;
  if (ref === undefined || ref.kind === 'unknown') return undefined;
  return ref.kind === 'pod' ? ref.nodeId : ref.instanceId;
}

/**
 * By what name a target's host is known in every target group: its instance, or what ELB calls the
 * target where that is not known. Two targets with one name are one host.
 */
export function hostNameOf(target: Target, ref: TargetRef | undefined): string {
  return ref?.kind === 'instance' ? ref.instanceId : target.id;
}
