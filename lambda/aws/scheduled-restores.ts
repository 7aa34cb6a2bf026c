/**
 * The scheduled restore: a one-time EventBridge Scheduler entry with a universal target that
 * registers the target again by itself. It is created before the removal and needs none of our
 * code; of an address it goes through a function that looks who has it. One entry a target, so that
 * an old one can never bring back a target that went out again.
 */
import {
  ActionAfterCompletion,
  CreateScheduleCommand,
  FlexibleTimeWindowMode,
  UpdateScheduleCommand,
  type CreateScheduleInput,
  type SchedulerClient,
} from '@aws-sdk/client-scheduler';
import { isInstanceId, type Owner } from '../../core/model';
import type { AddressRestore } from '../act/restore-address';
import type { Removal, ScheduledRestores } from '../ports';
import { standbyInput } from './asg';
import { scheduleEntries } from './schedule-entries';
import { elbTarget } from './static';

/** The call that undoes a removal, an owner. */
interface Call {
  /**
   * What stands in the ARN of Scheduler's universal target after `aws-sdk:` (user guide, "Using
   * universal targets": `service:apiAction`; these actions by analogy with published ones). Without
   * it the input goes to the function that restores addresses, which looks before it calls.
   */
  readonly sdkCall?: string;
  readonly input: unknown;
}

const CALLS: Readonly<Record<Owner, (groupArn: string, removal: Removal) => Call>> = {
  static: (groupArn, removal) =>
    isInstanceId(removal.target.id)
      ? {
          sdkCall: 'elasticloadbalancingv2:registerTargets',
          input: { TargetGroupArn: groupArn, Targets: [elbTarget(removal.target)] },
        }
      : { input: addressRestore(groupArn, removal) },
  asg: (_groupArn, removal) => ({ sdkCall: 'autoscaling:exitStandby', input: standbyInput(removal) }),
};

/** @throws without the holder of the address: then nothing is removed. */
function addressRestore(groupArn: string, { target, targetRef }: Removal): AddressRestore {
  if (targetRef === undefined) throw new Error(`who has the address ${target.id} is not on record: nothing could restore it safely`);
  return { groupArn, target, targetRef };
}

/** An hour of retries: an ELB that throttles or fails for a while must not strand the target. */
const RETRIES = { MaximumRetryAttempts: 60, MaximumEventAgeInSeconds: 3600 };

export interface ScheduledRestoreSettings {
  readonly group: string;
  readonly roleArn: string;
  readonly dlqArn: string;
  /** Of the function that restores addresses (lambda/restore.handler.ts). */
  readonly restoreFunctionArn: string;
}

export function scheduledRestores(client: SchedulerClient, settings: ScheduledRestoreSettings): ScheduledRestores {
  return {
    create: async (name, at, groupArn, removal) =>
      void (await client.send(new CreateScheduleCommand(entry(settings, name, at, groupArn, removal)))),
    move: async (name, at, groupArn, removal) =>
      void (await client.send(new UpdateScheduleCommand(entry(settings, name, at, groupArn, removal)))),
    ...scheduleEntries(client, settings.group),
  };
}

function entry(settings: ScheduledRestoreSettings, name: string, at: number, groupArn: string, removal: Removal): CreateScheduleInput {
  const call = CALLS[removal.owner](groupArn, removal);
  return {
    Name: name,
    GroupName: settings.group,
    ScheduleExpression: `at(${new Date(Math.ceil(at / 1000) * 1000).toISOString().slice(0, 19)})`,
    ScheduleExpressionTimezone: 'UTC',
    FlexibleTimeWindow: { Mode: FlexibleTimeWindowMode.OFF },
    ActionAfterCompletion: ActionAfterCompletion.DELETE,
    Target: {
      Arn: call.sdkCall === undefined ? settings.restoreFunctionArn : `arn:${partitionOf(groupArn)}:scheduler:::aws-sdk:${call.sdkCall}`,
      RoleArn: settings.roleArn,
      Input: JSON.stringify(call.input),
      RetryPolicy: RETRIES,
      DeadLetterConfig: { Arn: settings.dlqArn },
    },
  };
}

/**
 * `aws`, `aws-cn` or `aws-us-gov`: universal targets are of the partition that they act in (as
 * aws-cdk-lib/aws-scheduler-targets writes them).
 */
function partitionOf(groupArn: string): string {
  const [, partition = ''] = groupArn.split(':');
  if (partition === '') throw new Error(`got "${groupArn}", allowed: the ARN of a target group`);
  return partition;
}
