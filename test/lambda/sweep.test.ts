/**
 * The sweep from discovery to the wake-up, with the real judge and a prober that answers what the
 * test says.
 */
import { parseConfig, type ConfigInput } from '../../core/config';
import type {
  Case,
  ClientProbe,
  InstanceFacts,
  ListedGroup,
  LoadBalancer,
  ProbePlan,
  ProbeReport,
  Round,
  TargetRef,
} from '../../core/model';
import type { ClientRequest, Measurement, SweepPorts } from '../../lambda/ports';
import { sweep } from '../../lambda/sweep';
import { Records } from '../../lab/chaos/records';
import { targetCase } from '../builders/cases';
import { GROUP, listedGroupOf } from '../builders/groups';
import { probeReport } from '../builders/probe-report';
import { healthy } from '../builders/targets';

const IDS = ['i-1', 'i-2', 'i-3', 'i-4'];

const LOAD_BALANCERS: LoadBalancer[] = [{ arn: 'lb', dnsName: 'lb.example.test', scheme: 'internet-facing', port: 80, protocol: 'HTTP' }];

const group = listedGroupOf({ arn: GROUP, name: 'checkout', port: 8080, loadBalancerArns: ['lb'] });

function configured(entry: Partial<ConfigInput['targetGroups'][number]> = { probe: { path: '/api/cart' } }) {
  const network = { subnetIds: ['subnet-0123456789abcdef0'], securityGroupIds: ['sg-0123456789abcdef0'] };
  return parseConfig({ targetGroups: [{ arn: GROUP, ...entry }], network });
}

/** A world of one group, by the minute. `latencyMs` says how long each target takes. */
class FakeWorld {
  now = 0;
  rounds: Round[] = [];
  plans: ProbePlan[] = [];
  cases: Case[] = [];
  woken = 0;
  health = healthy(IDS);
  group = group;
  latencyMs: (id: string) => number = () => 100;
  zoneOf: (id: string) => string = () => 'us-east-1a';
  described: string[] = [];
  refs = new Map<string, TargetRef>();
  ec2Fails = false;
  proberFails = 0;
  clientFails = false;
  clientProbes: ClientProbe[] = [];
  reachAsked: ClientRequest[] = [];
  metrics: Measurement[] = [];
  /** What happens while a round is being measured. */
  meanwhile: () => Promise<void> = async () => undefined;
  private readonly records = new Records();

  readonly ports: SweepPorts = {
    clock: { now: () => this.now, sleep: async () => undefined },
    loadBalancing: {
      groups: async () => [this.group],
      missing: async () => [],
      reach: async (groups, requestOf) => {
        this.reachAsked = groups.map(requestOf);
        return new Map(groups.map(({ arn }) => [arn, LOAD_BALANCERS]));
      },
      describe: async () => [],
      health: async () => this.health,
    },
    targetRefs: { of: async () => this.refs },
    instances: { describe: async (ids) => this.describe(ids) },
    prober: {
      probe: async (plan) => {
        await this.meanwhile();
        return this.probe(plan);
      },
    },
    clients: {
      sample: async (probe) => {
        const { groupArn } = probe;
        this.clientProbes.push(probe);
        if (this.clientFails) throw new Error('lb.example.test did not resolve');
        return { groupArn, samples: [{ latencyMs: 100 }] };
      },
    },
    rounds: {
      latest: async (_, limit) => this.rounds.slice(0, limit),
      append: async (round) => void this.rounds.unshift(round),
      begin: async (arns, at) => this.records.begin(arns, at),
      begun: async (after, before) => this.records.begun(after, before),
    },
    cases: { open: async () => this.cases },
    responder: { wake: async () => void this.woken++ },
    log: () => undefined,
    metrics: (measurement) => void this.metrics.push(measurement),
  };

