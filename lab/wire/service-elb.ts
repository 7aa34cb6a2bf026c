import * as elbv2 from '@aws-sdk/client-elastic-load-balancing-v2';
import type { World } from '../world/world';
import { queryProtocol } from './protocol-query';
import { read, service, type Operation, type Service } from './service';

interface OnGroup {
  readonly TargetGroupArn: string;
  readonly Targets?: readonly { readonly Id?: string }[];
}

export function elbService(world: World): Service {
  return service({
    signingName: 'elasticloadbalancing',
    iamPrefix: 'elasticloadbalancing',
    sdkName: 'elasticloadbalancingv2',
    client: elbv2,
    protocol: queryProtocol('http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/'),
    operations: operations(world),
  });
}

function operations({ elb }: World): Record<string, Operation> {
  const resources = (input: OnGroup): string[] => [input.TargetGroupArn];
  const subjects = (input: OnGroup): string[] => (input.Targets ?? []).flatMap((target) => target.Id ?? []);
  return {
    DescribeTargetGroups: read((input) => elb.describeTargetGroups(input)),
    DescribeTargetGroupAttributes: read((input) => elb.describeTargetGroupAttributes(input)),
    DescribeTags: read((input) => elb.describeTags(input)),
    DescribeTargetHealth: read((input) => elb.describeTargetHealth(input)),
    DescribeLoadBalancers: read((input) => elb.balancers.describeLoadBalancers(input)),
    DescribeListeners: read((input) => elb.balancers.describeListeners(input)),
    DescribeRules: read((input) => elb.balancers.describeRules(input)),
    RegisterTargets: { mutating: true, resources, subjects, run: (input) => elb.registerTargets(input) },
    DeregisterTargets: { mutating: true, resources, subjects, run: (input) => elb.deregisterTargets(input) },
  };
}
