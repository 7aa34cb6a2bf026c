/** What a scene with a replaced task must end with. */
import type { PoolReading } from '../../core/model';
import { GROUP_ARN, SERVICE } from './config';
import type { Expectation } from './expectation';
import type { Played } from './play';
import type { Stage } from './stage';

export function replacedExpectations({ cloud, fleet }: Stage, { case: incident, taskArn = '' }: Played): Expectation[] {
  const { calls, world } = cloud;
  const at = (action: string): number => calls.findIndex((call) => call.action === action && call.error === undefined);
  const stops = calls.filter((call) => call.action === 'ecs:StopTask');
  const { replacement } = incident ?? {};
  const live = world.ecs.liveTasks(SERVICE.cluster, SERVICE.service);
  const successor = replacement?.replacedBy === undefined ? undefined : fleet.tasks?.find(replacement.replacedBy);
  return [
    {
      name: 'its stop was scheduled before it was deregistered',
      ok: inOrder(at('scheduler:CreateSchedule'), at('elasticloadbalancing:DeregisterTargets')),
    },
    {
      name: 'it was deregistered before its task was stopped',
      ok: inOrder(at('elasticloadbalancing:DeregisterTargets'), at('ecs:StopTask')),
    },
    {
      name: 'one task was stopped, the slow one, by the responder',
      ok:
        stops.length === 1 &&
        stops.every((call) => call.resource === taskArn && cloud.functionOf(call.role).toLowerCase().includes('respond')),
    },
    { name: 'nothing was registered by Sickbay', ok: at('elasticloadbalancing:RegisterTargets') === -1 },
    {
      name: 'the case is closed as recovered, with a replacement that was verified',
      ok: incident?.because === 'recovered' && replacement?.verifiedAt !== undefined,
    },
    { name: 'another task took its place, and answers', ok: replacement?.replacedBy !== taskArn && successor !== undefined },
    {
      name: 'as many tasks run as before, and all are healthy',
      ok: live.length === fleet.hosts.length && world.elb.routable(GROUP_ARN).length === live.length,
    },
    { name: 'no schedule is left', ok: (world.scheduler.listSchedules({ NamePrefix: 'sickbay-' }).Schedules ?? []).length === 0 },
  ];
}

/** Of tasks on EC2: the inspection went into the containers of each, and mixed up none. */
export function lookedIntoExpectations({ cloud }: Stage, { toldCase }: Played): Expectation[] {
  const { diagnosis } = toldCase ?? {};
  const tasks = cloud.world.ecs.liveTasks(SERVICE.cluster, SERVICE.service);
  const hosts = new Set(tasks.map(({ containerInstance }) => containerInstance?.instanceId));
  return [
    { name: 'several tasks share a host', ok: hosts.size < tasks.length },
    { name: 'none of those that were asked was not inspectable', ok: diagnosis?.notInspectable.length === 0 },
    {
      name: 'the slow task, beside a healthy one, and its two peers on another host were told apart: its pool alone was full',
      ok: diagnosis?.pools.length === 3 && diagnosis.pools.filter(isFull).length === 1,
    },
  ];
}

function isFull({ active, max }: PoolReading): boolean {
  return active >= max;
}

function inOrder(first: number, second: number): boolean {
  return first !== -1 && first < second;
}
