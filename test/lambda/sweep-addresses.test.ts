/** IP targets from discovery to the round: the identity of a target is who has its address. */
import { parseConfig } from '../../core/config';
import { targetKey, type Case, type ProbePlan, type ProbeReport, type Round, type Target, type TargetRef } from '../../core/model';
import type { SweepPorts } from '../../lambda/ports';
import { sweep } from '../../lambda/sweep';
import { Records } from '../../lab/chaos/records';
import { targetCase } from '../builders/cases';
import { GROUP, listedGroupOf } from '../builders/groups';
import { probeReport } from '../builders/probe-report';
import { sweepPorts } from '../builders/ports';

const ADDRESSES = ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4', '10.0.0.5'];
const SICK = '10.0.0.3';
const CONFIG = parseConfig({
  targetGroups: [{ arn: GROUP, probe: { path: '/api/cart' } }],
  network: { subnetIds: ['subnet-0123456789abcdef0'], securityGroupIds: ['sg-0123456789abcdef0'] },
});

const at = (id: string): Target => ({ id, port: 8080, availabilityZone: 'us-east-1a' });
const host = (name: string): TargetRef => ({ kind: 'instance', instanceId: `i-${name}`, interfaceId: `eni-${name}`, isPrimary: true });
const UNKNOWN: TargetRef = { kind: 'unknown', why: 'EC2 could not be asked' };

class World {
  now = 0;
  readonly rounds: Round[] = [];
  readonly plans: ProbePlan[] = [];
  cases: Case[] = [];
  registered = [...ADDRESSES];
  described: string[] = [];
  holders: Record<string, TargetRef> = Object.fromEntries(ADDRESSES.map((id) => [id, host(id)]));
  latencyMs: (id: string) => number = () => 100;
  private readonly records = new Records();

  private readonly ports: SweepPorts = sweepPorts({
    clock: { now: () => this.now, sleep: async () => undefined },
    loadBalancing: {
      groups: async () => [listedGroupOf({ arn: GROUP, name: 'checkout', port: 8080, targetType: 'ip', vpcId: 'vpc-1' })],
      reach: async () => new Map(),
      health: async () => this.registered.map((id) => ({ target: at(id), state: 'healthy' })),
    },
    targetRefs: { of: async (_, targets) => new Map(targets.map((target) => [targetKey(target), this.holders[target.id] ?? UNKNOWN])) },
    instances: {
      describe: async (ids) => {
        this.described.push(...ids);
        return new Map(ids.map((id) => [id, { address: 'none', zone: 'us-east-1a', type: 'm7g.large', name: `name of ${id}` }]));
      },
    },
    prober: { probe: async (plan) => this.probe(plan) },
    clients: {},
    rounds: {
      latest: async (_, limit) => this.rounds.slice(0, limit),
      append: async (round) => void this.rounds.unshift(round),
      begin: async (arns, when) => this.records.begin(arns, when),
    },
    cases: { open: async () => this.cases },
    responder: { wake: async () => undefined },
    log: () => undefined,
    metrics: () => undefined,
  });

  private probe(plan: ProbePlan): ProbeReport {
    this.plans.push(plan);
    return probeReport(plan, this.now, this.latencyMs);
  }

  async minutes(count: number): Promise<void> {
    for (let minute = 0; minute < count; minute++) {
      this.now += 60_000;
      await sweep(this.ports, CONFIG, 'schedule');
    }
  }

  get sick() {
    return this.rounds[0]?.verdicts.find(({ key }) => key === targetKey(at(SICK)));
  }
}

/** Convicted, after six ordinary rounds. */
async function convicted(): Promise<World> {
  const world = new World();
  await world.minutes(6);
  world.latencyMs = (id) => (id === SICK ? 4000 : 100);
  await world.minutes(3);
  expect(world.sick?.verdict).toBe('convicted');
  return world;
}

it('a round keeps who has each address, and what EC2 says of it', async () => {
  const world = new World();
  await world.minutes(2);
  expect(world.rounds[0]?.targetRefs?.[targetKey(at(SICK))]).toEqual(host(SICK));
  expect(world.rounds[0]?.instances?.[SICK]).toMatchObject({ name: `name of i-${SICK}`, type: 'm7g.large' });
  expect(world.rounds[0]?.addresses[targetKey(at(SICK))]).toBe(SICK);
  expect(world.described).toEqual(ADDRESSES.map((id) => `i-${id}`));
});

it('an address that somebody else has is another target: its grace begins anew, and nothing is remembered of it', async () => {
  const world = await convicted();
  world.holders[SICK] = host('new');
  await world.minutes(1);
  expect(world.sick).toMatchObject({ verdict: 'unjudged', cold: true });
  expect(world.sick?.evidenceSince).toBe(world.now);
  expect(world.rounds[0]?.lbView.find(({ target }) => target.id === SICK)?.sinceAt).toBe(world.now);
  expect(world.rounds[0]?.instances?.[SICK]?.name).toBe('name of i-new');
});

it('whose holder cannot be told in one round is the same target, and that round says so', async () => {
  const world = await convicted();
  world.holders = {};
  await world.minutes(1);
  expect(world.sick?.verdict).toBe('convicted');
  expect(world.rounds[0]?.notes.join()).toContain('and 4 more: EC2 could not be asked');
  world.holders = Object.fromEntries(ADDRESSES.map((id) => [id, host(id)]));
  await world.minutes(1);
  expect(world.sick?.verdict).toBe('convicted');
});

it('a change of holders behind a round that could not tell is seen all the same', async () => {
  const world = await convicted();
  world.holders = {};
  await world.minutes(1);
  world.holders = { ...Object.fromEntries(ADDRESSES.map((id) => [id, host(id)])), [SICK]: host('new') };
  await world.minutes(1);
  expect(world.sick).toMatchObject({ verdict: 'unjudged', cold: true });
});

it('the address of a target that is out is probed as long as it is not somebody else’s', async () => {
  const world = new World();
  world.registered = ADDRESSES.filter((id) => id !== SICK);
  world.cases = [{ ...targetCase({ target: at(SICK), targetRef: host(SICK), address: SICK }), state: 'out' }];
  await world.minutes(1);
  const probed = () => world.plans.at(-1)?.groups[0]?.targets.map(({ target }) => target.id);
  expect(probed()).toContain(SICK);
  world.holders[SICK] = host('new');
  await world.minutes(1);
  expect(probed()).not.toContain(SICK);
});
