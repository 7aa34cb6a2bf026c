/** Tasks of a declared service: each is looked into on its container host, and on no other. */
import { parseConfig } from '../../../core/config';
import type { Case, EcsTask, HostCapture, ServiceView } from '../../../core/model';
import { inspectCase } from '../../../lambda/inspect/inspect-cases';
import type { RespondPorts, TaskLook } from '../../../lambda/ports';
import { targetCase } from '../../builders/cases';
import { GROUP, groupOf } from '../../builders/groups';
import { respondPorts } from '../../builders/ports';
import { roundOf, verdict } from '../../builders/rounds';
import { situation } from '../../builders/scenario/situation';
import { captures } from '../../core/diagnose/captures';

const NOW = 10_000_000;
const MEASURED_AT = NOW - 30_000;
const PORT = 8080;
const SICK = '10.0.0.1';
const ADDRESSES = [SICK, '10.0.0.2', '10.0.0.3'];
const HOST = 'i-0aaaaaaaaaaaaaaaa';
const OTHER_HOST = 'i-0bbbbbbbbbbbbbbbb';

const network = { subnetIds: ['subnet-0123456789abcdef0'], securityGroupIds: ['sg-0123456789abcdef0'] };
const config = parseConfig({
  targetGroups: [{ arn: GROUP, probe: { path: '/' }, owner: 'ecs', ecs: { cluster: 'shop', service: 'checkout' } }],
  network,
});

const idOf = (address: string) => `${address.at(-1)}`.repeat(32);

function task(address: string, fields: Partial<EcsTask> = {}): EcsTask {
  return {
    arn: `arn:aws:ecs:us-east-1:123456789012:task/shop/${idOf(address)}`,
    lastStatus: 'RUNNING',
    desiredStatus: 'RUNNING',
    launchType: 'EC2',
    startedAt: MEASURED_AT - 3_600_000,
    targets: [{ groupArn: GROUP, id: address, port: PORT }],
    protection: { state: 'unprotected' },
    tags: {},
    host: { arn: 'host', instanceId: address === SICK ? HOST : OTHER_HOST, agentConnected: true },
    ...fields,
  };
}

function service(tasks: readonly EcsTask[]): ServiceView {
  const described = situation(
    new Map([
      ['declared owner', 'ecs'],
      ['target type', 'ip'],
    ]),
  ).groups[0]?.service;
  if (described === undefined || 'why' in described) throw new Error('the scenario has no service');
  return { service: described.service, tasks };
}

interface World {
  readonly tasks: readonly EcsTask[];
  readonly fails?: string;
  readonly stdout?: (look: TaskLook) => string;
}

/** What the case says after the inspection, and who was asked. */
async function inspected({ tasks, fails, stdout }: World): Promise<{ case: Case; looks: readonly TaskLook[]; hosts: number }> {
  const looks: TaskLook[] = [];
  let hosts = 0;
  const scene = [...captures('healthy').values()][0];
  const ports: RespondPorts = respondPorts({
    clock: { now: () => NOW },
    log: () => undefined,
    ecs: {
      read: async () => {
        if (fails !== undefined) throw new Error(fails);
        return service(tasks);
      },
    },
    hosts: { inspect: async () => (hosts++, []) },
    taskHosts: {
      inspect: async (asked) => {
        looks.push(...asked);
        return asked.map((look): HostCapture => {
          const said = stdout?.(look) ?? (scene !== undefined && 'stdout' in scene ? scene.stdout : '');
          return { host: look.instanceId, stdout: said, capturedAt: NOW };
        });
      },
    },
  });
  const targets = ADDRESSES.map((id) => ({ id, port: PORT }));
  const round = roundOf({
    groupArn: GROUP,
    startedAt: MEASURED_AT,
    endedAt: MEASURED_AT + 2_000,
    lbView: targets.map((target) => ({ target, state: 'healthy' })),
    verdicts: targets.map(({ id }) => verdict(`${id}:${PORT}`, { verdict: id === SICK ? 'convicted' : 'clean' })),
  });
  const incident = targetCase({ openedAt: 0, target: { id: SICK, port: PORT } });
  const [group] = config.targetGroups;
  if (group === undefined) throw new Error('one group is configured');
  const about = { group: groupOf({ arn: GROUP, targetType: 'ip' }), config: group, rounds: [round] };
  return { case: await inspectCase(ports, config, about, incident), looks, hosts };
}

