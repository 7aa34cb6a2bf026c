import { Stack, Token, Validations, type CfnElement } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { Config } from '../core/config';
import { REPORTS_FOLDER } from '../core/report/links';
import type { DeleteGuard } from './delete-guard';
import type { KillSwitch } from './kill-switch';
import type { Prober } from './prober';
import type { Records } from './records';
import type { Reporter } from './reporter';
import type { Responder } from './responder';
import type { Restorer } from './restorer';
import type { Reviewer } from './reviewer';
import type { ScheduledRestores } from './scheduled-restores';
import type { ScheduledStops } from './scheduled-stops';
import type { Stopping } from './stopping';
import type { Sweeper } from './sweeper';

/** The constructs of one Sickbay in which cdk-nag finds something. */
interface Parts {
  readonly records: Records;
  readonly scheduledRestores: ScheduledRestores;
  readonly scheduledStops?: ScheduledStops;
  readonly config: Pick<Config, 'targetGroups'>;
  readonly restorer: Restorer;
  readonly responder: Responder;
  readonly reviewer?: Reviewer;
  readonly stopping?: Stopping;
  readonly reporter?: Reporter;
  readonly sweeper: Sweeper;
  readonly prober: Prober;
  readonly secondProber?: Prober;
  readonly deleteGuard: DeleteGuard;
  readonly killSwitch: KillSwitch;
}

/** How cdk-nag writes an ARN of the stack's place: by its values where they are known at synth. */
function placeIn(scope: IConstruct): string {
  const { region, account } = Stack.of(scope);
  return `${Token.isUnresolved(region) ? '<AWS::Region>' : region}:${Token.isUnresolved(account) ? '<AWS::AccountId>' : account}`;
}

/**
 * Findings of cdk-nag (AwsSolutions) that are meant to be so, each where it stands and with its
 * reason. test/lib/review.test.ts holds that nothing else is found and that each of these still is.
 */
export function acknowledgeFindings({
  records,
  scheduledRestores,
  scheduledStops,
  config,
  restorer,
  responder,
  reviewer,
  stopping,
  reporter,
  sweeper,
  prober,
  secondProber,
  deleteGuard,
  killSwitch,
}: Parts): void {
  const here = placeIn(records);
  acknowledge(records.rounds, 'DDB3', 'Rounds expire by themselves, and the next sweep measures everything again.');
  for (const queue of [scheduledRestores.deadLetters, responder.failures])
    acknowledge(queue, 'SQS3', 'This is the dead-letter queue: of Scheduler, and of asynchronous invocations.');
  const tagged =
    'Only with a tag: the one that selects groups, or sickbay:enforce with the name of this stack, by which a target of a group that was dropped comes back.';
  const standby =
    'Their ARNs carry a UUID that nobody knows at synth. A removal needs the tag; a return must not strand an instance whose group lost it.';
  for (const scope of [scheduledRestores, responder]) {
    acknowledge(scope, resource(`arn:<AWS::Partition>:elasticloadbalancing:${here}:targetgroup/*`), tagged);
    acknowledge(scope, resource(`arn:<AWS::Partition>:autoscaling:${here}:autoScalingGroup:*:autoScalingGroupName/*`), standby);
  }
  if (scheduledStops !== undefined) acknowledgeServices([scheduledStops, responder], responder, config, here);
  acknowledge(restorer, resource(`arn:<AWS::Partition>:elasticloadbalancing:${here}:targetgroup/*`), tagged);
  for (const scope of [responder, restorer]) acknowledge(scope, resource('*'), 'Describe actions, which name no resource.');
  if (reviewer !== undefined) {
    acknowledge(reviewer, resource('*'), 'Describe actions, which name no resource.');
    acknowledge(reviewer, resource(`arn:<AWS::Partition>:ec2:${here}:instance/*`), 'An inspection needs the tag that its owner set.');
    acknowledge(reviewer.reviews, 'DDB3', 'It holds the latest audit alone: without it the next one tells everything anew.');
  }
  if (stopping !== undefined) acknowledgeStops(stopping, killSwitch, here);
  if (reporter !== undefined) {
    acknowledge(reporter.bucket, 'S1', 'A log of who read a report is CloudTrail data events; access logs would need a second bucket.');
    acknowledge(
      reporter,
      resource(`<${logicalId(reporter.bucket.node.defaultChild as CfnElement)}.Arn>/${REPORTS_FOLDER}/*`),
      'One object for each case: their names are not known at synth.',
    );
  }
  acknowledge(sweeper, resource('*'), 'Describe actions, which name no resource.');
  acknowledge(killSwitch, resource('*'), 'A describe action, which names no resource; and a denial of every overwriting.');
  for (const pattern of ['sickbay/*/kill-switch', `*${killSwitch.formerId}*`])
    acknowledge(
      killSwitch,
      resource(`arn:<AWS::Partition>:ssm:${here}:parameter/${pattern}`),
      'To read the value of a switch that had another name, and bring it along.',
    );
  acknowledge(deleteGuard, resource('*'), 'A describe action, which names no resource.');
  for (const one of secondProber === undefined ? [prober] : [prober, secondProber])
    acknowledge(one, resource('*'), 'Network interfaces, for Lambda itself: denied to the code of the function.');
  acknowledge(
    responder,
    resource(`arn:<AWS::Partition>:ec2:${here}:instance/*`),
    'An inspection needs the tag on the instance that its owner set.',
  );
  acknowledge(
    responder,
    resource(`arn:<AWS::Partition>:scheduler:${here}:schedule/<${logicalId(scheduledRestores.group)}>/*`),
    'Every scheduled restore, in the schedule group of this stack alone.',
  );
}

