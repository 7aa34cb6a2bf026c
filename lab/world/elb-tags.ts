/** Tags of target groups and load balancers. */
import type { DescribeTagsInput, DescribeTagsOutput } from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsError } from './aws-error';

export class Tags {
  private readonly known = new Map<string, Map<string, string>>();

  add(resourceArn: string, tags: Readonly<Record<string, string>>): void {
    this.known.set(resourceArn, new Map([...(this.known.get(resourceArn) ?? []), ...Object.entries(tags)]));
  }

  delete(resourceArn: string): void {
    this.known.delete(resourceArn);
  }

  describe(input: DescribeTagsInput): DescribeTagsOutput {
    const arns = input.ResourceArns ?? [];
    if (arns.length < 1 || arns.length > 20) throw new AwsError('ValidationError', `got ${arns.length} resource ARNs, allowed 1 to 20`);
    return { TagDescriptions: arns.map((ResourceArn) => ({ ResourceArn, Tags: pairs(this.of(ResourceArn)) })) };
  }

  private of(resourceArn: string): Map<string, string> {
    const tags = this.known.get(resourceArn);
    if (tags) return tags;
    const what = resourceArn.includes(':loadbalancer/') ? 'LoadBalancerNotFound' : 'TargetGroupNotFound';
    throw new AwsError(what, `One or more resources not found: '${resourceArn}'`);
  }
}

export function pairs(map: ReadonlyMap<string, string>): { Key: string; Value: string }[] {
  return [...map].map(([Key, Value]) => ({ Key, Value }));
}
