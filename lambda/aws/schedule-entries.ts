/**
 * One-time entries of a schedule group of ours. They need none of our code when they are due, and
 * are gone once they were delivered.
 */
import {
  ActionAfterCompletion,
  CreateScheduleCommand,
  DeleteScheduleCommand,
  FlexibleTimeWindowMode,
  GetScheduleCommand,
  ResourceNotFoundException,
  UpdateScheduleCommand,
  type CreateScheduleInput,
  type SchedulerClient,
} from '@aws-sdk/client-scheduler';
import type { ScheduledRestores } from '../ports';

export interface EntrySettings {
  readonly group: string;
  readonly roleArn: string;
  readonly dlqArn: string;
}

/** What an entry calls: a universal target or a function, and its input. */
export interface EntryCall {
  readonly arn: string;
  readonly input: unknown;
}

export interface EntryRetries {
  readonly attempts: number;
  readonly forMs: number;
}

/** @param callOf what is called, of the arguments that follow a name and a time in epoch ms. */
export function callingEntries<About extends readonly unknown[]>(
  client: SchedulerClient,
  settings: EntrySettings,
  retries: EntryRetries,
  callOf: (...about: About) => EntryCall,
): Pick<ScheduledRestores, 'exists' | 'cancel'> & Record<'create' | 'move', (name: string, at: number, ...about: About) => Promise<void>> {
  const entry = (name: string, at: number, about: About): CreateScheduleInput => {
    const { arn, input } = callOf(...about);
    return {
      Name: name,
      GroupName: settings.group,
      ScheduleExpression: `at(${new Date(Math.ceil(at / 1000) * 1000).toISOString().slice(0, 19)})`,
      ScheduleExpressionTimezone: 'UTC',
      FlexibleTimeWindow: { Mode: FlexibleTimeWindowMode.OFF },
      ActionAfterCompletion: ActionAfterCompletion.DELETE,
      Target: {
        Arn: arn,
        RoleArn: settings.roleArn,
        Input: JSON.stringify(input),
        RetryPolicy: { MaximumRetryAttempts: retries.attempts, MaximumEventAgeInSeconds: retries.forMs / 1000 },
        DeadLetterConfig: { Arn: settings.dlqArn },
      },
    };
  };
  return {
    create: async (name, at, ...about) => void (await client.send(new CreateScheduleCommand(entry(name, at, about)))),
    move: async (name, at, ...about) => void (await client.send(new UpdateScheduleCommand(entry(name, at, about)))),
    ...scheduleEntries(client, settings.group),
  };
}

/**
 * The ARN of Scheduler's universal target for `call`, which is `service:apiAction` (user guide,
 * "Using universal targets"), in the partition of what it acts on: `aws`, `aws-cn` or `aws-us-gov`
 * (as aws-cdk-lib/aws-scheduler-targets writes them).
 * @param kind what `ofArn` names, for the error. @throws when it is no ARN.
 */
export function universalTarget(call: string, ofArn: string, kind: string): string {
  const [, partition = ''] = ofArn.split(':');
  if (partition === '') throw new Error(`got "${ofArn}", allowed: the ARN of a ${kind}`);
  return `arn:${partition}:scheduler:::aws-sdk:${call}`;
}

/** Whoever made them. @throws whatever Scheduler throws, but for an entry that is not there. */
export function scheduleEntries(client: SchedulerClient, group: string): Pick<ScheduledRestores, 'exists' | 'cancel'> {
  return {
    exists: (name) => found(() => client.send(new GetScheduleCommand({ Name: name, GroupName: group }))),
    // A missing entry is what we want: it fired and deleted itself, or never was.
    cancel: async (name) => void (await found(() => client.send(new DeleteScheduleCommand({ Name: name, GroupName: group })))),
  };
}

async function found(call: () => Promise<unknown>): Promise<boolean> {
  try {
    await call();
    return true;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return false;
    throw error;
  }
}
