import { Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Config } from '../core/config';
import { STOP_TAG_KEY } from '../lambda/contract';
import { documentArn } from './hashed-document';
import { emitting, inspecting } from './responder-permissions';
import type { StopParts, StoppingProps, Stops } from './stop-parts';
import { DESCRIBE_LOAD_BALANCING } from './sweeper';

/**
 * The least that the runbook needs: it is what stops. aws:runCommand waits for its command with
 * these reads (I: the actions reference names no list; AmazonSSMAutomationRole has them). It has no
 * ssm:CancelCommand: an execution that is cancelled late leaves the host's program to its end, and
 * not halfway.
 */
export function runbookPermissions(scope: Construct, parts: StopParts, config: Config): PolicyStatement[] {
  const reads = ['ssm:ListCommands', 'ssm:ListCommandInvocations', 'ssm:GetCommandInvocation', 'ssm:DescribeInstanceInformation'];
  return [
    new PolicyStatement({ actions: ['ssm:SendCommand'], resources: [parts.stop.arn] }),
    new PolicyStatement({ actions: ['ssm:SendCommand'], resources: [instances(scope)], conditions: tagged(config) }),
    new PolicyStatement({ actions: reads, resources: ['*'] }),
    new PolicyStatement({ actions: ['ssm:GetParameter'], resources: [parts.stopSwitch.parameterArn] }),
    ...readingCalendars(scope, config),
    new PolicyStatement({ actions: ['scheduler:CreateSchedule'], resources: [schedules(scope, parts)] }),
    passing(parts.undoRole.roleArn, 'scheduler.amazonaws.com'),
  ];
}

/**
 * Of the schedule that undoes. Whatever the tags are by now: to take the tag away must not leave a
 * job's line out of its crontab. And by every version of the document: a release must not either.
 */
export function undoPermissions(scope: Construct, { undo, deadLetters }: Pick<StopParts, 'undo' | 'deadLetters'>): PolicyStatement[] {
  const everyVersion = documentArn(scope, `${undo.namePrefix}????????????`);
  return [
    new PolicyStatement({ actions: ['ssm:SendCommand'], resources: [everyVersion, instances(scope)] }),
    new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [deadLetters.queueArn] }),
  ];
}

/** Of the function: it looks, proposes, and takes back. */
export function stopperPermissions(scope: Construct, stopping: Stops, props: StoppingProps): PolicyStatement[] {
  const { records, alerts, config } = props;
  const { plan, undo, stopSwitch } = stopping.parts;
  const describe = [...DESCRIBE_LOAD_BALANCING, 'ec2:DescribeInstances', 'ssm:DescribeInstanceInformation', 'ssm:GetCommandInvocation'];
  return [
    // These actions name no resource (service authorization reference).
    new PolicyStatement({ actions: describe, resources: ['*'] }),
    new PolicyStatement({ actions: ['ssm:GetParameter'], resources: [stopSwitch.parameterArn] }),
    ...inspecting(scope, props),
    new PolicyStatement({ actions: ['ssm:SendCommand'], resources: [plan.arn, undo.arn] }),
    new PolicyStatement({ actions: ['ssm:SendCommand'], resources: [instances(scope)], conditions: tagged(config) }),
    ...executing(scope, stopping),
    ...readingCalendars(scope, config),
    new PolicyStatement({ actions: ['scheduler:DeleteSchedule'], resources: [schedules(scope, stopping.parts)] }),
    new PolicyStatement({ actions: ['dynamodb:Query'], resources: [records.rounds.tableArn, records.cases.tableArn] }),
    new PolicyStatement({
      actions: ['dynamodb:GetItem', 'dynamodb:Scan', 'dynamodb:PutItem'],
      resources: [stopping.stops.tableArn],
    }),
    new PolicyStatement({ actions: ['sns:Publish'], resources: [alerts.page.topicArn, alerts.notify.topicArn] }),
    emitting(scope),
  ];
}

/**
 * It starts the runbook, which asks a person, and may end an execution. IAM asks for a start both
 * for the document and for the execution (service authorization reference,
 * StartAutomationExecution; `automation-definition` is the older name of the first), so that it can
 * start no other.
 */
function executing(scope: Construct, { runbook, runbookRole }: Stops): PolicyStatement[] {
  const ssm = (resource: string, resourceName: string): string => Stack.of(scope).formatArn({ service: 'ssm', resource, resourceName });
  const executions = ssm('automation-execution', '*');
  return [
    new PolicyStatement({
      actions: ['ssm:StartAutomationExecution'],
      resources: [runbook.arn, ssm('automation-definition', `${runbook.documentName}:*`), executions],
    }),
    new PolicyStatement({ actions: ['ssm:GetAutomationExecution', 'ssm:StopAutomationExecution'], resources: [executions] }),
    passing(runbookRole.roleArn, 'ssm.amazonaws.com'),
  ];
}

function readingCalendars(scope: Construct, { stop }: Config): PolicyStatement[] {
  const calendars = (stop?.changeCalendars ?? []).map((name) => (name.startsWith('arn:') ? name : documentArn(scope, name)));
  return calendars.length === 0 ? [] : [new PolicyStatement({ actions: ['ssm:GetCalendarState'], resources: calendars })];
}

/** An explicit denial, which no other policy of the role can lift. */
export function neverStops({ stop }: StopParts, mayNotRun: boolean): PolicyStatement[] {
  return [
    new PolicyStatement({ effect: Effect.DENY, actions: ['ssm:SendAutomationSignal'], resources: ['*'] }),
    ...(mayNotRun ? [new PolicyStatement({ effect: Effect.DENY, actions: ['ssm:SendCommand'], resources: [stop.arn] })] : []),
  ];
}

/** Only where the owner of the instance named this stack. */
function tagged({ stack }: Config): { readonly StringEquals: Readonly<Record<string, string>> } {
  return { StringEquals: { [`ssm:resourceTag/${STOP_TAG_KEY}`]: stack } };
}

function passing(roleArn: string, service: string): PolicyStatement {
  const conditions = { StringEquals: { 'iam:PassedToService': service } };
  return new PolicyStatement({ actions: ['iam:PassRole'], resources: [roleArn], conditions });
}

function schedules(scope: Construct, { scheduleGroup }: StopParts): string {
  return Stack.of(scope).formatArn({ service: 'scheduler', resource: 'schedule', resourceName: `${scheduleGroup.ref}/*` });
}

function instances(scope: Construct): string {
  return Stack.of(scope).formatArn({ service: 'ec2', resource: 'instance', resourceName: '*' });
}