const whyNot = ({ case: { diagnosis } }: { case: Case }, address = SICK) =>
  diagnosis?.notInspectable.find(({ host }) => host === address)?.why;

const on = (instanceId: string) => ({ host: { arn: 'host', instanceId, agentConnected: true } });

it('each task is looked into by its own id, also where two are on one host', async () => {
  const seen = await inspected({ tasks: [task(SICK, on(HOST)), ...ADDRESSES.slice(1).map((address) => task(address, on(OTHER_HOST)))] });
  expect(seen.looks.map(({ instanceId, parameters }) => [instanceId, parameters['task'], parameters['appPort']])).toEqual([
    [HOST, [idOf('10.0.0.1')], ['8080']],
    [OTHER_HOST, [idOf('10.0.0.2')], ['8080']],
    [OTHER_HOST, [idOf('10.0.0.3')], ['8080']],
  ]);
  expect(seen.case.diagnosis?.notInspectable).toEqual([]);
  expect(seen.case.loads?.map(({ host }) => host)).toEqual(ADDRESSES);
  expect(seen.hosts).toBe(0);
});

it.each<[string, Partial<EcsTask>, string]>([
  ['Fargate', { launchType: 'FARGATE' }, 'no Run Command on Fargate'],
  ['ECS Anywhere', { launchType: 'EXTERNAL' }, 'no Run Command on an instance outside EC2'],
  [
    'a host that ECS does not tell',
    { host: { arn: 'host', agentConnected: true } },
    'ECS did not tell which container host its task is on',
  ],
  ['a task that stops', { desiredStatus: 'STOPPED' }, 'no running task of the service checkout has it'],
  ['a task that has begun since it was measured', { startedAt: MEASURED_AT + 1 }, 'its task has begun since it was measured'],
  ['a task of which ECS does not tell when it began', { startedAt: undefined as never }, 'its task has begun since it was measured'],
  ['an id that is no id', { arn: 'arn:aws:ecs:us-east-1:123456789012:task/shop/$(reboot)' }, 'its task has no id that is known'],
])('is said to be not inspectable, and its peers are looked into all the same: %s', async (_, fields, why) => {
  const seen = await inspected({ tasks: [task(SICK, fields), ...ADDRESSES.slice(1).map((address) => task(address))] });
  expect(whyNot(seen)).toContain(why);
  expect(seen.looks.map(({ parameters }) => parameters['task']?.[0])).toEqual(ADDRESSES.slice(1).map(idOf));
  expect(seen.hosts).toBe(0);
});

it('no peer is taken from the host of the sick one, whose processes are the same, while there are others', async () => {
  const tasks = ADDRESSES.map((address) => task(address, on(address === '10.0.0.3' ? OTHER_HOST : HOST)));
  const seen = await inspected({ tasks });
  expect(seen.looks.map(({ parameters }) => parameters['task']?.[0])).toEqual([SICK, '10.0.0.3'].map(idOf));
  const alone = await inspected({ tasks: ADDRESSES.map((address) => task(address, on(HOST))) });
  expect(alone.looks).toHaveLength(3);
});

it('nobody is looked into while ECS does not answer, and the diagnosis says so', async () => {
  const seen = await inspected({ tasks: [], fails: 'ThrottlingException' });
  expect(whyNot(seen)).toContain('its service could not be read: Error: ThrottlingException');
  expect(seen.looks).toEqual([]);
});

it('what else runs on the host does not pass for a task that is not there any more', async () => {
  const stray = 'sickbay-inspection 1\n## app missing no process of the task listens on port 8080\n## end ok\n';
  const healthy = [...captures('healthy').values()][0];
  const stdout = ({ parameters }: TaskLook) =>
    parameters['task']?.[0] === idOf(SICK) ? stray : healthy !== undefined && 'stdout' in healthy ? healthy.stdout : '';
  const seen = await inspected({ tasks: ADDRESSES.map((address) => task(address)), stdout });
  expect(whyNot(seen)).toBe('no process of the task listens on port 8080');
  expect(seen.case.loads?.map(({ host }) => host)).toEqual(ADDRESSES.slice(1));
});
