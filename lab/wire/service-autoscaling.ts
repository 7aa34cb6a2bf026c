import * as autoscaling from '@aws-sdk/client-auto-scaling';
import type { World } from '../world/world';
import { queryProtocol } from './protocol-query';
import { read, service, type Operation, type Service } from './service';

export function autoScalingService(world: World): Service {
  return service({
    signingName: 'autoscaling',
    iamPrefix: 'autoscaling',
    sdkName: 'autoscaling',
    client: autoscaling,
    protocol: queryProtocol('http://autoscaling.amazonaws.com/doc/2011-01-01/'),
    operations: operations(world),
  });
}

function operations({ autoScaling }: World): Record<string, Operation> {
  const resources = (input: { readonly AutoScalingGroupName: string }): string[] => [autoScaling.groupArn(input.AutoScalingGroupName)];
  const subjects = (input: { readonly InstanceIds?: readonly string[] }): readonly string[] => input.InstanceIds ?? [];
  return {
    DescribeAutoScalingGroups: read((input) => autoScaling.describeAutoScalingGroups(input)),
    DescribeAutoScalingInstances: read((input) => autoScaling.describeAutoScalingInstances(input)),
    DescribeInstanceRefreshes: read((input) => autoScaling.describeInstanceRefreshes(input)),
    DescribeLifecycleHooks: read((input) => autoScaling.describeLifecycleHooks(input)),
    EnterStandby: { mutating: true, resources, subjects, run: (input) => autoScaling.enterStandby(input) },
    ExitStandby: { mutating: true, resources, subjects, run: (input) => autoScaling.exitStandby(input) },
  };
}
