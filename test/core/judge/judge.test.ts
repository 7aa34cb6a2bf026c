import { around, convicted, everConvicted, failing, inputOf, keyOf, noise, play, type Samples, type Scene, verdictOf } from './play';
import { judge } from '../../../core/judge/judge';
import { levelEvidence, lnSlowOverHealthy } from '../../../core/judge/level-evidence';
import { noiseOf, waveringOf } from '../../../core/judge/noise';
import { levelOfSorted } from '../../../core/judge/math';
import { readTargets } from '../../../core/judge/compare';
import { readRecord } from '../../../core/judge/record';
import { measureTargets } from '../../../core/judge/measure';
import type { Measured } from '../../../core/judge/measured';
import { ownRateEvidence } from '../../../core/judge/rate-evidence';

const ONSET = 12;

/** A fleet at 140 ms in which one target answers otherwise from round 12 on. */
function oneSick(size: number, sick: (round: number) => Samples, rounds = ONSET + 4): Scene {
  return { size, rounds, samples: (round, k) => (k === 0 && round >= ONSET ? sick(round) : around(140, round, k)) };
}

/** Around a level with a spread of one's own choice. */
function waver(levelMs: number, spread: number, round: number, target: number, count = 10): Samples {
  return Array.from({ length: count }, (_, j) => ({ latencyMs: levelMs * Math.exp(spread * (noise(round, target, j) - 0.5)) }));
}

/** The targets as the last round finds them. */
function candidates(scene: Scene): Measured[] {
  const history = play({ ...scene, rounds: scene.rounds - 1 }).map((judgement) => judgement.record);
  const input = inputOf(scene, scene.rounds - 1, history.slice(-20));
  const rounds = input.history.map(readRecord).reverse();
  return measureTargets(readTargets(input, rounds), rounds, input.startedAt).candidates;
}

/**
 * What a target stands above its peers by, in y: a queue close to its capacity beside queues with
 * some room (bench/judge/queueing.ts, seed 303), and one that is steadily slower by as much.
 */
const COMES_AND_GOES = [1.48, 0.76, 2.52, 0.67, 1.82, 0.62, 2.54, 0.36, 1.29, 2.08];
const STEADY = COMES_AND_GOES.map(() => 1.5);

/** A fleet of queues, whose levels waver by a fifth; one of them stands above from round 12 on. */
function queues(above: readonly number[], spread = 0.1): Scene {
  const level = (round: number, k: number): number =>
    140 * Math.exp(0.7 * (noise(round, k, 99) - 0.5) + (k === 0 && round >= ONSET ? (above[round - ONSET] ?? 0) : 0));
  return { size: 12, rounds: ONSET + above.length, samples: (round, k) => waver(level(round, k), spread, round, k) };
}

const slow = (levelMs: number) => (round: number) => around(levelMs, round, 0);

