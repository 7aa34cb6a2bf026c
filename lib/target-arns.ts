import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Config } from '../core/config';
import { ENFORCE_TAG_KEY } from '../lambda/contract';

/**
 * So many target groups, and so many selecting tags, stand in a permission by themselves. More
 * would pass IAM's limits: 6,144 characters in a managed policy and 10,240 in all inline policies
 * of a role (IAM user guide, "IAM and AWS STS quotas"); an ARN of a target group has up to 124.
 */
export const NAMED_AT_MOST = { arns: 50, tags: 10 } as const;

/**
 * CDK spreads a role's statements over several policies, and never one statement: so none may be
 * long.
 */
const ARNS_A_STATEMENT = 20;

type Conditions = Readonly<Record<string, string>>;

/** The condition that a group lets this stack, and no other, remove its targets. */
export function enforceCondition(config: Config): Conditions {
  return { [`aws:ResourceTag/${ENFORCE_TAG_KEY}`]: config.stack };
}

/**
 * Removals: from the configured groups, as far as they can be named, and only while each one's tag
 * names this stack.
 */
export function removalStatements(scope: Construct, config: Config): PolicyStatement[] {
  const action = 'elasticloadbalancing:DeregisterTargets';
  const enforced = enforceCondition(config);
  if (!areNamed(config)) return [statement(action, [everyTargetGroup(scope)], enforced)];
  return [
    ...chunks(arnsOf(config)).map((arns) => statement(action, arns, enforced)),
    ...tagConditions(config).map((selected) => statement(action, [everyTargetGroup(scope)], { ...selected, ...enforced })),
  ];
}

/**
 * Restores. The configured groups as far as they can be named, whatever their tags are by now: to
 * take the tag away must not strand a target that is out. And every group whose tag names this
 * stack: to drop one from the configuration must not either. Only both at once would, and only
 * where there are too many groups to name, the tag alone.
 */
export function restoreStatements(scope: Construct, config: Config): PolicyStatement[] {
  const action = 'elasticloadbalancing:RegisterTargets';
  const tagged = [...(areNamed(config) ? tagConditions(config) : []), enforceCondition(config)];
  return [
    ...(areNamed(config) ? chunks(arnsOf(config)).map((arns) => statement(action, arns)) : []),
    ...tagged.map((condition) => statement(action, [everyTargetGroup(scope)], condition)),
  ];
}

/** Restores of the groups whose tag names this stack: of none before it ever removed something. */
export function restoreStatementsByTag(scope: Construct, config: Config): PolicyStatement[] {
  const enforced = enforceCondition(config);
  return [
    statement('elasticloadbalancing:RegisterTargets', [everyTargetGroup(scope)], enforced),
    statement('autoscaling:ExitStandby', [autoScalingGroupArns(scope)], enforced),
  ];
}

/** Whether there are few enough to stand in a policy by themselves. */
export function areNamed(config: Config): boolean {
  return arnsOf(config).length <= NAMED_AT_MOST.arns && tagConditions(config).length <= NAMED_AT_MOST.tags;
}

function arnsOf({ targetGroups }: Config): string[] {
  return targetGroups.flatMap(({ arn }) => arn ?? []);
}

function tagConditions({ targetGroups }: Config): Conditions[] {
  return targetGroups.flatMap(({ tag }) => (tag === undefined ? [] : [{ [`aws:ResourceTag/${tag.key}`]: tag.value }]));
}

function chunks(arns: readonly string[]): string[][] {
  const count = Math.ceil(arns.length / ARNS_A_STATEMENT);
  return Array.from({ length: count }, (_, index) => arns.slice(index * ARNS_A_STATEMENT, (index + 1) * ARNS_A_STATEMENT));
}

function statement(action: string, resources: string[], condition?: Conditions): PolicyStatement {
  return new PolicyStatement({
    actions: [action],
    resources,
    ...(condition === undefined ? {} : { conditions: { StringEquals: condition } }),
  });
}

/** Every target group of this account and Region. */
function everyTargetGroup(scope: Construct): string {
  return Stack.of(scope).formatArn({ service: 'elasticloadbalancing', resource: 'targetgroup', resourceName: '*' });
}

/**
 * Every Auto Scaling group of this account and Region: their ARNs carry a UUID that nobody knows at
 * synth.
 */
export function autoScalingGroupArns(scope: Construct): string {
  return Stack.of(scope).formatArn({ service: 'autoscaling', resource: 'autoScalingGroup:*:autoScalingGroupName/*' });
}
