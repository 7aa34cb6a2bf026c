import * as schedulerClient from '@aws-sdk/client-scheduler';
import { arn } from '../world/account';
import type { World } from '../world/world';
import { restJsonProtocol } from './protocol-rest-json';
import { read, service, type Operation, type Service } from './service';

interface OnSchedule {
  readonly Name: string;
  readonly GroupName?: string;
  readonly Target?: { readonly RoleArn?: string };
}

export function schedulerService(world: World): Service {
  return service({
    signingName: 'scheduler',
    iamPrefix: 'scheduler',
    sdkName: 'scheduler',
    client: schedulerClient,
    protocol: restJsonProtocol,
    operations: operations(world),
  });
}

function operations({ account, scheduler }: World): Record<string, Operation> {
  const resources = (input: OnSchedule): string[] => [arn(account, 'scheduler', `schedule/${input.GroupName ?? 'default'}/${input.Name}`)];
  const groupArn = (input: { readonly Name: string }): string[] => [arn(account, 'scheduler', `schedule-group/${input.Name}`)];
  const passesRole = (input: OnSchedule): string | undefined => input.Target?.RoleArn;
  return {
    CreateSchedule: { mutating: true, resources, passesRole, run: (input) => scheduler.createSchedule(input) },
    UpdateSchedule: { mutating: true, resources, passesRole, run: (input) => scheduler.updateSchedule(input) },
    DeleteSchedule: { mutating: true, resources, run: (input) => scheduler.deleteSchedule(input) },
    GetSchedule: { mutating: false, resources, run: (input) => scheduler.getSchedule(input) },
    ListSchedules: read((input) => scheduler.listSchedules(input)),
    CreateScheduleGroup: { mutating: true, resources: groupArn, run: (input) => scheduler.createScheduleGroup(input) },
    GetScheduleGroup: { mutating: false, resources: groupArn, run: (input) => scheduler.getScheduleGroup(input) },
  };
}