describe('conviction', () => {
  test("the story's incident is convicted by its second round", () => {
    const judgements = play(oneSick(4, slow(10_300)));
    expect(convicted(judgements[ONSET])).toEqual([]);
    expect(verdictOf(judgements[ONSET], 0).verdict).toBe('suspect');
    expect(convicted(judgements[ONSET + 1])).toEqual([keyOf(0)]);
    expect(judgements[ONSET + 1]?.fleet).toBe('convicted');
  });

  test("the story's incident as the drill measures it is convicted by the second round after the pool is starved", () => {
    const timeout = { error: { kind: 'timeout', phase: 'wait' } } as const;
    const scene: Scene = {
      size: 4,
      rounds: 8,
      settings: { timeoutMs: 2000 },
      type: () => 't3.small',
      zone: (k) => 'abc'.charAt(k % 3),
      // A pool fills within the first round; afterwards every probe waits behind the report's
      // connections, and few can be started.
      samples: (round, k) => {
        const well = waver(165, 0.6, round, k);
        if (k !== 2 || round < 6) return well;
        return round === 6
          ? [...well.slice(0, 3), { latencyMs: 900 }, { latencyMs: 1600 }, timeout, timeout]
          : [timeout, timeout, timeout, timeout];
      },
    };
    const judgements = play(scene);
    expect(everConvicted(judgements.slice(0, 7))).toEqual([]);
    expect(convicted(judgements[7])).toEqual([keyOf(2)]);
    expect(verdictOf(judgements[7], 2).says).toMatch(
      /^1\dx its 3 peers \(2\.0 s against 0\.1\d s\), 4 of 4 samples bad, \d+\.\d nats of evidence, 13\.5 needed$/,
    );
  });

  test('a verdict explains itself in one line with its numbers', () => {
    const judgement = play(oneSick(4, slow(10_300)))[ONSET + 2];
    const { says } = verdictOf(judgement, 0);
    expect(says).toMatch(/^7\dx its 3 peers \(10\.\d s against 0\.14 s\), 10 of 10 samples bad, \d+\.\d nats of evidence, 13\.5 needed$/);
    expect(judgement?.says).toContain(keyOf(0));
  });

  test('evidence says since when it holds', () => {
    const judgements = play(oneSick(4, slow(10_300)));
    expect(verdictOf(judgements[ONSET + 2], 0).evidenceSince).toBe(inputOf(oneSick(4, slow(1)), ONSET, []).startedAt);
  });

  test('few timeouts of a sick target weigh as much as many samples of its peers', () => {
    const starved = (): Samples => failing(3, { kind: 'timeout', phase: 'wait' });
    expect(everConvicted(play(oneSick(4, starved)))).toEqual([keyOf(0)]);
  });

  test('failures convict although the latency of the rest is fine', () => {
    const half = (round: number): Samples => [...around(140, round, 0, 5), ...failing(5, { kind: 'status', status: 503 })];
    const judgements = play(oneSick(4, half));
    expect(everConvicted(judgements)).toEqual([keyOf(0)]);
    expect(verdictOf(judgements.at(-1), 0).why).toBe('errors');
  });

  test('a target that refuses and serves in turn is convicted', () => {
    const flapping = (round: number): Samples =>
      round % 2 === 0 ? failing(10, { kind: 'refused', phase: 'connect' }) : around(140, round, 0);
    expect(everConvicted(play(oneSick(5, flapping, ONSET + 10)))).toEqual([keyOf(0)]);
  });

  test('two targets of eight are both convicted', () => {
    const scene: Scene = { size: 8, rounds: ONSET + 5, samples: (round, k) => around(k < 2 && round >= ONSET + k ? 1400 : 140, round, k) };
    expect(everConvicted(play(scene)).sort()).toEqual([keyOf(0), keyOf(1)]);
  });

  test('a target is convicted in a moment that all share, when that explains little of what it shows', () => {
    const stalled = (round: number, k: number): Samples => [...around(140, round, k, 8), ...around(2500, round, k, 2)];
    const scene: Scene = {
      size: 8,
      rounds: ONSET + 3,
      samples: (round, k) =>
        k === 0 && round >= ONSET ? around(1400, round, 0) : round === ONSET + 1 ? stalled(round, k) : around(140, round, k),
    };
    const judgements = play(scene);
    expect(convicted(judgements[ONSET + 1])).toEqual([keyOf(0)]);
    const well = play({ ...scene, samples: (round, k) => (round === ONSET + 1 ? stalled(round, k) : around(140, round, k)) });
    expect(well[ONSET + 1]?.fleet).toBe('shared');
    expect(everConvicted(well)).toEqual([]);
  });

  test('a slow ramp is convicted', () => {
    const ramp = (round: number): Samples => around(140 * 1.5 ** (round - ONSET), round, 0);
    expect(everConvicted(play(oneSick(5, ramp, ONSET + 8)))).toEqual([keyOf(0)]);
  });
});

