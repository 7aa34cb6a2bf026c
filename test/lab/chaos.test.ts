/**
 * The invariants under crashes and faults, on a sample small enough for every test run; CI and the
 * command run many more.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Case } from '../../core/model';
import { MUTATIONS, UNCOVERED, playMutation, playUnaltered } from '../../lab/chaos/mutations';
import { groupDropped, heal, sicken } from '../../lab/chaos/base-plans';
import type { Plan } from '../../lab/chaos/happenings';
import { groupArn, hostNames } from '../../lab/chaos/plan';
import { drawWithNetwork, drawWithService } from '../../lab/chaos/random-plan';
import { crashRuns, drawnRuns } from '../../lab/chaos/report';
import { runChaos } from '../../lab/chaos/run';
import { shares } from '../../lab/chaos/workers';

jest.setTimeout(120_000);

/** A prime, so that every kind of point and every part of a run is met. */
const CRASH_STEP = 37;
const DRAWN_RUNS = 100;
const SERVICE_RUNS = 60;
const [NETWORK_SEED, NETWORK_RUNS] = [41, 20];

describe('chaos', () => {
  it('nothing is violated by a crash before or after a call', async () => {
    const report = await crashRuns(CRASH_STEP);
    expect(report.violations).toEqual([]);
    expect(report.removals).toBeGreaterThan(0);
  });

  it('nothing is violated by drawn faults, and targets do get removed', async () => {
    const report = await drawnRuns(1, DRAWN_RUNS);
    expect(report.violations).toEqual([]);
    expect(report.removals).toBeGreaterThan(DRAWN_RUNS / 40); // one run in ten removes somebody
  });

  it('nothing is violated where the targets are tasks of a service, and tasks do get replaced', async () => {
    const report = await drawnRuns(1, SERVICE_RUNS, undefined, drawWithService);
    expect(report.violations).toEqual([]);
    expect(report.removals).toBeGreaterThan(0);
  });

  it('nothing is violated behind Network Load Balancers, and targets do get removed', async () => {
    const report = await drawnRuns(NETWORK_SEED, NETWORK_RUNS, undefined, drawWithNetwork);
    expect(report.violations).toEqual([]);
    expect(report.removals).toBeGreaterThan(0);
  });

  it('the same seed plays the same run', async () => {
    expect(await drawnRuns(7, 2)).toEqual(await drawnRuns(7, 2));
  });
});

describe('what takes longer than a drawn run', () => {
  const plan: Plan = { name: 'long', groups: [{ name: 'checkout', hosts: hostNames(24) }], minutes: 20, happenings: [] };
  const kinds = (cases: readonly Case[]) => cases.map((incident) => `${incident.about} ${incident.because ?? incident.state}`);

  it('a third conviction within the hour opens the breaker, which a person closes', async () => {
    const happenings = hostNames(3).map((id, index) => sicken(1 + 6 * index, id));
    const result = await runChaos({ ...plan, happenings }, { faultAt: () => undefined }, { seed: 1 });
    expect(result.violations).toEqual([]);
    expect(result.stage.checker.removals).toHaveLength(2);
    expect(kinds(result.stage.records.closed()).sort()).toEqual([
      'breaker operator',
      'target not-acted',
      'target recovered',
      'target recovered',
    ]);
    const told = result.stage.world.sns.published.map((message) => message.subject ?? '');
    expect(told.filter((subject) => subject.includes('Removals are paused: a breaker is open'))).toHaveLength(1);
    expect(told.filter((subject) => subject.includes('Resolved: the breaker is closed'))).toHaveLength(1);
  });

  it('a target that keeps coming back sick is out for longer, and the third time a person is asked', async () => {
    const id = 'i-00000001';
    const happenings = [sicken(1, id), heal(5, id), sicken(8, id), heal(13, id), sicken(16, id)];
    const groups = [{ name: 'checkout', hosts: hostNames(6) }];
    const result = await runChaos({ ...plan, groups, minutes: 24, happenings }, { faultAt: () => undefined }, { seed: 1 });
    expect(result.violations).toEqual([]);
    const ejections = result.stage.records.closed().flatMap((incident) => incident.ejections);
    expect(ejections.map((ejection) => ejection.leaseS)).toEqual([300, 600]);
    const told = result.stage.world.sns.published.map((message) => `${message.subject} ${message.message}`);
    expect(told.filter((text) => /Keeps failing, not removed, needs a person[^]*failed: budget-group-hour/.test(text))).not.toHaveLength(0);
    expect(told.filter((text) => text.includes('Removals are paused: a breaker is open'))).not.toHaveLength(0);
  });

  it('a group dropped from the configuration while a target is out gets it back by its lease', async () => {
    const groups = [...plan.groups, { name: 'search', hosts: hostNames(4, 101) }];
    const happenings = [sicken(1, 'i-00000001'), groupDropped(9, groupArn('checkout'))];
    const result = await runChaos({ ...plan, groups, happenings, calmMinutes: 90 }, { faultAt: () => undefined }, { seed: 1 });
    expect(result.violations).toEqual([]);
    expect(result.stage.checker.removals).toHaveLength(1);
    expect(kinds(result.stage.records.closed())).toEqual(['target operator']);
  });
});

describe('the checker bites', () => {
  it.each(MUTATIONS.map((mutation) => [mutation.name, mutation] as const))(
    'without this guard a run is caught: %s',
    async (_, mutation) => {
      expect((await playMutation(mutation)).found).toContain(mutation.expected);
    },
  );

  it.each(MUTATIONS.map((mutation) => [mutation.name, mutation] as const))(
    'with this guard the same run is clean: %s',
    async (_, mutation) => {
      expect(await playUnaltered(mutation)).toEqual([]);
    },
  );

  it.each(UNCOVERED)('what no run can miss has a scenario of its own: $name', ({ scenario }) => {
    expect(existsSync(path.join(__dirname, '..', 'scenarios', `${scenario}.txt`))).toBe(true);
  });
});

describe('shares', () => {
  it('are every seed once, whatever the number of workers', () => {
    const seeds = (workers: number) =>
      shares(5, 10, workers).flatMap(({ seed, runs }) => Array.from({ length: runs }, (_, index) => seed + index));
    for (const workers of [1, 2, 3, 7]) expect(seeds(workers)).toEqual(Array.from({ length: 10 }, (_, index) => 5 + index));
  });
});
