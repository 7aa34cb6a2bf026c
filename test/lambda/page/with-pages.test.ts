import { parseConfig, type ConfigInput } from '../../../core/config';
import type { Diagnosis, EcsTask, PageRequest, PageReport, ServiceView } from '../../../core/model';
import { inspectCase } from '../../../lambda/inspect/inspect-cases';
import { targetCase } from '../../builders/cases';
import { GROUP, groupOf } from '../../builders/groups';
import { respondPorts } from '../../builders/ports';
import { roundOf, verdict } from '../../builders/rounds';

const network = { subnetIds: ['subnet-0123456789abcdef0'], securityGroupIds: ['sg-0123456789abcdef0'] };
const IDS = ['10.0.1.30', '10.0.1.31', '10.0.1.32'] as const;
const NOW = 60_000;

type GroupInput = ConfigInput['targetGroups'][number];

interface World {
  readonly group?: Partial<GroupInput>;
  readonly ids?: readonly string[];
  /**
   * What each page answers, by target id; without one it is a full pool on the first, and an easy
   * one elsewhere.
   */
  readonly page?: (id: string) => string | { readonly failed: string };
  readonly fails?: Error;
  readonly launchType?: string;
  /** Of the tasks, in turn. */
  readonly digests?: readonly string[];
  readonly startedAt?: number;
}

function pool(id: string): string {
  return id === IDS[0] ? page(20, 45) : page(7, 0);
}

function page(active: number, waiting: number): string {
  const rows = [`m\tconnection_pool_active ${active}`, 'm\tconnection_pool_max 20', `m\tconnection_pool_wait ${waiting}`];
  return ['sickbay-inspection 1', '## metrics ok', ...rows, '## end ok'].join('\n');
}

function serviceOf(launchType: string, { digests = [], startedAt = NOW - 7_200_000 }: World): ServiceView {
  const tasks = IDS.map((id, index) => ({
    arn: `arn:task/${id}`,
    lastStatus: 'RUNNING',
    desiredStatus: 'RUNNING',
    launchType,
    targets: [{ groupArn: GROUP, id, port: 8080 }],
    protection: { state: 'unprotected' as const },
    tags: {},
    startedAt,
    platformVersion: '1.4.0',
    definition: 'checkout:7',
    zone: 'us-east-1a',
    images: digests.slice(index, index + 1).map((digest) => ({ container: 'web', digest })),
  })) satisfies EcsTask[];
  return { service: {} as ServiceView['service'], tasks };
}

/** What the first target's case says of itself after one look, and what the prober was asked. */
async function looked(
  world: World,
): Promise<{ readonly diagnosis: Diagnosis; readonly asked: PageRequest[]; readonly loads: unknown; readonly logged: string[] }> {
  const { ids = IDS, launchType = 'FARGATE' } = world;
  const asked: PageRequest[] = [];
  const logged: string[] = [];
  const read = async (request: PageRequest): Promise<PageReport> => {
    asked.push(request);
    if (world.fails !== undefined) throw world.fails;
    const pages = request.pages.map(({ host }) => {
      const text = (world.page ?? pool)(host);
      // The prober's clock is not ours.
      return typeof text === 'string' ? { host, stdout: text, capturedAt: 1 } : { host, notInspectable: text.failed, capturedAt: 1 };
    });
    return { v: 1, pages };
  };
  const ports = respondPorts({
    clock: { now: () => NOW },
    log: (event) => void logged.push(event),
    hosts: { inspect: async (hosts) => hosts.map((host) => ({ host, notInspectable: 'no agent', capturedAt: NOW })) },
    pages: { read },
    ecs: { read: async () => serviceOf(launchType, world) },
  });
  const config = parseConfig({
    targetGroups: [{ arn: GROUP, probe: { path: '/', host: 'shop.example.com' }, inspection: { page: { port: 9090 } }, ...world.group }],
    network,
  });
  const targets = ids.map((id) => ({ id, port: 8080 }));
  const round = roundOf({
    groupArn: GROUP,
    addresses: Object.fromEntries(targets.map(({ id }) => [`${id}:8080`, id.startsWith('i-') ? '10.0.9.9' : id])),
    targetRefs: Object.fromEntries(
      targets.map(({ id }) => [`${id}:8080`, { kind: 'unknown' as const, why: 'its address is outside EC2' }]),
    ),
    lbView: targets.map((target) => ({ target, state: 'healthy' as const })),
    verdicts: targets.map(({ id }, index) => verdict(`${id}:8080`, { verdict: index === 0 ? 'convicted' : 'clean' })),
  });
  const incident = targetCase({ openedAt: 0, target: targets[0] ?? { id: '', port: 0 } });
  const [group] = config.targetGroups;
  if (group === undefined) throw new Error('one group is configured');
  const after = await inspectCase(ports, config, { group: groupOf({ arn: GROUP }), config: group, rounds: [round] }, incident);
  if (after.diagnosis === undefined) throw new Error('no diagnosis');
  return { diagnosis: after.diagnosis, asked, loads: after.loads, logged };
}

