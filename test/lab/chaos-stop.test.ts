/**
 * What stopping promises under crashes, faults and changes, on a sample small enough for every test
 * run; CI and `npm run chaos:stop` play more.
 */
import { isSameJob } from '../../core/stop/same-job';
import { commandOf } from '../../lab/chaos-stop/host';
import { STOP_MUTATIONS, playStopMutation } from '../../lab/chaos-stop/mutations';
import { runStopChaos } from '../../lab/chaos-stop/run';

jest.setTimeout(120_000);

test('nothing is violated, and jobs do get stopped', async () => {
  const runs = [];
  for (let seed = 1; seed <= 25; seed++) runs.push(await runStopChaos(seed));
  expect(runs.flatMap(({ seed, violations }) => violations.map((one) => ({ seed, ...one })))).toEqual([]);
  expect(runs.reduce((sum, { stops }) => sum + stops, 0)).toBeGreaterThan(5);
  expect(runs.reduce((sum, { verified }) => sum + verified, 0)).toBeGreaterThan(2);
});

test('the same seed plays the same run', async () => {
  expect(await runStopChaos(7)).toEqual(await runStopChaos(7));
});

test('the four jobs are told apart, so that a stop is possible on each host', () => {
  const culprits = [1, 2, 3, 4].map((number) => ({ pid: number, command: commandOf(number), user: 'reports' }));
  const alike = culprits.flatMap((one, index) => culprits.slice(index + 1).filter((other) => isSameJob(one, other)));
  expect(alike).toEqual([]);
});

/** Those that a few runs notice; `npm run chaos:stop -- --mutations` plays all of them. */
const QUICK = [
  'target-serves',
  'culprit-on-peers',
  'lease',
  'another-host',
  'listens',
  'budget-stack-day',
  'cancel-is-read',
  'undo-answers',
];

test.each(STOP_MUTATIONS.filter(({ name }) => QUICK.includes(name)))('without $takenAway a run is noticed', async (mutation) => {
  expect(await playStopMutation(mutation, 1, 40)).toBeDefined();
});
