/** How many have become much slower than they were. */
import { assert, property, shuffledSubarray } from 'fast-check';
import { slowedIn } from '../../../core/decide/slowed';
import type { Round } from '../../../core/model';
import { roundOf, verdict } from '../../builders/rounds';

type Measured = Readonly<Record<string, readonly (number | string)[]>>;

function round(samples: Measured, cold: readonly string[] = []): Round {
  const verdicts = Object.keys(samples).map((key) => verdict(key, { cold: cold.includes(key) }));
  return roundOf({ samples, verdicts });
}

const usual = round({ a: [40], b: [42], c: [38], d: [41] });

describe('a target has slowed', () => {
  it('at four times its fastest round, and 100 ms more', () => {
    expect(slowedIn(round({ a: [160], b: [159], c: [40], d: [40] }), [usual])).toMatchObject({ slowed: 1, known: 4, isMany: false });
    const fast = round({ a: [2], b: [2], c: [2] });
    expect(slowedIn(round({ a: [101], b: [102], c: [2] }), [fast])).toMatchObject({ slowed: 1, known: 3 });
  });

  it('not by failing, and not where nobody knows how fast it was: cold, failing or slow from the first', () => {
    const now = round({ a: ['timeout'], b: [900], c: [900], d: [900], e: [900] });
    const earlier = [round({ a: [40], b: [40], c: ['timeout'], d: [900] }, ['b']), round({ a: [41], d: [905] })];
    expect(slowedIn(now, earlier)).toMatchObject({ slowed: 0, known: 1 });
  });
});

describe('the middle of a round', () => {
  it('is found in whatever order the samples are, and is a failure where most failed', () => {
    const mixed = round({
      a: [3000, 3000, 40, 3000, 40],
      b: [3000, 40, 40, 40, 3000],
      c: ['reset', 40, 40, 'reset', 'reset'],
      d: [40],
    });
    expect(slowedIn(mixed, [usual])).toMatchObject({ slowed: 1, known: 4 });
    const failing = round({
      a: [3000, 'reset', 3000, 'reset', 3000],
      b: [40, 'reset', 40, 'reset', 40],
      c: [40],
      d: ['reset', 'reset', 3000, 'reset', 3000],
    });
    expect(slowedIn(failing, [usual])).toMatchObject({ slowed: 1, known: 4 });
  });
});

describe('many have slowed', () => {
  it.each([
    [2, 4, true],
    [1, 2, false],
    [2, 5, false],
    [3, 5, true],
    [8, 20, false],
    [9, 20, true],
  ])('%d of %d: %s', (slow, of, isMany) => {
    const keys = Array.from({ length: of }, (_, index) => `t${index}`);
    const now = round(Object.fromEntries(keys.map((key, index) => [key, [index < slow ? 2000 : 40]])));
    expect(slowedIn(now, [round(Object.fromEntries(keys.map((key) => [key, [40]])))])).toMatchObject({ slowed: slow, isMany });
  });

  it('whatever the order of the earlier rounds', () => {
    const rounds = [usual, round({ a: [2000], b: [45] }), round({ a: [43], d: ['reset'] })];
    assert(
      property(shuffledSubarray(rounds, { minLength: 3 }), (earlier) => {
        expect(slowedIn(round({ a: [500], b: [500], c: [38], d: [39] }), earlier)).toMatchObject({ slowed: 2, known: 4, isMany: true });
      }),
    );
  });
});