describe('nobody is convicted', () => {
  test('on uniform slowdown', () => {
    const scene: Scene = { size: 6, rounds: ONSET + 8, samples: (round, k) => around(round >= ONSET ? 1400 : 140, round, k) };
    const judgements = play(scene);
    expect(everConvicted(judgements)).toEqual([]);
    expect(judgements[ONSET + 1]?.fleet).toBe('shared');
  });

  test('when half of the fleet is slow', () => {
    const scene: Scene = { size: 8, rounds: ONSET + 8, samples: (round, k) => around(k < 4 && round >= ONSET ? 1400 : 140, round, k) };
    expect(everConvicted(play(scene))).toEqual([]);
  });

  test.each([
    { size: 3, sick: 2 },
    { size: 5, sick: 2 },
    { size: 10, sick: 4 },
  ])('when $sick of $size answer badly together', ({ size, sick }) => {
    const half = (round: number, k: number): Samples => [...around(140, round, k, 5), ...failing(5, { kind: 'status', status: 503 })];
    const scene: Scene = {
      size,
      rounds: ONSET + 8,
      samples: (round, k) => (k < sick && round >= ONSET ? half(round, k) : around(140, round, k)),
    };
    const judgements = play(scene);
    expect(everConvicted(judgements)).toEqual([]);
    expect(judgements[ONSET]?.fleet).toBe('shared');
  });

  test.each([1, 2, 3])('on a slowdown of all after %i rounds, however much slower one is', (before) => {
    const scene: Scene = {
      size: 7,
      rounds: before + 8,
      samples: (round, k) => around(round < before ? 140 : k === 0 ? 2600 : 1200, round, k),
    };
    const judgements = play(scene);
    expect(everConvicted(judgements)).toEqual([]);
    expect(judgements[before]?.fleet).toBe('shared');
  });

  test('when peers become faster and it wavers as it always did', () => {
    const scene: Scene = {
      size: 8,
      rounds: ONSET + 12,
      samples: (round, k) => waver(k > 0 && round >= ONSET ? 60 : 140 * Math.exp(0.7 * (noise(round, k, 77) - 0.5)), 0.4, round, k),
    };
    expect(everConvicted(play(scene))).toEqual([]);
  });

  test('for slow samples where the typical target is off by as much', () => {
    const scene: Scene = {
      size: 9,
      rounds: ONSET + 8,
      samples: (round, k) =>
        round < ONSET || k % 2 === 1 ? around(40, round, k) : waver(40 * 3 ** (1 + (k === 0 ? 2 : noise(round, k, 9))), 1, round, k),
    };
    expect(everConvicted(play(scene))).toEqual([]);
  });

  test('when its whole zone is slow', () => {
    const scene: Scene = {
      size: 9,
      rounds: ONSET + 8,
      zone: (k) => 'abc'.charAt(k % 3),
      samples: (round, k) => around(k % 3 === 1 && round >= ONSET ? 500 : 140, round, k),
    };
    expect(everConvicted(play(scene))).toEqual([]);
  });

  test('when its whole zone is slow, and its only neighbour there cannot be measured just now', () => {
    const reset = { error: { kind: 'reset', phase: 'wait' } } as const;
    const scene = (last: Samples): Scene => ({
      size: 8,
      rounds: ONSET + 6,
      zone: (k) => 'abc'.charAt(k % 3),
      samples: (round, k) => {
        if (k % 3 !== 2 || round < ONSET) return around(140, round, k);
        return k === 2 && round === ONSET + 5 ? last : around(k === 5 ? 700 : 450, round, k);
      },
    });
    const judgements = play(scene([{ latencyMs: 450 }, ...Array.from({ length: 9 }, () => reset)]));
    expect(everConvicted(judgements)).toEqual([]);
    // Whoever asks why nobody was convicted reads the veto's name and its reason.
    const vetoed = judgements.flatMap((judgement) => judgement.targets).filter(({ veto }) => veto === 'zone');
    expect(vetoed.length).toBeGreaterThan(0);
    for (const { says } of vetoed) expect(says).toMatch(/ needed, not convicted \(zone\): its zone is slow as well$/);
    // A neighbour that is well acquits nobody.
    const alone: Scene = { ...scene([]), samples: (round, k) => around(k === 5 && round >= ONSET ? 700 : 140, round, k) };
    expect(everConvicted(play(alone))).toEqual([keyOf(5)]);
  });

  test('when its whole zone is slow, and most of its own type are in that zone too', () => {
    const inZone = (k: number): boolean => k < 8;
    const scene: Scene = {
      size: 16,
      rounds: ONSET + 8,
      zone: (k) => (inZone(k) ? 'a' : 'b'),
      type: (k) => ([0, 1, 8, 9, 10, 11, 12, 13].includes(k) ? 'm5.large' : 'm5.small'),
      samples: (round, k) =>
        around((inZone(k) && round >= ONSET ? 3 : 1) * ([0, 1, 8, 9, 10, 11, 12, 13].includes(k) ? 100 : 210), round, k),
    };
    expect(everConvicted(play(scene))).toEqual([]);
  });

  test('for being somewhat slower as a whole where samples differ widely', () => {
    const scene: Scene = {
      size: 2,
      rounds: ONSET + 12,
      samples: (round, k) => waver(k === 0 && round >= ONSET ? 140 * 1.4 : 140, 1.3, round, k),
    };
    expect(everConvicted(play(scene))).toEqual([]);
  });

  test('for having always been slower, when all fail for so long that little is left of its past', () => {
    const scene: Scene = {
      size: 3,
      rounds: ONSET + 45,
      type: (k) => `type-${k}`,
      samples: (round, k) => {
        const well = around(k === 0 ? 400 * (round < 20 ? 2.8 : 3.6) : 400, round, k);
        return round >= ONSET && round < ONSET + 10 ? [...well.slice(0, 7), ...failing(3, { kind: 'status', status: 503 })] : well;
      },
    };
    expect(everConvicted(play(scene))).toEqual([]);
  });

  test('for timeouts where an answer as late as the limit would be nothing unusual', () => {
    const late = failing(3, { kind: 'timeout', phase: 'wait' });
    const samples = (round: number, k: number): Samples =>
      k === 0 && round >= ONSET ? [...waver(1900, 0.9, round, k, 7), ...late] : waver(1500, 0.9, round, k);
    const scene = { size: 8, rounds: ONSET + 10, samples };
    expect(everConvicted(play({ ...scene, settings: { timeoutMs: 3000 } }))).toEqual([]);
    expect(everConvicted(play({ ...scene, settings: { timeoutMs: 30_000 } }))).toEqual([keyOf(0)]);
  });

  test('for timeouts that others have as well, whose own limit is just beyond them', () => {
    const timeout = { error: { kind: 'timeout', phase: 'wait' } } as const;
    const samples = (round: number, k: number): Samples => {
      const part = round >= ONSET ? (k === 0 ? 3 : 2) : 0;
      return [...around(k === 0 ? 920 : 1120, round, k, 10 - part), ...Array.from({ length: part }, () => timeout)];
    };
    const scene = { size: 8, rounds: ONSET + 10, samples };
    // What is slow for it is below the time limit, and beyond it for the others.
    expect(everConvicted(play({ ...scene, settings: { timeoutMs: 2750 } }))).toEqual([]);
  });

  test('as one of many that a release in batches made almost as slow', () => {
    const level = (round: number, k: number): number => (round < ONSET || k >= 6 ? 140 : k === 0 ? 260 : 215);
    const scene: Scene = { size: 16, rounds: ONSET + 10, samples: (round, k) => around(level(round, k), round, k) };
    expect(everConvicted(play(scene))).toEqual([]);
    const alone: Scene = { ...scene, samples: (round, k) => around(k === 0 ? level(round, k) : 140, round, k) };
    expect(everConvicted(play(alone))).toEqual([keyOf(0)]);
  });

  test('without a past, for what its zone has always been slower by', () => {
    const scene = (factor: number): Scene => ({
      size: 15,
      rounds: ONSET,
      zone: (k) => 'abc'.charAt(k % 3),
      // Nothing is known of its types.
      type: (k) => `kind-${k}`,
      samples: (round, k) => around(140 * (k === 0 ? factor : k % 3 === 0 ? 1.5 : 1), round, k),
    });
    expect(everConvicted(play(scene(4.2)))).toEqual([]);
    expect(everConvicted(play(scene(10)))).toEqual([keyOf(0)]);
  });

  test('for slow samples that the others have too, whose own limits are further up', () => {
    const late = (round: number, k: number): number => (round < ONSET ? 0 : k === 0 ? 3 : (round + k + 1) % 2);
    const samples = (round: number, k: number): Samples => [
      ...around(k === 0 ? 165 : 200, round, k, 10 - late(round, k)),
      ...around(500, round, k, late(round, k)),
    ];
    const judgements = play({ size: 6, rounds: ONSET + 2, type: (k) => `kind-${k}`, samples });
    expect(everConvicted(judgements)).toEqual([]);
    expect(verdictOf(judgements.at(-1), 0).evidenceNats).toBeGreaterThan(14);
  });

  test('when most peers become faster', () => {
    const scene: Scene = { size: 6, rounds: ONSET + 8, samples: (round, k) => around(k > 0 && round >= ONSET ? 50 : 140, round, k) };
    expect(everConvicted(play(scene))).toEqual([]);
  });

  test('as a queue close to its capacity, whose latency comes and goes', () => {
    expect(everConvicted(play(queues(COMES_AND_GOES)))).toEqual([]);
    expect(everConvicted(play(queues(STEADY)))).toEqual([keyOf(0)]);
  });

  test('for one bad round', () => {
    const once = (round: number): Samples => around(round === ONSET ? 14_000 : 140, round, 0);
    expect(everConvicted(play(oneSick(5, once)))).toEqual([]);
  });

  test('while it is young', () => {
    const scene: Scene = {
      ...oneSick(5, slow(2000), ONSET + 4),
      ageMs: (round, k) => (k === 0 ? Math.max(0, round - ONSET) * 60_000 : undefined),
    };
    const judgements = play(scene);
    expect(everConvicted(judgements)).toEqual([]);
    expect(verdictOf(judgements.at(-1), 0)).toMatchObject({ cold: true, verdict: 'unjudged' });
  });

  test('once it is old enough it is judged', () => {
    const scene: Scene = {
      ...oneSick(5, slow(2000), ONSET + 9),
      ageMs: (round, k) => (k === 0 ? Math.max(0, round - ONSET) * 60_000 : undefined),
    };
    expect(everConvicted(play(scene))).toEqual([keyOf(0)]);
  });

  test('when it was never once reached', () => {
    const scene: Scene = {
      size: 5,
      rounds: 10,
      samples: (round, k) => (k === 0 ? failing(10, { kind: 'timeout', phase: 'connect' }) : around(140, round, k)),
    };
    const judgements = play(scene);
    expect(everConvicted(judgements)).toEqual([]);
    expect(verdictOf(judgements.at(-1), 0).everReached).toBe(false);
  });

  test('after it has recovered', () => {
    const ill = (round: number): Samples => around(round < ONSET + 3 ? 5000 : 140, round, 0);
    const judgements = play(oneSick(5, ill, ONSET + 8));
    expect(convicted(judgements[ONSET + 2])).toEqual([keyOf(0)]);
    for (const judgement of judgements.slice(ONSET + 3)) expect(convicted(judgement)).toEqual([]);
  });

  test('alone, in a pair without history, and in an empty round', () => {
    expect(everConvicted(play({ size: 1, rounds: 10, samples: (round) => around(round < 5 ? 140 : 9000, round, 0) }))).toEqual([]);
    expect(everConvicted(play({ size: 2, rounds: 4, samples: (round, k) => around(k === 0 ? 9000 : 140, round, k) }))).toEqual([]);
    expect(play({ size: 3, rounds: 3, samples: () => undefined }).map((judgement) => judgement.fleet)).toEqual(['none', 'none', 'none']);
  });
});

