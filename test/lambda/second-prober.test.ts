/** When the second prober is asked, about whom, and what a round keeps of it. */
import { parseConfig } from '../../core/config';
import type { ProbePlan, ProbeReport, Round, Sample } from '../../core/model';
import type { SweepPorts } from '../../lambda/ports';
import { sweep } from '../../lambda/sweep';
import { Records } from '../../lab/chaos/records';
import { GROUP, listedGroupOf } from '../builders/groups';
import { healthy } from '../builders/targets';

const IDS = ['i-1', 'i-2', 'i-3', 'i-4'];
const SUBNETS = ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'];
const CONFIG = parseConfig({
  targetGroups: [{ arn: GROUP, probe: { path: '/api/cart' } }],
  network: { subnetIds: SUBNETS, securityGroupIds: ['sg-0123456789abcdef0'] },
});
const LISTED = listedGroupOf({ arn: GROUP, name: 'checkout', port: 8080 });
const HEALTH = healthy(IDS);

class Bench {
  now = 0;
  readonly rounds: Round[] = [];
  readonly asked: ProbePlan[] = [];
  slow = '';
  second: 'well' | 'fails' | 'off' = 'well';

  async minutes(count: number): Promise<void> {
    for (let minute = 0; minute < count; minute += 1) {
      this.now += 60_000;
      await sweep(this.ports(), CONFIG, 'schedule');
    }
  }

  private report({ groups }: ProbePlan, latencyMs: (id: string) => number, ok = true): ProbeReport {
    const measured = groups.map(({ groupArn, targets }) => ({
      groupArn,
      samples: targets.flatMap(({ target, samples }) =>
        Array.from({ length: samples }, (_, index): Sample => {
          const waitMs = latencyMs(target.id) * (1 + index / 100);
          return { target, offsetMs: index * 100, latencyMs: waitMs + 2, phases: { connectMs: 1, waitMs, bodyMs: 1 } };
        }),
      ),
    }));
    const prober = { ok, controlMs: 0.3, busyFraction: 0, ...(ok ? {} : { why: 'busy' }) };
    return { v: 1, startedAt: this.now, endedAt: this.now, groups: measured, prober };
  }

  private ports(): SweepPorts {
    const records = new Records();
    return {
      clock: { now: () => this.now, sleep: async () => undefined },
      loadBalancing: {
        groups: async () => [LISTED],
        missing: async () => [],
        reach: async () => new Map(),
        describe: async () => [],
        health: async () => HEALTH,
      },
      targetRefs: { of: async () => new Map() },
      instances: { describe: async (ids) => new Map(ids.map((id) => [id, { address: `10.0.0.${id.slice(2)}` }])) },
      prober: { probe: async (plan) => this.report(plan, (id) => (id === this.slow ? 2000 : 100)) },
      secondProber: {
        probe: async (plan) => {
          this.asked.push(plan);
          if (this.second === 'fails') throw new Error('no network interface');
          return this.report(plan, () => 100, this.second === 'well');
        },
      },
      clients: { sample: async ({ groupArn }) => ({ groupArn, samples: [] }) },
      rounds: {
        latest: async (_, limit) => this.rounds.slice(0, limit),
        append: async (round) => void this.rounds.unshift(round),
        begin: async (arns, at) => records.begin(arns, at),
        begun: async (after, before) => records.begun(after, before),
      },
      cases: { open: async () => [] },
      responder: { wake: async () => undefined },
      log: () => undefined,
      metrics: () => undefined,
    };
  }
}

async function suspected(second: Bench['second'] = 'well'): Promise<Bench> {
  const bench = new Bench();
  bench.second = second;
  await bench.minutes(5);
  bench.slow = 'i-3';
  await bench.minutes(2);
  return bench;
}

test('it is not asked while nothing is suspected', async () => {
  const bench = new Bench();
  await bench.minutes(5);
  expect(bench.asked).toEqual([]);
  expect(bench.rounds[0]?.secondLook).toBeUndefined();
  expect(bench.rounds[0]?.phases).toBeUndefined();
});

test('in the round after a suspicion it measures the suspect and two peers, and the round keeps what it saw', async () => {
  const bench = await suspected();
  expect(bench.asked.map(({ groups }) => groups.flatMap(({ targets }) => targets.map(({ target }) => target.id)))).toEqual([
    ['i-1', 'i-2', 'i-3'],
  ]);
  expect(Object.keys(bench.rounds[0]?.secondLook?.samples ?? {})).toEqual(['i-1:8080', 'i-2:8080', 'i-3:8080']);
  expect(bench.rounds[0]?.secondLook?.samples['i-3:8080']?.[0]).toBe(102);
});

test('a round keeps the phases of suspects, and of nobody else', async () => {
  const bench = await suspected();
  expect(Object.keys(bench.rounds[0]?.phases ?? {})).toEqual(['i-3:8080']);
  expect(bench.rounds[0]?.phases?.['i-3:8080']?.[0]).toEqual([1, 0, 2000, 1]);
});

test.each([
  ['cannot be asked', 'fails', 'the prober could not be asked: no network interface'],
  ['is not well itself', 'off', 'busy'],
] as const)('one that %s has seen nothing, the round says why, and goes on', async (_, second, why) => {
  const bench = await suspected(second);
  expect(bench.rounds[0]?.secondLook).toEqual({ samples: {}, why });
  expect(bench.rounds[0]?.fleet).toBe('convicted');
});
