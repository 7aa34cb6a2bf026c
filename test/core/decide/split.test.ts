/** Where a target's times part from its peers', and lists in ascending order. */
import { countBelow, middle, splitOf } from '../../../core/decide/second-view/split';

const PEERS = [38, 40, 42];

describe('the limit between usual and slow', () => {
  it('is halfway, on the logarithmic scale, between the slow answers and the next lower one of a peer', () => {
    const { fromMs, ...rest } = splitOf([2600, 40, 2500], PEERS);
    expect(fromMs).toBeCloseTo(Math.sqrt(42 * 2500), 6);
    expect(rest).toEqual({ k: 2, n: 3, slowMs: 2500 });
  });

  it('counts what failed as slow, and takes the slowness of what was answered', () => {
    expect(splitOf([Infinity, 2500, 2600, 2700], PEERS)).toMatchObject({ k: 4, n: 4, slowMs: 2600 });
    expect(splitOf([Infinity, Infinity], PEERS)).toEqual({ fromMs: Infinity, k: 2, n: 2 });
  });

  it('is the lower one where two part them as well', () => {
    expect(splitOf([50, 2500], [45, 60])).toMatchObject({ k: 2, n: 2 });
  });

  it('is that of the greatest difference, not of the last or the first one', () => {
    expect(splitOf([30, 45, 500, 600, 700], [35, 40, 50, 650])).toMatchObject({ k: 3, n: 5, slowMs: 600 });
  });

  it('is never above the slow answers themselves, and never zero', () => {
    expect(splitOf([0.05], [0.01])).toMatchObject({ fromMs: 0.05, k: 1 });
    expect(splitOf([10], [0]).fromMs).toBeCloseTo(1, 6);
    expect(splitOf([10], [20, 30]).fromMs).toBe(Infinity);
  });

  it('is none where nothing is slower, or nothing was measured', () => {
    for (const [own, peers] of [
      [PEERS, PEERS],
      [[30, 31], PEERS],
      [[], PEERS],
      [[2500], []],
    ] as const)
      expect(splitOf(own, peers)).toEqual({ fromMs: Infinity, k: 0, n: own.length });
  });
});

describe('an ascending list', () => {
  const list = [1, 2, 2, 3, 5, 8];

  it('tells how many are below a value, for every value and length', () => {
    for (let length = 0; length <= list.length; length += 1)
      for (const value of [0, 1, 1.5, 2, 2.5, 3, 5, 8, 9]) {
        const some = list.slice(0, length);
        expect(countBelow(some, value)).toBe(some.filter((one) => one < value).length);
      }
  });

  it('has the lower one of two in its middle, and none when it is empty', () => {
    expect([middle([1, 2, 3, 4]), middle([1, 2, 3]), middle([7]), middle([])]).toEqual([2, 2, 7, Number.NaN]);
  });
});