function acknowledgeStops(stopping: Stopping, killSwitch: KillSwitch, here: string): void {
  const { deadLetters, scheduleGroup } = stopping.parts;
  const ssm = `arn:<AWS::Partition>:ssm:${here}`;
  acknowledge(deadLetters, 'SQS3', 'This is the dead-letter queue of Scheduler.');
  const instances =
    'A stop needs the tag that the owner of the instance set. An undo needs none: to take the tag away must not leave a job stopped.';
  const acknowledged: [pattern: string, reason: string][] = [
    ['*', 'Reads that name no resource, and a denial of every approval.'],
    [`arn:<AWS::Partition>:ec2:${here}:instance/*`, instances],
    [`${ssm}:automation-execution/*`, 'IAM asks for the execution beside the runbook, of which one alone may be started.'],
    [`${ssm}:automation-definition/<${logicalId(stopping.runbook.resource)}>:*`, 'Every version of the one runbook.'],
    [
      `arn:<AWS::Partition>:scheduler:${here}:schedule/<${logicalId(scheduleGroup)}>/*`,
      'Every undo, in the schedule group of stops alone.',
    ],
  ];
  for (const [pattern, reason] of acknowledged) acknowledge(stopping, resource(pattern), reason);
  acknowledge(killSwitch, resource(`${ssm}:parameter/sickbay/*/stop-switch`), 'To read the value of a switch that had another name.');
}

/**
 * Where the functions that call AWS are put into a VPC: these need no wildcard but for that.
 */
export function acknowledgeInterfaces(...functions: readonly IConstruct[]): void {
  for (const one of functions)
    acknowledge(one, resource('*'), 'Network interfaces, for Lambda itself: denied to the code of the function.');
}

/** CDK's grants of a key name these actions with a wildcard. */
export function acknowledgeKeyGrants(sickbay: IConstruct): void {
  for (const action of ['kms:GenerateDataKey*', 'kms:ReEncrypt*'])
    acknowledge(sickbay, `IAM5[Action::${action}]`, 'Variants of one action, on the one key that was given.');
}

function acknowledge(scope: IConstruct, finding: string, reason: string): void {
  Validations.of(scope).acknowledge({ id: `AwsSolutions-${finding}`, reason });
}

function resource(arn: string): string {
  return `IAM5[Resource::${arn}]`;
}

function logicalId(element: CfnElement): string {
  return Stack.of(element).getLogicalId(element);
}

/** Of tasks and container instances nobody knows the ids at synth. */
function acknowledgeServices(
  stoppers: readonly IConstruct[],
  responder: IConstruct,
  { targetGroups }: Pick<Config, 'targetGroups'>,
  here: string,
): void {
  const clusters = [...new Set(targetGroups.flatMap(({ ecs }) => ecs?.cluster ?? []))];
  for (const cluster of clusters) {
    const of = (kind: string) => resource(`arn:<AWS::Partition>:ecs:${here}:${kind}/${cluster}/*`);
    for (const scope of stoppers) acknowledge(scope, of('task'), 'Tasks of one cluster, stopped only where they carry the tag.');
    acknowledge(responder, of('container-instance'), 'Container instances of one cluster, which are read.');
  }
}