  private describe(ids: readonly string[]): Map<string, InstanceFacts> {
    this.described.push(...ids);
    if (this.ec2Fails) throw new Error('request limit exceeded');
    return new Map(ids.map((id) => [id, { address: `10.0.0.${id.slice(2)}`, zone: this.zoneOf(id), type: 'm7g.large' }]));
  }

  private probe(plan: ProbePlan): ProbeReport {
    this.plans.push(plan);
    if (this.proberFails-- > 0) throw new Error('no network interface');
    return probeReport(plan, this.now, this.latencyMs);
  }

  async minutes(count: number, config = configured()): Promise<void> {
    for (let minute = 0; minute < count; minute++) {
      this.now += 60_000;
      await sweep(this.ports, config, 'schedule');
    }
  }
}

const verdictOf = (world: FakeWorld, id: string) => world.rounds[0]?.verdicts.find((verdict) => verdict.key === `${id}:8080`)?.verdict;
const samplesOf = (world: FakeWorld, id: string) => world.plans.at(-1)?.groups[0]?.targets.find((entry) => entry.target.id === id)?.samples;

it("a group that our request does not reach alone has no client's view, and its round says so", async () => {
  const world = new FakeWorld();
  const unreached = {
    ...world.ports,
    loadBalancing: { ...world.ports.loadBalancing, reach: async () => new Map<string, LoadBalancer[]>() },
  };
  world.now += 60_000;
  await sweep(unreached, configured(), 'schedule');
  expect(world.rounds[0]?.clientView).toBeUndefined();
  expect(world.rounds[0]?.notes).toEqual(["no client's view: no rule of a listener sends the probe's host and path to this group alone"]);
});

it('a round says which targets Automatic Target Weights has moved traffic away from', async () => {
  const world = new FakeWorld();
  const { loadBalancing } = world.ports;
  const mitigating = async (arn: string) =>
    (await loadBalancing.health(arn)).map((entry, index) => (index < 7 ? { ...entry, mitigationInEffect: true } : entry));
  world.now += 60_000;
  await sweep({ ...world.ports, loadBalancing: { ...loadBalancing, health: mitigating } }, configured(), 'schedule');
  expect(world.rounds[0]?.notes.join()).toMatch(
    /Automatic Target Weights has moved traffic away from (i-\d+:\d+, ){2,4}i-\d+:\d+( and \d more)?/,
  );
});

it('a configured group that is not there wakes the responder, which asks about it once more', async () => {
  const world = new FakeWorld();
  const gone = GROUP.replace('/checkout/', '/gone/');
  const { targetGroups, ...rest } = configured();
  await world.minutes(1, parseConfig({ ...rest, targetGroups: [...targetGroups, { arn: gone }] }));
  expect(world.woken).toBe(1);
  expect(world.rounds).toHaveLength(1);
});

it('an IPv6 group that the prober was not let out to says so in its round', async () => {
  const world = new FakeWorld();
  world.group = { ...group, ipAddressType: 'ipv6' };
  await world.minutes(1);
  expect(world.rounds[0]?.notes).toContain('an IPv6 target group, and network.ipv6 is not set: the prober cannot reach its targets');
});

it('a healthy fleet is remembered and wakes nobody', async () => {
  const world = new FakeWorld();
  await world.minutes(6);
  expect(world.rounds).toHaveLength(6);
  expect(world.rounds[0]?.fleet).toBe('none');
  expect(world.woken).toBe(0);
});

it('each round is told in numbers, of the group and of the stack', async () => {
  const world = new FakeWorld();
  world.latencyMs = (id) => (id === 'i-3' ? 4000 : 100);
  await world.minutes(1);
  const [ofGroup, ofStack] = world.metrics;
  expect(ofGroup).toMatchObject({ at: world.now, of: { group: 'checkout' }, values: { Blind: 0 } });
  expect(ofGroup?.values.SlowestTargetMs).toBeGreaterThan(4000);
  expect(ofGroup?.values.MedianTargetMs).toBeLessThan(110);
  expect(ofStack?.values).toMatchObject({ GroupsMeasured: 1, BlindGroups: 0, LongestOutMs: 0 });
});

