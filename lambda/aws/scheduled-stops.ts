/**
 * The scheduled stop: a one-time EventBridge Scheduler entry with a universal target that stops a
 * task by itself. It is created before the task is deregistered and needs none of our code.
 */
import {
  ActionAfterCompletion,
  CreateScheduleCommand,
  FlexibleTimeWindowMode,
  UpdateScheduleCommand,
  type CreateScheduleInput,
  type SchedulerClient,
} from '@aws-sdk/client-scheduler';
import { STOP_RETRIES_MS } from '../../core/replacement';
import type { ScheduledStops, TaskStop } from '../ports';
import { scheduleEntries } from './schedule-entries';

const RETRIES = { MaximumRetryAttempts: 10, MaximumEventAgeInSeconds: STOP_RETRIES_MS / 1000 };

export interface ScheduledStopSettings {
  readonly group: string;
  readonly roleArn: string;
  readonly dlqArn: string;
}

export function scheduledStops(client: SchedulerClient, settings: ScheduledStopSettings): ScheduledStops {
  return {
    create: async (name, at, task) => void (await client.send(new CreateScheduleCommand(entry(settings, name, at, task)))),
    move: async (name, at, task) => void (await client.send(new UpdateScheduleCommand(entry(settings, name, at, task)))),
    ...scheduleEntries(client, settings.group),
  };
}

/**
 * The names of the input are those of published universal targets of ECS
 * (`aws-sdk:ecs:updateService` and `aws-sdk:ecs:stopTask` with `Cluster` and `Task`): the API's
 * own, with a capital (I: the user guide has none for ECS).
 */
function entry(settings: ScheduledStopSettings, name: string, at: number, { clusterArn, taskArn, reason }: TaskStop): CreateScheduleInput {
  const [, partition = ''] = taskArn.split(':');
  if (partition === '') throw new Error(`got "${taskArn}", allowed: the ARN of a task`);
  return {
    Name: name,
    GroupName: settings.group,
    ScheduleExpression: `at(${new Date(Math.ceil(at / 1000) * 1000).toISOString().slice(0, 19)})`,
    ScheduleExpressionTimezone: 'UTC',
    FlexibleTimeWindow: { Mode: FlexibleTimeWindowMode.OFF },
    ActionAfterCompletion: ActionAfterCompletion.DELETE,
    Target: {
      Arn: `arn:${partition}:scheduler:::aws-sdk:ecs:stopTask`,
      RoleArn: settings.roleArn,
      Input: JSON.stringify({ Cluster: clusterArn, Task: taskArn, Reason: reason }),
      RetryPolicy: RETRIES,
      DeadLetterConfig: { Arn: settings.dlqArn },
    },
  };
}