describe('a level', () => {
  const late = (round: number, k: number, count: number): Samples => [
    ...around(140, round, k, 10 - count),
    ...around(2500, round, k, count),
  ];
  const lifted = (others: number): number => {
    const samples = (round: number, k: number): Samples => (round < ONSET ? around(140, round, k) : late(round, k, k === 0 ? 7 : others));
    const [candidate] = candidates({ size: 8, rounds: ONSET + 1, samples });
    return candidate === undefined ? Number.NaN : (levelEvidence(candidate)?.nats ?? 0);
  };

  test('that slow requests have lifted proves less where the others have them too', () => {
    expect(lifted(0)).toBeGreaterThan(8);
    expect(lifted(4)).toBeLessThan(lifted(0) / 2);
  });

  test('is compared with what is usual of each peer: peers that leave move nobody', () => {
    // Two kinds, of which nothing is known; with two fast targets less the middle one is of the
    // slow kind.
    const scene: Scene = {
      size: 8,
      rounds: ONSET + 1,
      type: (k) => `kind-${k}`,
      samples: (round, k) => (k < 2 && round === ONSET ? undefined : around(k < 5 ? 140 : 210, round, k)),
    };
    for (const { ratio } of play(scene).at(-1)?.targets ?? []) expect(Math.abs(Math.log(ratio ?? 9))).toBeLessThan(0.15);
  });

  test('wavers with heavy tails, as far as it is no sampling error', () => {
    expect(noiseOf(0.2, 0).freedom).toBe(5);
    expect(noiseOf(0.2, 0.2).freedom).toBe(15);
    expect(noiseOf(0.2, 0.3).freedom).toBe(15);
    expect(noiseOf(0.2, 0.12).freedom).toBeGreaterThan(noiseOf(0.2, 0.08).freedom);
    const large = (samplingError: number): number => lnSlowOverHealthy(1.2, noiseOf(0.2, samplingError), 1e-6);
    expect(large(0)).toBeLessThan(large(0.18) - 2);
  });

  test('wavers by sampling error where the noise is mostly that, though the floor is far above both', () => {
    const quiet = candidates({ size: 6, rounds: ONSET, samples: (round, k) => around(140, round, k) });
    for (const { scale, perSample } of quiet) expect(noiseOf(scale, perSample / Math.sqrt(10)).freedom).toBeGreaterThan(6);
  });

  test('wavers by what the target itself does from round to round, of which a step and a climb are no part', () => {
    const wavering = (above: readonly number[]): number => {
      const [candidate] = candidates(queues(above));
      return candidate === undefined ? Number.NaN : waveringOf(candidate, above.length);
    };
    expect(wavering(COMES_AND_GOES)).toBeGreaterThan(2);
    expect(wavering(STEADY)).toBeLessThan(1.3);
    expect(wavering(COMES_AND_GOES.map((_, i) => 0.2 * i))).toBeLessThan(1.3);
  });

  test('proves no less for being higher in the newest round, as a wavering that is none would have it', () => {
    const nats = (newest: number): number => {
      const [candidate] = candidates(queues([...STEADY.slice(0, 5), newest]));
      return candidate === undefined ? Number.NaN : (levelEvidence(candidate)?.nats ?? 0);
    };
    const proven = [1, 1.5, 2, 3, 4].map(nats);
    expect(proven).toEqual([...proven].sort((a, b) => a - b));
  });

  test('is where most of the fast half lies: two of five slow samples do not move it', () => {
    for (const slow of [5, 100]) expect(levelOfSorted([1, 2, 3, slow, slow])).toBeCloseTo(2.2);
    expect(levelOfSorted([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])).toBeCloseTo(4);
    expect(levelOfSorted([7])).toBe(7);
    expect(levelOfSorted([])).toBeUndefined();
  });
});

