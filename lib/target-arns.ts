import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Config } from '../core/config';

/** The target groups that a permission may name: the configured ARNs or, as soon as one entry selects by tag, every group of this account and Region. */
export function targetGroupArns(scope: Construct, config: Config): string[] {
  const arns = config.targetGroups.flatMap(({ arn }) => (arn === undefined ? [] : [arn]));
  if (arns.length === config.targetGroups.length) return arns;
  return [everyTargetGroup(scope)];
}

/** Every target group of this account and Region. */
export function everyTargetGroup(scope: Construct): string {
  return Stack.of(scope).formatArn({ service: 'elasticloadbalancing', resource: 'targetgroup', resourceName: '*' });
}

/** Every Auto Scaling group of this account and Region: their ARNs carry a UUID that nobody knows at synth. */
export function autoScalingGroupArns(scope: Construct): string {
  return Stack.of(scope).formatArn({ service: 'autoscaling', resource: 'autoScalingGroup:*:autoScalingGroupName/*' });
}
