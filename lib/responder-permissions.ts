import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement, type IRole } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { EVENT_SOURCE, EVENT_TYPE } from '../core/model/case-event';
import type { ResponderProps } from './responder-props';
import { DESCRIBE_HOLDERS, DESCRIBE_LOAD_BALANCING } from './sweeper';
import { serviceReads, stopStatements } from './service-permissions';
import { autoScalingGroupArns, enforceCondition, removalStatements, restoreStatements, restoreStatementsByTag } from './target-arns';

/**
 * The least the responder needs. In mode `observe` it is not even allowed to remove a target, nor
 * to register one that no removal of its own can be about.
 */
export function responderPermissions(scope: Construct, props: ResponderProps): PolicyStatement[] {
  const removals = props.config.mode === 'enforce' ? removing(scope, props) : [];
  return [
    ...reading(props),
    ...queryingAccessLogs(scope, props),
    ...serviceReads(scope, props.config),
    ...inspecting(scope, props),
    ...readingPages(props),
    ...removals,
    ...restoring(scope, props),
    ...recording(props),
    emitting(scope),
  ];
}

/** These actions name no resource (service authorization reference). */
const DESCRIBE = [
  ...DESCRIBE_LOAD_BALANCING,
  'autoscaling:DescribeAutoScalingGroups',
  'autoscaling:DescribeAutoScalingInstances',
  'autoscaling:DescribeInstanceRefreshes',
  'autoscaling:DescribeLifecycleHooks',
  'cloudwatch:GetMetricData',
  ...DESCRIBE_HOLDERS,
  'ssm:DescribeInstanceInformation',
  'ssm:GetCommandInvocation',
];

function reading(props: ResponderProps): PolicyStatement[] {
  return [
    new PolicyStatement({ actions: DESCRIBE, resources: ['*'] }),
    new PolicyStatement({ actions: ['ssm:GetParameter'], resources: [props.killSwitch.parameterArn] }),
  ];
}

/**
 * The configured log groups alone. StopQuery names no resource (service authorization reference):
 * it ends a query, by an id that nobody can guess.
 */
function queryingAccessLogs(scope: Construct, { config: { accessLogs } }: ResponderProps): PolicyStatement[] {
  if (accessLogs === undefined) return [];
  const arns = accessLogs.logGroups.map((name) =>
    Stack.of(scope).formatArn({ service: 'logs', resource: 'log-group', resourceName: name, arnFormat: ArnFormat.COLON_RESOURCE_NAME }),
  );
  return [
    new PolicyStatement({ actions: ['logs:StartQuery', 'logs:GetQueryResults'], resources: arns.flatMap((arn) => [arn, `${arn}:*`]) }),
    new PolicyStatement({ actions: ['logs:StopQuery'], resources: ['*'] }),
  ];
}

/**
 * SendCommand asks for both: one of our documents, and instances whose owner allowed it by a tag.
 */
export function inspecting(scope: Construct, props: Pick<ResponderProps, 'config' | 'documents'>): PolicyStatement[] {
  const stack = Stack.of(scope);
  const { key, value } = props.config.inspectionTag;
  const documents = [props.documents.full, props.documents.basic].map(({ documentName }) =>
    stack.formatArn({ service: 'ssm', resource: 'document', resourceName: documentName }),
  );
  return [
    new PolicyStatement({ actions: ['ssm:SendCommand'], resources: documents }),
    new PolicyStatement({
      actions: ['ssm:SendCommand'],
      resources: [stack.formatArn({ service: 'ec2', resource: 'instance', resourceName: '*' })],
      conditions: { StringEquals: { [`ssm:resourceTag/${key}`]: value } },
    }),
  ];
}

/**
 * The prober, and no other function: what its event may hold, it checks itself
 * (lambda/probe/page-event.ts).
 */
function readingPages({ pageReader }: ResponderProps): PolicyStatement[] {
  if (pageReader === undefined) return [];
  return [new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [pageReader.functionArn] })];
}

/**
 * Only where the tag names this stack: whoever owns the target group or Auto Scaling group can end
 * Sickbay's power over it.
 */
function removing(scope: Construct, { config }: ResponderProps): PolicyStatement[] {
  const standby = { actions: ['autoscaling:EnterStandby'], resources: [autoScalingGroupArns(scope)] };
  const standbys = new PolicyStatement({ ...standby, conditions: { StringEquals: enforceCondition(config) } });
  return [...removalStatements(scope, config), standbys, ...stopStatements(scope, config)];
}

/**
 * In `enforce` what it removed it may restore, and it writes the scheduled restore of each removal.
 * In `observe` it makes and moves none: whoever may write one may have Scheduler register what they
 * like. A stack that went back to `observe` while something was out restores it by the tag, which
 * the removal needed, or Scheduler does at the end of the lease
 * (docs/decisions/0014-who-may-do-what.md).
 */
function restoring(scope: Construct, props: ResponderProps): PolicyStatement[] {
  const { group, role } = props.scheduledRestores;
  const roles = [role, ...(props.scheduledStops === undefined ? [] : [props.scheduledStops.role])];
  const schedules = Stack.of(scope).formatArn({ service: 'scheduler', resource: 'schedule', resourceName: `${group.ref}/*` });
  const reading = new PolicyStatement({ actions: ['scheduler:GetSchedule', 'scheduler:DeleteSchedule'], resources: [schedules] });
  if (props.config.mode === 'observe') return [...restoreStatementsByTag(scope, props.config), reading];
  return [
    ...restoreStatements(scope, props.config),
    new PolicyStatement({ actions: ['autoscaling:ExitStandby'], resources: [autoScalingGroupArns(scope)] }),
    reading,
    new PolicyStatement({ actions: ['scheduler:CreateSchedule', 'scheduler:UpdateSchedule'], resources: [schedules] }),
    passingToScheduler(roles),
  ];
}

function passingToScheduler(roles: readonly IRole[]): PolicyStatement {
  return new PolicyStatement({
    actions: ['iam:PassRole'],
    resources: roles.map(({ roleArn }) => roleArn),
    conditions: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
  });
}

function recording(props: ResponderProps): PolicyStatement[] {
  const { rounds, cases } = props.records;
  return [
    new PolicyStatement({ actions: ['dynamodb:Query'], resources: [rounds.tableArn] }),
    new PolicyStatement({ actions: ['dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:DeleteItem'], resources: [cases.tableArn] }),
    new PolicyStatement({
      actions: ['sns:Publish', 'sns:GetTopicAttributes'],
      resources: [props.alerts.page.topicArn, props.alerts.notify.topicArn],
    }),
  ];
}

/**
 * Its own event on the default bus, and no other. Both keys have a value for each entry of a call
 * (service authorization reference, EventBridge: ArrayOfString), so that plain StringEquals would
 * refuse all; as in the user guide's example policies for event buses.
 */
export function emitting(scope: Construct): PolicyStatement {
  const bus = Stack.of(scope).formatArn({ service: 'events', resource: 'event-bus', resourceName: 'default' });
  const conditions = { 'ForAllValues:StringEquals': { 'events:source': EVENT_SOURCE, 'events:detail-type': EVENT_TYPE } };
  return new PolicyStatement({ actions: ['events:PutEvents'], resources: [bus], conditions });
}
