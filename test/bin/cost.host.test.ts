import { spawnSync } from 'node:child_process';
import path from 'node:path';
import * as fc from 'fast-check';
import { PRICE_LIST } from '../../bin/cost/prices';
import { estimate, sweepLoad, type Fleet } from '../../bin/cost/estimate';

const SMALL: Fleet = { groups: 20, targets: 20, intervalS: 60, responseKb: 4 };

const dollarsOf = (fleet: Fleet, item: string): number => estimate(fleet).items.find((one) => one.item === item)?.dollars ?? Number.NaN;

const fleets = fc.record({
  groups: fc.integer({ min: 1, max: 2000 }),
  targets: fc.integer({ min: 1, max: 1000 }),
  intervalS: fc.constantFrom(60, 120, 180, 240, 300),
  responseKb: fc.integer({ min: 0, max: 64 }),
});

describe('the estimate', () => {
  test('adds up, and every item is a sum of money', () => {
    fc.assert(
      fc.property(fleets, (fleet) => {
        const { items, dollars, avoided } = estimate(fleet);
        for (const item of [...items, ...avoided]) expect(item.dollars).toBeGreaterThan(0);
        expect(dollars).toBeCloseTo(items.reduce((sum, item) => sum + item.dollars, 0));
      }),
    );
  });

  test('metrics cost by the group and never by the target', () => {
    expect(dollarsOf(SMALL, 'metrics')).toBeCloseTo((4 * 20 + 11) * 0.3);
    expect(dollarsOf({ ...SMALL, targets: 500 }, 'metrics')).toBe(dollarsOf(SMALL, 'metrics'));
  });

  test('CloudWatch is asked for four metrics when something is due, not in each sweep', () => {
    expect(dollarsOf(SMALL, 'CloudWatch reads')).toBeCloseTo((43_800 / 100) * 4 * (0.01 / 1000));
  });

  test('of the sweeper is its memory for its time, as Lambda charges it', () => {
    const { durationS } = sweepLoad(SMALL);
    expect(dollarsOf(SMALL, 'sweeper')).toBeCloseTo(43_800 * (0.2e-6 + 0.5 * durationS * 0.0000133334));
  });

  test('half as many sweeps halve what is paid by the sweep', () => {
    const slower = { ...SMALL, intervalS: 120 };
    for (const item of ['sweeper', 'prober', 'schedule', 'DynamoDB reads', 'DynamoDB writes', 'traffic between zones'])
      expect(dollarsOf(slower, item)).toBeCloseTo(dollarsOf(SMALL, item) / 2);
  });

  test('a page without a body still costs the probe’s own request', () => {
    expect(dollarsOf({ ...SMALL, responseKb: 0 }, 'traffic between zones')).toBeGreaterThan(0);
  });

  test('above 500 groups says how often a group has its round', () => {
    expect(estimate({ ...SMALL, groups: 2000 }).roundS).toBe(300);
  });

  test('of what cannot be is refused with the value', () => {
    expect(() => estimate({ ...SMALL, groups: 0 })).toThrow('groups is 0; allowed: a number from 1');
    expect(() => estimate({ ...SMALL, targets: Number.NaN })).toThrow('targets is NaN');
  });
});

test('every price says where it is from, and when that was', () => {
  for (const { page, quotedBy, asOf, dollars } of Object.values(PRICE_LIST)) {
    expect(page).toMatch(/^https:\/\/aws\.amazon\.com\/.+pricing\//);
    expect(quotedBy).toMatch(/^https?:\/\//);
    expect(asOf).toMatch(/^20[0-9]{2}(-[0-9]{2})?$/);
    expect(dollars).toBeGreaterThan(0);
  }
});

describe('one sweep', () => {
  test('never asks ELB more than the minute’s share of 10 calls a second, however many groups there are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), (groups) =>
        expect(sweepLoad({ groups, targets: 20 }).elbCalls).toBeLessThanOrEqual(600),
      ),
    );
  });

  test('is over before the function’s time-out of 120 s, with a third of it to spare', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), (groups) => expect(sweepLoad({ groups, targets: 20 }).durationS).toBeLessThan(90)),
    );
  });
});

describe('sickbay cost', () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [path.join(__dirname, '..', '..', 'bin', 'sickbay.js'), 'cost', ...args], { encoding: 'utf8' });

  test('prints what is paid and what is not', () => {
    const { status, stdout } = run('--groups', '20', '--targets', '20');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^20 target groups of 20 targets, a sweep every 60 s\n\nA month: \$\d+\.\d\d\n/);
    expect(stdout).toMatch(/metrics +\$27\.30 +4 x 20 groups \+ 11/);
    expect(stdout).toMatch(/Not spent, by design:\n +3 metrics a target +\$360\.00/);
  });

  test.each([
    ['500', '60 s'],
    ['501', '60 s; groups take turns: each has a round every 120 s while nothing is wrong with it, so a first suspicion takes up to 120 s'],
    [
      '1000',
      '60 s; groups take turns: each has a round every 180 s while nothing is wrong with it, so a first suspicion takes up to 180 s',
    ],
    [
      '2000',
      '60 s; groups take turns: each has a round every 300 s while nothing is wrong with it, so a first suspicion takes up to 300 s',
    ],
  ])('says how often each of %s groups has its round', (groups, summary) => {
    const [first] = run('--groups', groups, '--targets', '20').stdout.split('\n');
    expect(first?.split(', a sweep every ')[1]?.replace('; from then on every 60 s', '')).toBe(summary);
  });

  test('prints JSON', () => {
    const { stdout } = run('--groups', '2', '--targets', '3', '--interval', '300', '--json');
    expect(JSON.parse(stdout)).toEqual({
      ...SMALL,
      groups: 2,
      targets: 3,
      intervalS: 300,
      ...estimate({ ...SMALL, groups: 2, targets: 3, intervalS: 300 }),
    });
  });

  test.each([
    ['--groups', '1.5', 'got "1.5"; allowed: a whole number from 1'],
    ['--interval', '90', 'got "90"; allowed: 60, 120, 180, 240, 300'],
    ['--response-kb', '65', 'got "65"; allowed: 0 to 64'],
  ])('%s %s is refused', (option, value, message) => {
    const { status, stderr } = run('--groups', '1', '--targets', '1', option, value);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });
});
