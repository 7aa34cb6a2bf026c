import { parseConfig } from '../../../core/config';
import type { EcsTask, HostLoad, ServiceView, TargetCase } from '../../../core/model';
import { withTaskLoads } from '../../../lambda/capacity/task-loads';
import type { TaskCpu } from '../../../lambda/ports';
import { targetCase } from '../../builders/cases';
import { GROUP, groupOf } from '../../builders/groups';
import { respondPorts } from '../../builders/ports';

const NOW = 600_000;
const network = { subnetIds: ['subnet-0123456789abcdef0'], securityGroupIds: ['sg-0123456789abcdef0'] };
const ECS = { owner: 'ecs', ecs: { cluster: 'shop', service: 'checkout' } } as const;
const POOL: HostLoad = { host: '10.0.1.30', capturedAt: NOW, pool: { active: 4, max: 20 } };

function task(id: string, change: Partial<EcsTask> = {}): EcsTask {
  return {
    arn: `arn:task/${id}`,
    lastStatus: 'RUNNING',
    desiredStatus: 'RUNNING',
    launchType: 'FARGATE',
    targets: [{ groupArn: GROUP, id, port: 8080 }],
    protection: { state: 'unprotected' },
    tags: {},
    ...change,
  };
}

interface World {
  readonly tasks?: readonly EcsTask[];
  readonly cpu?: readonly TaskCpu[] | { readonly why: string } | Error;
  readonly before?: Partial<TargetCase>;
  readonly looked?: Partial<TargetCase>;
  readonly declared?: boolean;
}

/** What the case says after it was looked at, and which tasks were asked about. */
async function told(world: World): Promise<{ readonly incident: TargetCase; readonly asked: readonly string[][] }> {
  const { tasks = [task('10.0.1.30'), task('10.0.1.31')], cpu = [] } = world;
  const asked: string[][] = [];
  const ports = respondPorts({
    clock: { now: () => NOW },
    log: () => undefined,
    ecs: { read: async () => ({ service: {} as ServiceView['service'], tasks }) },
    taskMetrics: {
      cpu: async (_service, arns) => {
        asked.push([...arns]);
        if (cpu instanceof Error) throw cpu;
        return cpu;
      },
    },
  });
  const [config] = parseConfig({ targetGroups: [{ arn: GROUP, ...(world.declared === false ? {} : ECS) }], network }).targetGroups;
  if (config === undefined) throw new Error('one group is configured');
  const before = targetCase({ openedAt: 0, target: { id: '10.0.1.30', port: 8080 }, ...world.before });
  const looked = { ...before, loads: [POOL], ...world.looked };
  return { incident: await withTaskLoads(ports, { group: groupOf({ arn: GROUP }), config }, before, looked), asked };
}

const BUSY: TaskCpu = { taskArn: 'arn:task/10.0.1.31', busyFraction: 0.4, endedAt: NOW - 60_000 };

test('a task of which nothing else told counts by its CPU, as of the end of its minute', async () => {
  const { incident, asked } = await told({ cpu: [BUSY] });
  expect(asked).toEqual([['arn:task/10.0.1.31']]);
  expect(incident.loads).toEqual([POOL, { host: '10.0.1.31', capturedAt: NOW - 60_000, cpuBusy: 0.4, from: 'container-insights' }]);
  expect(incident.taskLoads).toEqual({ readAt: NOW });
});

test('what was read of a host itself goes before', async () => {
  const { incident } = await told({ tasks: [task('10.0.1.30')], cpu: [{ ...BUSY, taskArn: 'arn:task/10.0.1.30', busyFraction: 0.99 }] });
  expect(incident.loads).toEqual([POOL]);
});

test('of a task with two addresses only the one of which nothing was read counts', async () => {
  const targets = [POOL.host, 'fd00::1'].map((id) => ({ groupArn: GROUP, id, port: 8080 }));
  const cpu = [{ ...BUSY, taskArn: 'arn:task/a', busyFraction: 0.99 }];
  const { incident } = await told({ tasks: [task('a', { targets })], cpu });
  expect(incident.loads?.map(({ host, cpuBusy }) => [host, cpuBusy])).toEqual([
    [POOL.host, undefined],
    ['fd00::1', 0.99],
  ]);
});

test.each([
  ['on EC2, where it may share its host', { launchType: 'EC2' }],
  ['that is stopping', { desiredStatus: 'STOPPED' }],
  ['of another target group', { targets: [{ groupArn: 'another', id: '10.0.1.31', port: 8080 }] }],
])('a task %s is not asked about', async (_, change) => {
  const { asked, incident } = await told({ tasks: [task('10.0.1.31', change)], cpu: [BUSY] });
  expect(asked).toEqual([]);
  expect(incident.loads).toEqual([POOL]);
});

test.each([
  [{ why: 'Container Insights of cluster shop is disabled' }, 'Container Insights of cluster shop is disabled'],
  [[], 'Container Insights has no CPU of any of its tasks'],
  [new Error('throttled'), 'Container Insights could not be read: Error: throttled'],
] as const)('%# why there is none is kept, and what was known stays', async (cpu, why) => {
  const { incident } = await told({ cpu, before: { taskLoads: { readAt: 1 } } });
  expect(incident.taskLoads?.unread).toContain(why);
  expect(incident.loads).toEqual([POOL]);
});

test('nobody is asked where the case was not looked at in this run, or no service is declared', async () => {
  const loads = [POOL];
  expect((await told({ before: { loads }, looked: { loads }, cpu: [BUSY] })).asked).toEqual([]);
  const undeclared = await told({ declared: false, cpu: [BUSY] });
  expect(undeclared.asked).toEqual([]);
  expect(undeclared.incident.taskLoads).toBeUndefined();
});
