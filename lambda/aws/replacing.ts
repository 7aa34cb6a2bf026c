/**
 * The ports to ECS, where a group declares `owner: 'ecs'`; elsewhere its client is not even loaded.
 */
import type { SchedulerClient } from '@aws-sdk/client-scheduler';
import { replacesTasks, type Config } from '../../core/config';
import * as clients from './clients';
import { clock } from './clock';
import { required } from './environment';
import { NO_SCHEDULED_STOPS, NO_SERVICES } from '../no-services';
import type * as EcsAdapter from './ecs';
import type * as StopsAdapter from './scheduled-stops';
import type { RespondPorts } from '../ports';

/** Synchronous and inside, so that a function without services pays nothing for them. */
export function replacing(
  config: Config,
  scheduler: SchedulerClient,
  schedules: Omit<StopsAdapter.ScheduledStopSettings, 'roleArn'>,
): Pick<RespondPorts, 'ecs' | 'scheduledStops'> {
  if (!replacesTasks(config)) return { ecs: NO_SERVICES, scheduledStops: NO_SCHEDULED_STOPS };
  const { ecsServices } = require('./ecs') as typeof EcsAdapter;
  const { scheduledStops } = require('./scheduled-stops') as typeof StopsAdapter;
  const { read, change } = clients.services();
  return {
    ecs: ecsServices(read, change, clock),
    scheduledStops: scheduledStops(scheduler, { ...schedules, roleArn: required('scheduledStopRoleArn') }),
  };
}
