import * as fc from 'fast-check';
import { RealClock, SettableClock } from '../../lab/world/clock';

test('entries run in the order of their time, equal times in the order they were made', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(50)), (delays) => {
      const clock = new SettableClock(0);
      const ran: [number, number][] = [];
      for (const [index, delay] of delays.entries()) clock.at(delay, () => ran.push([clock.now(), index]));
      clock.advance(50);
      const expected = [...delays.entries()]
        .map(([index, delay]) => [delay, index])
        .sort(([a = 0, i = 0], [b = 0, j = 0]) => a - b || i - j);
      expect(ran).toEqual(expected);
    }),
  );
});

test('an entry that another one adds runs in the same advance, when it falls due', () => {
  const clock = new SettableClock(0);
  const ran: number[] = [];
  const again = (): void => {
    ran.push(clock.now());
    clock.at(clock.now() + 10, again);
  };
  clock.at(10, again);
  clock.advance(35);
  expect(ran).toEqual([10, 20, 30]);
  expect(clock.now()).toBe(35);
  expect(clock.nextAt()).toBe(40);
});

test('a cancelled entry never runs, and an entry in the past runs on the next advance', () => {
  const clock = new SettableClock(100);
  const ran: string[] = [];
  clock.at(150, () => ran.push('cancelled'))();
  clock.at(50, () => ran.push('past'));
  expect(ran).toEqual([]);
  clock.advance(0);
  clock.advance(100);
  expect(ran).toEqual(['past']);
  expect(clock.nextAt()).toBeUndefined();
});

test('time does not go back', () => {
  expect(() => new SettableClock(0).advance(-1)).toThrow('time cannot go back: got -1 ms, allowed 0 or more');
});

test('settling lets promises that an entry started finish before the next entry', async () => {
  const clock = new SettableClock(0);
  const ran: string[] = [];
  clock.at(1, () => void Promise.resolve().then(() => clock.at(2, () => ran.push('started by the first'))));
  clock.at(3, () => ran.push('last'));
  await clock.settle(5);
  expect(ran).toEqual(['started by the first', 'last']);
});

test('the real clock never runs an entry inside the call that made it, and runs none once it is closed', async () => {
  const clock = new RealClock();
  const ran: string[] = [];
  clock.at(0, () => ran.push('past'));
  expect(ran).toEqual([]);
  await new Promise<void>((resolve) => clock.at(clock.now(), resolve));
  expect(ran).toEqual(['past']);
  const left = new Promise<string>((resolve) => clock.at(clock.now() + 1, () => resolve('ran')));
  clock.at(clock.now() + 2 ** 40, () => ran.push('in 34 years'));
  clock.close();
  const later = new Promise<string>((resolve) => setTimeout(() => resolve('did not run'), 20));
  await expect(Promise.race([left, later])).resolves.toBe('did not run');
});