describe('slow samples', () => {
  test('are one scale further than the tail reaches', () => {
    for (const { slowAbove, position, scale } of candidates({ size: 6, rounds: ONSET, samples: (round, k) => around(140, round, k) })) {
      expect(slowAbove - Math.max(position.expected ?? 0, position.usualLevel ?? 0)).toBeCloseTo(Math.log(2.5) + scale);
    }
  });

  test('prove less where the target wavers so much that its level alone would make them', () => {
    const half = (round: number): Samples => [...around(140, round, 0, 5), ...around(1400, round, 0, 5)];
    const [candidate] = candidates(oneSick(6, half, ONSET + 3));
    if (candidate === undefined) throw new Error('nobody');
    const wavering = candidate.sequence.map((round, i) => ({ ...round, residual: i % 2 === 0 ? 0 : 6 * candidate.scale }));
    const nats = ownRateEvidence(candidate, 'tail')?.nats ?? 0;
    expect(nats).toBeGreaterThan(14);
    expect(ownRateEvidence({ ...candidate, sequence: wavering }, 'tail')?.nats).toBeLessThan(nats - 2);
  });

  test('prove less where the others have some by the same measure', () => {
    const some = (round: number, k: number): Samples => [...around(140, round, k, 7), ...around(1400, round, k, 3)];
    const [candidate] = candidates(oneSick(6, (round) => some(round, 0), ONSET + 3));
    if (candidate === undefined) throw new Error('nobody');
    const alone = ownRateEvidence(candidate, 'tail')?.nats ?? 0;
    expect(alone).toBeGreaterThan(14);
    expect(ownRateEvidence(candidate, 'tail', { k: 0, n: 50 })?.nats).toBe(alone);
    expect(ownRateEvidence(candidate, 'tail', { k: 5, n: 50 })?.nats).toBeLessThan(alone - 5);
  });
});