const ECS = { owner: 'ecs', ecs: { cluster: 'shop', service: 'checkout' } } as const;

describe('the page over the network', () => {
  it('is read of the slow target and its peers where no host can be inspected, and compared', async () => {
    const { diagnosis, asked } = await looked({});
    expect(asked).toEqual([
      {
        v: 1,
        pages: IDS.map((id) => ({
          host: id,
          address: id,
          port: 9090,
          path: '/metrics',
          protocol: 'HTTP',
          hostHeader: 'shop.example.com',
        })),
        metricNames: [],
      },
    ]);
    expect(diagnosis.pools).toEqual([
      { host: '10.0.1.30', active: 20, max: 20, waiting: 45 },
      { host: '10.0.1.31', active: 7, max: 20, waiting: 0 },
      { host: '10.0.1.32', active: 7, max: 20, waiting: 0 },
    ]);
    expect(diagnosis.findings[0]).toMatchObject({ cause: 'pool-leak', evidence: ['pool 20/20, 45 waiting; peers 7'] });
  });

  it('is told as what it is', async () => {
    const { diagnosis } = await looked({});
    expect(diagnosis.notInspectable).toEqual([]);
    expect(diagnosis.overNetwork).toEqual(IDS.map((host) => ({ host, why: 'its address is outside EC2' })));
  });

  it('of a task on Fargate says that there is no Run Command', async () => {
    const { diagnosis } = await looked({ group: ECS });
    expect(diagnosis.overNetwork?.map(({ why }) => why)).toEqual(IDS.map(() => 'no Run Command on Fargate'));
  });

  it('of a task on EC2 keeps saying why its host was not looked into', async () => {
    const { diagnosis } = await looked({ group: ECS, launchType: 'EC2' });
    expect(diagnosis.overNetwork?.[0]?.why).toBe('ECS did not tell which container host its task is on');
  });

  it('of a task that began since it was measured is not asked for: its address had another one', async () => {
    const { asked, diagnosis } = await looked({ group: ECS, startedAt: NOW + 1 });
    expect(asked).toEqual([]);
    expect(diagnosis.overNetwork).toBeUndefined();
  });

  it('counts from when it was asked for, by our clock: capacity rests on it', async () => {
    const { loads } = await looked({});
    expect(loads).toEqual([
      { host: '10.0.1.30', capturedAt: NOW, pool: { active: 20, max: 20 } },
      { host: '10.0.1.31', capturedAt: NOW, pool: { active: 7, max: 20 } },
      { host: '10.0.1.32', capturedAt: NOW, pool: { active: 7, max: 20 } },
    ]);
  });

  it('is read where the agent of an instance does not answer', async () => {
    const { asked, diagnosis } = await looked({ ids: ['i-0123456789abcdef0', 'i-0123456789abcdef1'] });
    expect(asked[0]?.pages.map(({ host, address }) => [host, address])).toEqual([
      ['i-0123456789abcdef0', '10.0.9.9'],
      ['i-0123456789abcdef1', '10.0.9.9'],
    ]);
    expect(diagnosis.overNetwork?.[0]?.why).toBe('no agent');
  });

  it('asks for the names of the configured pool', async () => {
    const inspection = { page: { port: 9090 }, pool: { active: 'mine_active', max: 'mine_max' } };
    const { asked } = await looked({ group: { inspection } });
    expect(asked[0]?.metricNames).toEqual(['mine_active', 'mine_max']);
  });

  it('that does not answer is told beside why its host was not inspected', async () => {
    const { diagnosis } = await looked({ group: ECS, page: () => ({ failed: 'status 404' }) });
    expect(diagnosis.notInspectable[0]).toEqual({
      host: '10.0.1.30',
      why: 'no Run Command on Fargate; its page on port 9090 was not read: status 404',
    });
    expect(diagnosis.findings[0]?.cause).toBe('unknown');
    expect(diagnosis.overNetwork).toBeUndefined();
  });

  it('of a prober that cannot be asked is told, and is no failure of the response', async () => {
    const { diagnosis, logged } = await looked({ fails: new Error('throttled') });
    expect(diagnosis.notInspectable[0]?.why).toBe(
      'its address is outside EC2; its page on port 9090 was not read: the prober could not be asked',
    );
    expect(logged).toContain('pages-unread');
  });

  it('is asked for only where it is declared', async () => {
    const { asked, diagnosis } = await looked({ group: { ...ECS, inspection: {} } });
    expect(asked).toEqual([]);
    expect(diagnosis.notInspectable[0]?.why).toBe('no Run Command on Fargate');
  });

  it('has beside it what ECS tells of the task, and in what it differs from its peers', async () => {
    const digests = [`sha256:${'a'.repeat(64)}`, `sha256:${'b'.repeat(64)}`, `sha256:${'b'.repeat(64)}`];
    const { diagnosis } = await looked({ group: ECS, digests, page: () => page(7, 0) });
    expect(diagnosis.notes.slice(0, 2)).toEqual([
      'task 10.0.1.30: checkout:7, platform version 1.4.0, us-east-1a, started 120 min ago',
      'differs in image digest of web: sha256:aaaaaaaaaaaa; peers sha256:bbbbbbbbbbbb',
    ]);
    expect(diagnosis.findings[0]).toMatchObject({
      cause: 'release-drift',
      evidence: ['image digest of web is sha256:aaaaaaaaaaaa; peers sha256:bbbbbbbbbbbb'],
    });
  });

  it('of which nothing was read has that all the same', async () => {
    const digests = [`sha256:${'a'.repeat(64)}`, `sha256:${'b'.repeat(64)}`, `sha256:${'b'.repeat(64)}`];
    const { diagnosis } = await looked({ group: { ...ECS, inspection: {} }, digests });
    expect(diagnosis.findings[0]?.cause).toBe('unknown');
    expect(diagnosis.notes).toContain('differs in image digest of web: sha256:aaaaaaaaaaaa; peers sha256:bbbbbbbbbbbb');
  });

  it('of tasks whose peers run several images says nothing of it', async () => {
    const digests = ['a', 'b', 'c'].map((digit) => `sha256:${digit.repeat(64)}`);
    const { diagnosis } = await looked({ group: ECS, digests });
    expect(diagnosis.notes.join('\n')).not.toContain('digest');
  });

  it('of tasks of one image says nothing of it', async () => {
    const digests = Array.from({ length: 3 }, () => `sha256:${'b'.repeat(64)}`);
    const { diagnosis } = await looked({ group: ECS, digests });
    expect(diagnosis.notes.join('\n')).not.toContain('digest');
    expect(diagnosis.findings.map(({ cause }) => cause)).not.toContain('release-drift');
  });
});
