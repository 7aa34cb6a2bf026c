/**
 * The scheduled stop: a one-time EventBridge Scheduler entry with a universal target that stops a
 * task by itself. It is created before the task is deregistered and needs none of our code.
 */
import type { SchedulerClient } from '@aws-sdk/client-scheduler';
import { STOP_RETRIES_MS } from '../../core/replacement';
import type { ScheduledStops, TaskStop } from '../ports';
import { callingEntries, universalTarget, type EntryCall, type EntrySettings } from './schedule-entries';

export function scheduledStops(client: SchedulerClient, settings: EntrySettings): ScheduledStops {
  return callingEntries(client, settings, { attempts: 10, forMs: STOP_RETRIES_MS }, stopCall);
}

/**
 * The names of the input are those of published universal targets of ECS
 * (`aws-sdk:ecs:updateService` and `aws-sdk:ecs:stopTask` with `Cluster` and `Task`): the API's
 * own, with a capital (I: the user guide has none for ECS).
 */
function stopCall({ clusterArn, taskArn, reason }: TaskStop): EntryCall {
  return { arn: universalTarget('ecs:stopTask', taskArn, 'task'), input: { Cluster: clusterArn, Task: taskArn, Reason: reason } };
}