it('one slow target is convicted within a few rounds, and the responder is woken with no evidence in the call', async () => {
  const world = new FakeWorld();
  await world.minutes(6);
  world.latencyMs = (id) => (id === 'i-3' ? 4000 : 100);
  await world.minutes(3);
  expect(world.rounds[0]?.fleet).toBe('convicted');
  expect(verdictOf(world, 'i-3')).toBe('convicted');
  expect(world.woken).toBeGreaterThan(0);
});

it('everybody slow convicts nobody, and a person is to be told', async () => {
  const world = new FakeWorld();
  await world.minutes(6);
  world.latencyMs = () => 4000;
  await world.minutes(3);
  expect(world.rounds.slice(0, 3).map((round) => round.fleet)).not.toContain('convicted');
  expect(world.rounds[0]?.fleet).toBe('shared');
  expect(world.woken).toBeGreaterThan(0);
});

it('a target under suspicion gets more samples in the next round', async () => {
  const world = new FakeWorld();
  await world.minutes(6);
  expect(samplesOf(world, 'i-3')).toBe(10);
  world.latencyMs = (id) => (id === 'i-3' ? 4000 : 100);
  await world.minutes(2);
  expect(samplesOf(world, 'i-3')).toBe(20);
  expect(samplesOf(world, 'i-1')).toBe(10);
});

it('a target that is out is still probed, at the address kept in its case', async () => {
  const world = new FakeWorld();
  const opened = targetCase({ openedAt: 0, target: { id: 'i-3', port: 8080 }, address: '10.9.9.9' });
  world.cases = [{ ...opened, state: 'out' }];
  world.health = world.health.filter((entry) => entry.target.id !== 'i-3');
  await world.minutes(1);
  const entry = world.plans[0]?.groups[0]?.targets.find(({ target }) => target.id === 'i-3');
  expect(entry?.address).toBe('10.9.9.9');
});

it('asks EC2 once about an instance, and remembers the answer in the rounds', async () => {
  const world = new FakeWorld();
  await world.minutes(3);
  expect(world.described).toEqual(IDS);
  expect(world.rounds[0]?.instances?.['i-3']).toEqual({ address: '10.0.0.3', zone: 'us-east-1a', type: 'm7g.large' });
});

it('an EC2 that does not answer costs new instances their round, says so, and nobody else anything', async () => {
  const world = new FakeWorld();
  await world.minutes(1);
  world.ec2Fails = true;
  world.health = [...world.health, { target: { id: 'i-5', port: 8080 }, state: 'healthy' }];
  await world.minutes(1);
  expect(world.plans[1]?.groups[0]?.targets.map(({ target }) => target.id)).toEqual(IDS);
  expect(world.rounds[0]?.notes.join()).toContain('EC2 could not be asked about i-5: Error: request limit exceeded');
});

it.each([
  ['that make up a zone are not convicted: the zone is slow', 'us-east-1b', false],
  ['in a zone with well ones are convicted', 'us-east-1a', true],
] as const)('two slow instances of twelve %s', async (_, zone, convicted) => {
  const world = new FakeWorld();
  world.health = healthy(Array.from({ length: 12 }, (__, index) => `i-${index}`));
  const slow = new Set(['i-3', 'i-4']);
  world.zoneOf = (id) => (slow.has(id) ? zone : 'us-east-1a');
  await world.minutes(10);
  world.latencyMs = (id) => (slow.has(id) ? 4000 : 100);
  await world.minutes(3);
  expect(world.rounds.some((round) => round.fleet === 'convicted')).toBe(convicted);
});

it('targets that are draining by other hands are not probed', async () => {
  const world = new FakeWorld();
  world.health = world.health.map((entry) => (entry.target.id === 'i-3' ? { ...entry, state: 'draining' } : entry));
  await world.minutes(1);
  expect(world.plans[0]?.groups[0]?.targets.map(({ target }) => target.id)).toEqual(['i-1', 'i-2', 'i-4']);
});