describe('failures', () => {
  test('prove less where the others fail now as well', () => {
    const part = (round: number): Samples => [...around(140, round, 0, 7), ...failing(3, { kind: 'status', status: 503 })];
    const [candidate] = candidates(oneSick(6, part, ONSET + 3));
    if (candidate === undefined) throw new Error('nobody');
    const alone = ownRateEvidence(candidate, 'errors')?.nats ?? 0;
    expect(alone).toBeGreaterThan(14);
    expect(ownRateEvidence(candidate, 'errors', { k: 5, n: 50 })?.nats).toBeLessThan(alone - 5);
  });
});

describe('time', () => {
  test('rounds closer than the gap count as one', () => {
    const hurried: Scene = { ...oneSick(4, slow(10_300)), gapMs: 6000, rounds: ONSET + 4 };
    expect(everConvicted(play(hurried))).toEqual([]);
    expect(everConvicted(play({ ...hurried, settings: { minRoundGapMs: 4000 } }))).toEqual([keyOf(0)]);
  });

  test('rounds at odd times are judged alike', () => {
    const scene = oneSick(4, slow(10_300));
    const history: string[] = [];
    let at = inputOf(scene, 0, []).startedAt;
    const verdicts = Array.from({ length: scene.rounds }, (_, round) => {
      at += 31_000 + Math.floor(88_000 * noise(round, 0, 0));
      const judgement = judge({ ...inputOf(scene, round, [...history]), startedAt: at });
      history.push(judgement.record);
      return judgement;
    });
    expect(convicted(verdicts[ONSET + 1])).toEqual([keyOf(0)]);
  });
});

