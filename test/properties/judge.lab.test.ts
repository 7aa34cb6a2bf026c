import * as fc from 'fast-check';
import type { JudgedTarget, Judgement } from '../../core/model';
import { judge } from '../../core/judge/judge';
import { around, convicted, everConvicted, inputOf, keyOf, noise, play, type Samples, type Scene, verdictOf } from '../core/judge/play';

const ONSET = 12;

/**
 * A fleet well above the floor, in which one target may be slow by a factor, or slow in a part of
 * its samples.
 */
const scenes = fc.record({
  size: fc.integer({ min: 3, max: 12 }),
  levelMs: fc.integer({ min: 200, max: 2000 }),
  factor: fc.double({ min: 1, max: 12, noNaN: true }),
  part: fc.double({ min: 0.2, max: 1, noNaN: true }),
  count: fc.integer({ min: 3, max: 20 }),
  salt: fc.integer({ min: 0, max: 1000 }),
});
type Parts = typeof scenes extends fc.Arbitrary<infer T> ? T : never;

function sceneOf(parts: Parts, scale = 1): Scene {
  const { size, levelMs, factor, part, count, salt } = parts;
  return {
    size,
    rounds: ONSET + 3,
    settings: { timeoutMs: 60_000 * scale },
    samples: (round, k) => {
      const samples = around(levelMs * scale, round + salt, k, count);
      if (k !== 0 || round < ONSET) return samples;
      return samples.map((sample, j) =>
        'latencyMs' in sample && noise(round + salt, 99, j) < part ? { latencyMs: sample.latencyMs * factor } : sample,
      );
    },
  };
}