it('a prober that fails once is asked again', async () => {
  const world = new FakeWorld();
  world.proberFails = 1;
  await world.minutes(1);
  expect(world.rounds[0]?.fleet).toBe('none');
  expect(world.plans).toHaveLength(2);
});

it('a prober that cannot be asked makes the round blind, says why, and a person is to be told', async () => {
  const world = new FakeWorld();
  await world.minutes(3);
  world.proberFails = 4;
  await world.minutes(2);
  expect(world.rounds[0]?.fleet).toBe('blind');
  expect(world.rounds[0]?.says).toContain('no network interface');
  expect(world.woken).toBe(1);
});

it('an alarm right after a round adds nothing', async () => {
  const world = new FakeWorld();
  await world.minutes(1);
  world.now += 10_000;
  expect(await sweep(world.ports, configured(), 'alarm')).toMatchObject({ groups: 0, skipped: 1 });
  world.now += 30_000;
  expect(await sweep(world.ports, configured(), 'alarm')).toMatchObject({ groups: 1, skipped: 0 });
});

/** A world of the groups a, b and c, whose names are the ends of their ARNs. */
function threeGroups() {
  const world = new FakeWorld();
  const groups = ['a', 'b', 'c'].map((name) => ({ ...group, name, arn: `${GROUP.slice(0, -1)}${name}` }));
  const config = { ...configured(), targetGroups: groups.map(({ arn }) => ({ ...configured().targetGroups[0], arn, minHealthy: 1 })) };
  world.ports.loadBalancing.groups = async () => groups;
  world.ports.rounds.latest = async (arn, limit) => world.rounds.filter((round) => round.groupArn === arn).slice(0, limit);
  const about = (names: string) => (one: ListedGroup) => names.includes(one.name);
  const alarm = (names: string) => sweep(world.ports, config, 'alarm', about(names));
  const schedule = () => sweep(world.ports, config, 'schedule');
  /** Does it once, while the next round is being measured. */
  const duringNext = (work: () => Promise<unknown>) => {
    world.meanwhile = async () => {
      world.meanwhile = async () => undefined;
      await work();
    };
  };
  const planned = () => world.plans.map((plan) => plan.groups.map(({ groupArn }) => groupArn.slice(-1)).join(''));
  return { world, alarm, schedule, duringNext, planned };
}

describe('an alarm while a round is being measured', () => {
  it('leaves just the groups of that round out', async () => {
    const { world, alarm, duringNext, planned } = threeGroups();
    world.now = 1_000_000;
    duringNext(async () => {
      world.now += 10_000;
      expect(await alarm('abc')).toMatchObject({ groups: 1, skipped: 2 });
    });
    await alarm('ab');
    expect(planned()).toEqual(['c', 'ab']);
  });

  it('of the schedule measures nothing, and the schedule never heeds an alarm’s', async () => {
    const { world, alarm, schedule, duringNext, planned } = threeGroups();
    world.now = 1_000_000;
    duringNext(async () => {
      world.now += 10_000;
      expect(await alarm('b')).toMatchObject({ groups: 0, skipped: 1 });
    });
    await schedule();
    duringNext(async () => void (await schedule()));
    world.now += 60_000;
    await alarm('a');
    expect(planned()).toEqual(['abc', 'abc', 'a']);
  });

  it('that itself measured nothing keeps no later one away', async () => {
    const { world, alarm, planned } = threeGroups();
    world.now = 1_000_000;
    await alarm('a');
    world.now += 20_000;
    await alarm('a');
    world.now += 11_000;
    await alarm('a');
    expect(planned()).toEqual(['a', 'a']);
  });

  it('that began at the same moment: one of the two measures', async () => {
    const { world, alarm, planned } = threeGroups();
    world.now = 1_000_000;
    await Promise.all([alarm('ab'), alarm('ab')]);
    expect(planned()).toEqual(['ab']);
  });

  it('by a sweep that died in it waits 30 s, and the schedule not at all', async () => {
    const { world, alarm, schedule, duringNext, planned } = threeGroups();
    world.now = 1_000_000;
    duringNext(() => new Promise(() => undefined));
    void schedule();
    await new Promise((resolve) => setImmediate(resolve));
    world.now += 20_000;
    expect(await alarm('a')).toMatchObject({ groups: 0, skipped: 1 });
    world.now += 10_001;
    expect(await alarm('a')).toMatchObject({ groups: 1 });
    expect(await schedule()).toMatchObject({ groups: 3, skipped: 0 });
    expect(planned()).toEqual(['a', 'abc']);
  });
});

