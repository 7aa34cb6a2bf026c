import * as fc from 'fast-check';
import { ALL_AT_ONCE, BATCH, roundIntervalS, nextBatch, type Need, type Waiting } from '../../core/batch';

const arns = (count: number): string[] => Array.from({ length: count }, (_, index) => `group-${String(index).padStart(4, '0')}`);

/**
 * Sweeps a minute apart; every group that has its turn gets a round then. Returns the longest that
 * a group waited, in sweeps.
 */
function longestWait(count: number, needOf: (arn: string) => Need, sweeps: number, of: (arn: string) => boolean = () => true): number {
  const lastAt = new Map<string, number>();
  let longest = 0;
  for (let sweep = 1; sweep <= sweeps; sweep++) {
    const waiting = arns(count).map((arn): Waiting => ({ arn, lastAt: lastAt.get(arn), need: needOf(arn) }));
    for (const arn of nextBatch(waiting)) lastAt.set(arn, sweep);
    for (const arn of arns(count).filter(of)) longest = Math.max(longest, sweep - (lastAt.get(arn) ?? 0));
  }
  return longest;
}

describe('the interval between two rounds of a group', () => {
  test.each([
    [1, 60, 60],
    [500, 60, 60],
    [501, 60, 120],
    [800, 60, 120],
    [801, 60, 180],
    [1000, 60, 180],
    [1200, 60, 180],
    [1600, 60, 240],
    [2000, 60, 300],
    [500, 180, 180],
    [501, 180, 360],
  ])('of %i groups with a sweep every %i s is %i s', (groups, intervalS, roundS) => {
    expect(roundIntervalS(groups, intervalS)).toBe(roundS);
  });

  test('is what taking turns gives', () => {
    for (const count of [1, 500, 501, 1000, 1200, 2000]) expect(longestWait(count, () => 'well', 12) + 1).toBe(roundIntervalS(count, 1));
  });
});

describe('whose turn it is', () => {
  test('up to 500 groups everybody’s, and above never more than a sweep may ask for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2000 }), fc.integer({ min: 0, max: 9 }), (count, urgent) => {
        const waiting = arns(count).map((arn, index): Waiting => ({ arn, lastAt: index, need: index % 10 < urgent ? 'troubled' : 'well' }));
        const turn = nextBatch(waiting);
        expect(turn).toHaveLength(count <= ALL_AT_ONCE ? count : BATCH);
        expect(new Set(turn).size).toBe(turn.length);
      }),
      { numRuns: 50 },
    );
  });

  test('a group in trouble has a round in every sweep', () => {
    const sick = new Set(['group-0007', 'group-1999']);
    const waiting = arns(2000).map((arn): Waiting => ({ arn, lastAt: sick.has(arn) ? 99 : 1, need: sick.has(arn) ? 'troubled' : 'well' }));
    expect(nextBatch(waiting).slice(0, 2)).toEqual([...sick]);
  });

  test('trouble everywhere but in one group does not blind that one', () => {
    expect(longestWait(2000, (arn) => (arn === 'group-1000' ? 'well' : 'troubled'), 12)).toBeLessThanOrEqual(2000 / (BATCH / 2));
  });

  test('a group with a target that is out has a round in every sweep, whatever troubles all the others', () => {
    const held = (arn: string) => arn === 'group-1999';
    expect(longestWait(2000, (arn) => (held(arn) ? 'held' : 'troubled'), 12, held)).toBe(0);
  });

  test('the longest without a round come first', () => {
    const lastAt = [30, 10, undefined, 20];
    const waiting = lastAt.map((at, index): Waiting => ({ arn: `group-${index}`, lastAt: at, need: 'well' }));
    expect(nextBatch(waiting)).toEqual(['group-2', 'group-1', 'group-3', 'group-0']);
  });
});