function shuffled<T>(items: readonly T[], salt: number): T[] {
  return items
    .map((item, i) => ({ item, order: noise(salt, i, 7) }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item);
}

function sorted(judgement: Judgement): Judgement {
  return { ...judgement, targets: [...judgement.targets].sort((a, b) => a.key.localeCompare(b.key)) };
}

test('the order of targets and samples does not matter', () => {
  fc.assert(
    fc.property(scenes, (parts) => {
      const scene = sceneOf(parts);
      const history: string[] = [];
      for (let round = 0; round < scene.rounds; round++) {
        const input = inputOf(scene, round, history.slice(-20));
        const mixed = shuffled(input.targets, round).map((target): JudgedTarget => ({
          ...target,
          samples: shuffled(target.samples, round + 1),
        }));
        const judgement = judge(input);
        const other = judge({ ...input, targets: mixed });
        expect(other.record).toBe(judgement.record);
        expect(sorted({ ...other, says: '' })).toEqual(sorted({ ...judgement, says: '' }));
        history.push(judgement.record);
      }
    }),
    { numRuns: 25 },
  );
});

test('scaling all latencies well above the floor does not change who is the outlier', () => {
  fc.assert(
    fc.property(scenes, fc.integer({ min: 2, max: 10 }), (parts, scale) => {
      fc.pre(isClear(parts));
      expect(everConvicted(play(sceneOf(parts, scale)))).toEqual(everConvicted(play(sceneOf(parts))));
    }),
    { numRuns: 30 },
  );
});

/** Far from the gate of what is material, where a trifle decides. */
function isClear({ factor, part, count }: Parts): boolean {
  return (factor < 1.2 || factor > 3) && part > 0.8 && count >= 5;
}

test('more identical peers do not change who is the outlier', () => {
  fc.assert(
    fc.property(scenes, fc.integer({ min: 1, max: 20 }), (parts, more) => {
      fc.pre(isClear(parts));
      expect(everConvicted(play({ ...sceneOf(parts), size: parts.size + more }))).toEqual(everConvicted(play(sceneOf(parts))));
    }),
    { numRuns: 30 },
  );
});

test('an equal slowdown of all never convicts', () => {
  fc.assert(
    fc.property(scenes, fc.integer({ min: 1, max: 12 }), (parts, onset) => {
      const scene: Scene = {
        size: parts.size,
        rounds: onset + 10,
        settings: { timeoutMs: 60_000 },
        samples: (round, k) => around(parts.levelMs * (round >= onset ? parts.factor : 1), round + parts.salt, k, parts.count),
      };
      expect(everConvicted(play(scene))).toEqual([]);
    }),
    { numRuns: 40 },
  );
});

test('more bad samples never lower the evidence', () => {
  const bad = fc.constantFrom<Samples[number]>(
    { latencyMs: 14_000 },
    { error: { kind: 'timeout', phase: 'wait' } },
    { error: { kind: 'status', status: 503 } },
  );
  fc.assert(
    fc.property(scenes, bad, fc.integer({ min: 0, max: 2 }), (parts, sample, before) => {
      const base = sceneOf({ ...parts, factor: 1 });
      const spoil = (samples: Samples, k: number): Samples => samples.map((good, j) => (j < k ? sample : good));
      const scene: Scene = {
        ...base,
        rounds: ONSET + before,
        samples: (round, k) => spoil(base.samples(round, k) ?? [], k === 0 && round >= ONSET ? 3 : 0),
      };
      const history = play(scene)
        .slice(-20)
        .map((judgement) => judgement.record);
      let last = 0;
      for (let k = 0; k <= parts.count; k++) {
        const input = inputOf(
          { ...base, samples: (round, target) => spoil(base.samples(round, target) ?? [], target === 0 ? k : 0) },
          ONSET + before,
          history,
        );
        const { evidenceNats } = verdictOf(judge(input), 0);
        expect(evidenceNats).toBeGreaterThanOrEqual(last - 1e-9);
        last = evidenceNats;
      }
    }),
    {
      numRuns: 30,
      // Once its own samples widened what a fleet of three took for its sampling error.
      examples: [[{ size: 3, levelMs: 200, factor: 1, part: 0.2, count: 5, salt: 0 }, { latencyMs: 14_000 }, 0]],
    },
  );
});

test('one target, two without history, an empty round: nobody', () => {
  const sample = fc.oneof(
    fc.double({ min: 0, max: 15_000, noNaN: true }).map((latencyMs) => ({ latencyMs })),
    fc.constant({ error: { kind: 'status', status: 503 } as const }),
  );
  fc.assert(
    fc.property(fc.array(sample, { maxLength: 20 }), fc.array(sample, { maxLength: 20 }), (...samples) => {
      const alone = play({ size: 1, rounds: 14, samples: (round) => (round < ONSET ? around(100, round, 0) : samples[0]) });
      const two = play({ size: 2, rounds: 4, samples: (_, k) => samples[k] });
      expect([...everConvicted(alone), ...everConvicted(two)]).toEqual([]);
    }),
    { numRuns: 30 },
  );
});

test('whatever the samples are, a judgement is complete and its record is readable', () => {
  const errors = fc.constantFrom('refused', 'reset', 'timeout', 'tls', 'protocol', 'status').map((kind) => ({ error: { kind } as const }));
  const sample = fc.oneof(
    fc.double({ min: 0, max: 1e6, noNaN: true }).map((latencyMs) => ({ latencyMs })),
    errors,
  );
  const rounds = fc.array(fc.array(fc.array(sample, { maxLength: 8 }), { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(rounds, (table) => {
      const judgements = play({ size: 6, rounds: table.length, samples: (round, k) => table[round]?.[k] });
      for (const judgement of judgements) {
        for (const target of judgement.targets) {
          for (const nats of [target.evidenceNats, target.neededNats, target.healthNats]) expect(Number.isFinite(nats)).toBe(true);
          expect(target.says.length).toBeGreaterThan(0);
        }
        expect(convicted(judgement).length).toBeLessThanOrEqual(1);
      }
      expect(judgements.flatMap((judgement) => judgement.targets).every((target) => target.key.startsWith(keyOf(0).slice(0, 2)))).toBe(
        true,
      );
    }),
    { numRuns: 100 },
  );
});