it('an alarm measures just what it is about', async () => {
  const world = new FakeWorld();
  expect(await sweep(world.ports, configured(), 'alarm', () => false)).toMatchObject({ groups: 0, skipped: 0 });
  expect(world.plans).toEqual([]);
  expect(await sweep(world.ports, configured(), 'alarm', ({ arn }) => arn === GROUP)).toMatchObject({ groups: 1 });
  expect(world.rounds[0]?.trigger).toBe('alarm');
});

it('without a configured path the health check itself is measured, and the round says so loudly', async () => {
  const world = new FakeWorld();
  await world.minutes(1, configured({}));
  expect(world.plans[0]?.groups[0]?.path).toBe('/health');
  expect(world.rounds[0]?.notes.join()).toContain('no probe path is configured');
});

it('a host that is registered under two ports is two targets, each measured and judged by itself', async () => {
  const world = new FakeWorld();
  world.health = [...healthy(IDS), ...healthy(IDS, 9090)];
  await world.minutes(1);
  const asked = world.plans[0]?.groups[0]?.targets.map(({ target: { id, port } }) => `${id}:${port}`);
  expect(asked).toEqual([8080, 9090].flatMap((port) => IDS.map((id) => `${id}:${port}`)));
  expect(world.rounds[0]?.verdicts.map(({ key }) => key).sort()).toEqual([...(asked ?? [])].sort());
});

it.each([
  [
    'a configured call has to succeed, whatever the health check takes for an answer',
    { probe: { path: '/shop.v1.Cart/Get', grpc: { request: 'CCo=' } } },
    { path: '/shop.v1.Cart/Get', matcher: '0', grpc: { request: 'CCo=' } },
  ],
  ['statuses that are configured count', { probe: { path: '/shop.v1.Cart/Get', matcher: '0,5' } }, { matcher: '0,5', grpc: {} }],
  ['without a configured call the health check is measured by its own codes', {}, { path: '/AWS.ALB/healthcheck', matcher: '12' }],
])('a gRPC group is probed in gRPC, and so is its load balancer: %s', async (_, entry, asked) => {
  const world = new FakeWorld();
  const { path: _unset, ...healthCheck } = group.healthCheck;
  world.group = { ...group, protocolVersion: 'GRPC', healthCheck: { ...healthCheck, grpcMatcher: '12' } };
  await world.minutes(1, configured(entry));
  expect(world.plans[0]?.groups[0]).toMatchObject({ version: 'GRPC', protocol: 'HTTP', ...asked });
  expect(world.clientProbes[0]).toMatchObject({ version: 'GRPC', ...asked });
  expect(world.reachAsked).toEqual([expect.objectContaining({ version: 'GRPC' })]);
});

it('an HTTP/2 group is probed in HTTP/2, by the codes of its health check', async () => {
  const world = new FakeWorld();
  world.group = { ...group, protocolVersion: 'HTTP2' };
  await world.minutes(1);
  expect(world.plans[0]?.groups[0]).toMatchObject({ version: 'HTTP2', matcher: '200' });
  expect(world.plans[0]?.groups[0]).not.toHaveProperty('grpc');
});

