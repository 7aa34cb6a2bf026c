/**
 * Who really manages a registration, as far as it can be seen from outside. What declares another
 * owner, or cannot be told, is left alone.
 */
import {
  paginateDescribeAutoScalingInstances,
  type AutoScalingClient,
  type AutoScalingInstanceDetails,
} from '@aws-sdk/client-auto-scaling';
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { kubernetesTagOf } from '../../core/kubernetes';
import { targetKey, type ObservedOwner, type Target, type TargetGroup, type TargetRef } from '../../core/model';
import type { Owners, TargetRefs } from '../ports';
import { viewAutoScaling } from './auto-scaling-view';

/**
 * Put on an Auto Scaling group by an ECS capacity provider (ECS developer guide, capacity providers
 * for EC2).
 */
const ECS_TAG = 'AmazonECSManaged';

/**
 * Linux hands out ports from here on by default; ECS takes them for tasks with dynamic port mapping
 * (PortMapping, ECS API reference).
 */
const FIRST_EPHEMERAL_PORT = 32_768;

/** DescribeAutoScalingInstances takes at most 50 ids (API reference). */
const IDS_PER_CALL = 50;

/** Without it the owner of an address is unknown. */
const NOBODY_ASKED: Pick<TargetRefs, 'of'> = { of: async () => new Map() };

export function owners(
  autoScaling: AutoScalingClient,
  balancing: ElasticLoadBalancingV2Client,
  refs: Pick<TargetRefs, 'of'> = NOBODY_ASKED,
): Owners {
  return {
    observe: async (group, targets) => {
      const controller = kubernetesTagOf(group.tags);
      if (controller !== undefined)
        return all(targets, { owner: 'other', why: `the target group carries the tag ${controller}: a Kubernetes controller manages it` });
      if (group.targetType === 'ip') return ownersOfAddresses(autoScaling, await refs.of(group, targets), targets);
      if (group.targetType !== 'instance')
        return all(targets, { owner: 'unknown', why: `targets of type ${group.targetType} are not looked up` });
      const members = await membersOf(
        autoScaling,
        targets.map(({ id }) => id),
      );
      const seen = targets.map(async (target) => [target.id, await ownerOf(autoScaling, balancing, group, target, members)] as const);
      return new Map(await Promise.all(seen));
    },
  };
}

/**
 * Auto Scaling registers instances alone (EC2 Auto Scaling user guide, "Attach a load balancer":
 * the target type must be `instance`): who registers the address of a member nobody can tell.
 */
async function ownersOfAddresses(
  autoScaling: AutoScalingClient,
  refs: ReadonlyMap<string, TargetRef>,
  targets: readonly Target[],
): Promise<Map<string, ObservedOwner>> {
  const hosts = [...refs.values()].flatMap((ref) => (ref.kind === 'instance' ? [ref.instanceId] : []));
  const members = hosts.length === 0 ? new Map<string, AutoScalingInstanceDetails>() : await membersOf(autoScaling, hosts);
  const ownerOfRef = (ref: TargetRef | undefined): ObservedOwner => {
    if (ref === undefined) return { owner: 'unknown', why: 'nobody was asked who has its address' };
    if (ref.kind === 'unknown') return { owner: 'unknown', why: ref.why };
    if (ref.kind !== 'instance') return { owner: 'other', why: `its address is that of ${ref.kind === 'pod' ? 'a pod' : 'an ECS task'}` };
    if (typeof members === 'string') return { owner: 'unknown', why: members };
    const group = members.get(ref.instanceId)?.AutoScalingGroupName;
    if (group === undefined) return { owner: 'static' };
    return { owner: 'other', why: `${ref.instanceId} is in the Auto Scaling group ${group}, which does not register addresses` };
  };
  return new Map(targets.map((target) => [target.id, ownerOfRef(refs.get(targetKey(target)))]));
}

function all(targets: readonly Target[], owner: ObservedOwner): Map<string, ObservedOwner> {
  return new Map(targets.map((target) => [target.id, owner]));
}

/**
 * Instances that are in an Auto Scaling group, by id; or why that could not be read, which must not
 * keep anybody out.
 */
async function membersOf(
  client: AutoScalingClient,
  instanceIds: readonly string[],
): Promise<ReadonlyMap<string, AutoScalingInstanceDetails> | string> {
  const members = new Map<string, AutoScalingInstanceDetails>();
  const ids = [...new Set(instanceIds)];
  try {
    for (let start = 0; start < ids.length; start += IDS_PER_CALL) {
      const pages = paginateDescribeAutoScalingInstances({ client }, { InstanceIds: ids.slice(start, start + IDS_PER_CALL) });
      for await (const page of pages)
        for (const instance of page.AutoScalingInstances ?? []) members.set(instance.InstanceId ?? '', instance);
    }
    return members;
  } catch (error) {
    return `Auto Scaling could not be asked: ${String(error)}`;
  }
}

async function ownerOf(
  autoScaling: AutoScalingClient,
  balancing: ElasticLoadBalancingV2Client,
  group: TargetGroup,
  target: Target,
  members: Awaited<ReturnType<typeof membersOf>>,
): Promise<ObservedOwner> {
  if (typeof members === 'string') return { owner: 'unknown', why: members };
  if (target.port !== group.port && target.port >= FIRST_EPHEMERAL_PORT)
    return { owner: 'unknown', why: `port ${target.port} looks like one that ECS maps by itself` };
  const member = members.get(target.id);
  if (member === undefined) return { owner: 'static' };
  const view = await viewAutoScaling(autoScaling, balancing, group, member);
  if (view === undefined) return { owner: 'unknown', why: `its Auto Scaling group ${member.AutoScalingGroupName} could not be read` };
  if (view.tags[ECS_TAG] !== undefined)
    return { owner: 'other', why: `its Auto Scaling group ${view.name} carries the tag ${ECS_TAG}: ECS manages what runs on it` };
  return { owner: 'asg', autoScaling: view };
}
