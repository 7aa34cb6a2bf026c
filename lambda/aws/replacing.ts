/** The ports to ECS, where a group declares `owner: 'ecs'`; elsewhere no client of it is made. */
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { SchedulerClient } from '@aws-sdk/client-scheduler';
import { replacesTasks, type Config } from '../../core/config';
import { NO_SCHEDULED_STOPS, NO_SERVICES } from '../no-services';
import type { RespondPorts } from '../ports';
import * as clients from './clients';
import { clock } from './clock';
import { ecsServices, type ServiceClients } from './ecs';
import { required } from './environment';
import type { EntrySettings } from './schedule-entries';
import { scheduledStops } from './scheduled-stops';
import { taskMetrics } from './task-metrics';

export interface ReplacingClients extends Pick<ServiceClients, 'changeLoadBalancing'> {
  readonly scheduler: SchedulerClient;
  readonly cloudWatch: CloudWatchClient;
}

export function replacingPorts(
  config: Config,
  { scheduler, changeLoadBalancing, cloudWatch }: ReplacingClients,
  schedules: Omit<EntrySettings, 'roleArn'>,
): Pick<RespondPorts, 'ecs' | 'scheduledStops' | 'taskMetrics'> {
  if (!replacesTasks(config)) return { ecs: NO_SERVICES, scheduledStops: NO_SCHEDULED_STOPS };
  const read = clients.readServices();
  return {
    taskMetrics: taskMetrics(read, cloudWatch),
    ecs: ecsServices({ read, change: clients.changeServices(), changeLoadBalancing }, clock),
    scheduledStops: scheduledStops(scheduler, { ...schedules, roleArn: required('scheduledStopRoleArn') }),
  };
}
