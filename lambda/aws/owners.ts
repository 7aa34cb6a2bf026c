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
import type { ObservedOwner, Target, TargetGroup } from '../../core/model';
import type { Owners } from '../ports';
import { viewAutoScaling } from './auto-scaling-view';

/** Tags that the AWS Load Balancer Controller puts on the target groups it manages. */
const KUBERNETES_TAGS = [/^elbv2\.k8s\.aws\//, /^ingress\.k8s\.aws\//, /^service\.k8s\.aws\//, /^kubernetes\.io\/cluster\//];

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

export function owners(autoScaling: AutoScalingClient, balancing: ElasticLoadBalancingV2Client): Owners {
  return {
    observe: async (group, targets) => {
      const controller = Object.keys(group.tags).find((key) => KUBERNETES_TAGS.some((pattern) => pattern.test(key)));
      if (controller !== undefined)
        return all(targets, { owner: 'other', why: `the target group carries the tag ${controller}: a Kubernetes controller manages it` });
      if (group.targetType !== 'instance')
        return all(targets, { owner: 'unknown', why: `targets of type ${group.targetType} are not looked up` });
      const members = await membersOf(autoScaling, targets);
      const seen = targets.map(async (target) => [target.id, await ownerOf(autoScaling, balancing, group, target, members)] as const);
      return new Map(await Promise.all(seen));
    },
  };
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
  targets: readonly Target[],
): Promise<ReadonlyMap<string, AutoScalingInstanceDetails> | string> {
  const members = new Map<string, AutoScalingInstanceDetails>();
  const ids = [...new Set(targets.map((target) => target.id))];
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
