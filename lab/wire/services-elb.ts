import * as autoscaling from '@aws-sdk/client-auto-scaling';
import * as elbv2 from '@aws-sdk/client-elastic-load-balancing-v2';
import type { World } from '../world/world';
import { queryProtocol } from './protocol-query';
import { read, service, type Service } from './service';

interface OnGroup {
  readonly TargetGroupArn: string;
}

export function elbService({ elb }: World): Service {
  const resources = (input: OnGroup): string[] => [input.TargetGroupArn];
  return service({
    signingName: 'elasticloadbalancing',
    iamPrefix: 'elasticloadbalancing',
    sdkName: 'elasticloadbalancingv2',
    client: elbv2,
    protocol: queryProtocol('http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/'),
    operations: {
      DescribeTargetGroups: read((input) => elb.describeTargetGroups(input)),
      DescribeTargetGroupAttributes: read((input) => elb.describeTargetGroupAttributes(input)),
      DescribeTags: read((input) => elb.describeTags(input)),
      DescribeTargetHealth: read((input) => elb.describeTargetHealth(input)),
      DescribeLoadBalancers: read((input) => elb.balancers.describeLoadBalancers(input)),
      DescribeListeners: read((input) => elb.balancers.describeListeners(input)),
      DescribeRules: read((input) => elb.balancers.describeRules(input)),
      RegisterTargets: { mutating: true, resources, run: (input) => elb.registerTargets(input) },
      DeregisterTargets: { mutating: true, resources, run: (input) => elb.deregisterTargets(input) },
    },
  });
}

export function autoScalingService({ autoScaling }: World): Service {
  const resources = (input: { readonly AutoScalingGroupName: string }): string[] => [autoScaling.groupArn(input.AutoScalingGroupName)];
  return service({
    signingName: 'autoscaling',
    iamPrefix: 'autoscaling',
    sdkName: 'autoscaling',
    client: autoscaling,
    protocol: queryProtocol('http://autoscaling.amazonaws.com/doc/2011-01-01/'),
    operations: {
      DescribeAutoScalingGroups: read((input) => autoScaling.describeAutoScalingGroups(input)),
      DescribeAutoScalingInstances: read((input) => autoScaling.describeAutoScalingInstances(input)),
      DescribeInstanceRefreshes: read((input) => autoScaling.describeInstanceRefreshes(input)),
      EnterStandby: { mutating: true, resources, run: (input) => autoScaling.enterStandby(input) },
      ExitStandby: { mutating: true, resources, run: (input) => autoScaling.exitStandby(input) },
    },
  });
}
