/** The invariants under crashes and faults, on a sample small enough for every test run; CI and the command run many more. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { MUTATIONS, UNCOVERED, playMutation, playUnaltered } from '../../lab/chaos/mutations';
import { crashRuns, drawnRuns } from '../../lab/chaos/report';

jest.setTimeout(120_000);

/** A prime, so that both kinds of crash and every part of a run are met. */
const CRASH_STEP = 11;
const DRAWN_RUNS = 60;

describe('chaos', () => {
  it('nothing is violated by a crash before or after a call', async () => {
    const report = await crashRuns(CRASH_STEP);
    expect(report.violations).toEqual([]);
    expect(report.removals).toBeGreaterThan(0);
  });

  it('nothing is violated by drawn faults, and targets do get removed', async () => {
    const report = await drawnRuns(1, DRAWN_RUNS);
    expect(report.violations).toEqual([]);
    expect(report.removals).toBeGreaterThan(DRAWN_RUNS / 10);
  });

  it('the same seed plays the same run', async () => {
    expect(await drawnRuns(7, 2)).toEqual(await drawnRuns(7, 2));
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