describe('the prober', () => {
  test('a prober that doubts itself sees nothing', () => {
    const off = { ok: false, controlMs: 900, busyFraction: 0.8, why: 'the control probe took 900 ms' };
    const judgements = play({ ...oneSick(4, slow(10_300)), prober: (round) => (round >= ONSET ? off : undefined) });
    expect(everConvicted(judgements)).toEqual([]);
    expect(judgements.at(-1)?.fleet).toBe('blind');
    expect(judgements.at(-1)?.says).toContain('the control probe took 900 ms');
  });

  test('most of a fleet unreachable is blind, not all sick', () => {
    const scene: Scene = {
      size: 5,
      rounds: ONSET + 3,
      samples: (round, k) => (k < 3 && round >= ONSET ? failing(10, { kind: 'timeout', phase: 'connect' }) : around(140, round, k)),
    };
    const judgements = play(scene);
    expect(everConvicted(judgements)).toEqual([]);
    expect(judgements.at(-1)?.fleet).toBe('blind');
  });
});

describe('targets that are out', () => {
  const scene: Scene = {
    size: 4,
    rounds: ONSET + 10,
    out: (round) => (round >= ONSET + 2 ? [keyOf(0)] : []),
    samples: (round, k) => around(k === 0 && round >= ONSET && round < ONSET + 4 ? 9000 : 140, round, k),
  };

  test('are judged and are nobody else is reference', () => {
    const judgements = play(scene);
    expect(convicted(judgements[ONSET + 3])).toEqual([keyOf(0)]);
    expect(verdictOf(judgements[ONSET + 3], 1).ratio).toBeCloseTo(1, 0);
  });

  test('earn a clean bill by clean rounds', () => {
    const judgements = play(scene);
    expect(verdictOf(judgements[ONSET + 3], 0)).toMatchObject({ cleanRounds: 0, healthNats: 0 });
    const well = verdictOf(judgements[ONSET + 8], 0);
    expect(well.cleanRounds).toBe(5);
    expect(well.healthNats).toBeGreaterThan(well.healthNeededNats);
  });

  test('one clean round is no clean bill', () => {
    const verdict = verdictOf(play(scene)[ONSET + 4], 0);
    expect(verdict.cleanRounds).toBe(1);
    expect(verdict.healthNats).toBeLessThan(verdict.healthNeededNats);
  });
});
