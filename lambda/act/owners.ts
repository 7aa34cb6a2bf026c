/** Who really manages a registration, as far as it can be seen from outside. What declares another owner, or cannot be told, is left alone. */
import { DescribeAutoScalingInstancesCommand, type AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import type { ObservedOwner, Target } from '../../core/model';
import type { Owners } from '../ports';

/** Tags that the AWS Load Balancer Controller puts on the target groups it manages. */
const KUBERNETES_TAGS = [/^elbv2\.k8s\.aws\//, /^ingress\.k8s\.aws\//, /^service\.k8s\.aws\//, /^kubernetes\.io\/cluster\//];

/** DescribeAutoScalingInstances takes at most 50 ids (API reference). */
const IDS_PER_CALL = 50;

export function owners(client: AutoScalingClient): Owners {
  return {
    observe: async (group, targets) => {
      const controller = Object.keys(group.tags).find((key) => KUBERNETES_TAGS.some((pattern) => pattern.test(key)));
      if (controller !== undefined)
        return all(targets, { owner: 'other', why: `the target group carries the tag ${controller}: a Kubernetes controller manages it` });
      if (group.targetType !== 'instance')
        return all(targets, { owner: 'unknown', why: `targets of type ${group.targetType} are not looked up` });
      return fromAutoScaling(client, targets);
    },
  };
}

function all(targets: readonly Target[], owner: ObservedOwner): Map<string, ObservedOwner> {
  return new Map(targets.map((target) => [target.id, owner]));
}

async function fromAutoScaling(client: AutoScalingClient, targets: readonly Target[]): Promise<Map<string, ObservedOwner>> {
  const seen = all(targets, { owner: 'static' });
  const ids = targets.map((target) => target.id);
  for (let start = 0; start < ids.length; start += IDS_PER_CALL) {
    const answer = await client.send(new DescribeAutoScalingInstancesCommand({ InstanceIds: ids.slice(start, start + IDS_PER_CALL) }));
    for (const instance of answer.AutoScalingInstances ?? [])
      if (instance.InstanceId !== undefined) seen.set(instance.InstanceId, { owner: 'asg' });
  }
  return seen;
}