it.each([
  ['a group of functions', { targetType: 'lambda' }, 'not probed: its target is a Lambda function'],
  ['a group of a load balancer', { targetType: 'alb', protocol: 'TCP' }, 'not probed: its target is a load balancer'],
  ['a group over UDP', { protocol: 'UDP' }, 'not probed: its protocol is UDP'],
  [
    'a gRPC group with a page for a method',
    { protocolVersion: 'GRPC' },
    'not probed: its protocol version is GRPC, and "probe.matcher" is 200',
  ],
])('%s is not probed, nobody is convicted or called blind, and the round says why', async (_, described, note) => {
  const world = new FakeWorld();
  world.group = { ...group, ...described };
  await world.minutes(3, configured({ probe: { path: '/api/cart', matcher: '200' } }));
  expect(world.plans).toEqual([]);
  expect(world.rounds[0]?.notes.join()).toContain(note);
  expect(world.rounds.map(({ fleet }) => fleet)).toEqual(['none', 'none', 'none']);
});

it('what cannot be probed is not said to be measured on the health check’s path', async () => {
  const world = new FakeWorld();
  world.group = { ...group, targetType: 'lambda' };
  await world.minutes(1, configured({ probe: undefined }));
  expect(world.rounds[0]?.notes).toEqual(['not probed: its target is a Lambda function, which has no address to probe']);
});

it('goes on without the view of a client', async () => {
  const world = new FakeWorld();
  world.clientFails = true;
  await world.minutes(1);
  expect(world.rounds[0]?.clientView).toBeUndefined();
  expect(world.rounds[0]?.fleet).toBe('none');
});

it('a sweep that is running out of time leaves the rest to the next one, which begins with them', async () => {
  const world = new FakeWorld();
  const groups = Array.from({ length: 60 }, (_, index) => ({ ...group, arn: `${GROUP.slice(0, -2)}${String(index).padStart(2, '0')}` }));
  const config = { ...configured(), targetGroups: groups.map(({ arn }) => ({ ...configured().targetGroups[0], arn, minHealthy: 1 })) };
  world.ports.loadBalancing.groups = async () => groups;
  world.ports.loadBalancing.health = async () => {
    world.now += 2_000;
    return world.health;
  };
  world.ports.rounds.latest = async (arn, limit) => world.rounds.filter((round) => round.groupArn === arn).slice(0, limit);
  const first = await sweep(world.ports, config, 'schedule');
  const measured = new Set(world.rounds.map((round) => round.groupArn));
  expect(first.groups + first.skipped).toBe(60);
  expect(first.groups).toBeLessThan(60);
  const second = await sweep(world.ports, config, 'schedule');
  const rest = groups.filter(({ arn }) => !measured.has(arn)).map(({ arn }) => arn);
  expect(new Set(world.rounds.map((round) => round.groupArn)).size).toBe(60);
  expect(world.rounds.slice(0, second.groups).map((round) => round.groupArn)).toEqual(expect.arrayContaining(rest));
});

it('a group that cannot be read costs the others no round, and fails the run', async () => {
  const world = new FakeWorld();
  const other = { ...group, arn: GROUP.replace('checkout', 'search') };
  const config = {
    ...configured(),
    targetGroups: [group, other].map(({ arn }) => ({ ...configured().targetGroups[0], arn, minHealthy: 1 })),
  };
  world.ports.loadBalancing.groups = async () => [group, other];
  world.ports.loadBalancing.health = async (arn) => {
    if (arn === GROUP) throw new Error('rate exceeded');
    return world.health;
  };
  await expect(world.minutes(1, config)).rejects.toThrow('rate exceeded');
  expect(world.rounds.map((round) => round.groupArn)).toEqual([other.arn]);
});

it('a failing record is not swallowed', async () => {
  const world = new FakeWorld();
  world.ports.rounds.append = async () => Promise.reject(new Error('table is gone'));
  await expect(world.minutes(1)).rejects.toThrow('table is gone');
});
