import * as fc from 'fast-check';
import { chanceOfAtLeast, chanceOfAtMost, chanceOfNoChange, leastRate } from '../../core/chance';

/** The binomial probability, as it is defined, in floating point. */
function exactly(k: number, n: number, p: number): number {
  let ways = 1;
  for (let i = 0; i < k; i += 1) ways *= (n - i) / (i + 1);
  return ways * p ** k * (1 - p) ** (n - k);
}

const drawn = fc.tuple(fc.integer({ min: 1, max: 60 }), fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 60 }));

test('both tails are sums of the probabilities of each count', () => {
  fc.assert(
    fc.property(drawn, ([n, p, some]) => {
      const k = some % (n + 1);
      const from = Array.from({ length: n - k + 1 }, (_, index) => exactly(k + index, n, p)).reduce((a, b) => a + b, 0);
      const to = Array.from({ length: k + 1 }, (_, index) => exactly(index, n, p)).reduce((a, b) => a + b, 0);
      expect(chanceOfAtLeast(k, n, p)).toBeCloseTo(from, 8);
      expect(chanceOfAtMost(k, n, p)).toBeCloseTo(to, 8);
    }),
  );
});

test('the least rate is the one at which so many are as rare as asked for', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 60 }), (n, some) => {
      const k = Math.min(n, some);
      expect(chanceOfAtLeast(k, n, leastRate(k, n, 0.01))).toBeCloseTo(0.01, 6);
    }),
  );
  expect(leastRate(0, 20, 0.01)).toBe(0);
  expect(leastRate(20, 20, 0.01)).toBeCloseTo(0.01 ** (1 / 20), 9);
});

test('that nothing changed is as likely as Fisher says, and certain where there is nothing to compare with', () => {
  expect(chanceOfNoChange(3, 4, 1, 4)).toBeCloseTo(17 / 70, 9); // a lady tasting tea
  expect(chanceOfNoChange(5, 20, 0, 60)).toBeCloseTo(0.000645, 6);
  expect(chanceOfNoChange(5, 20, 0, 0)).toBe(1);
  expect(chanceOfNoChange(0, 20, 7, 60)).toBeCloseTo(1, 9);
});

test('a count of a busy minute neither overflows nor takes long', () => {
  expect(chanceOfAtMost(10_001, 1_000_000, 0.02)).toBe(0);
  expect(chanceOfAtMost(10_001, 1_000_000, 0.005)).toBeCloseTo(1, 9);
});
