import * as fc from 'fast-check';
import { runPaced, type Lane, type MonotonicClock } from '../../../lambda/probe/pace';

/**
 * A clock that jumps to the next thing to do; things of the same time happen in the order they were
 * asked for.
 */
class FakeClock implements MonotonicClock {
  private now = 0;
  private readonly due: { readonly atMs: number; readonly step: () => void }[] = [];
  /** Added to every wait: a busy event loop. */
  constructor(private readonly lateMs = 0) {}

  readonly nowMs = (): number => this.now;

  readonly after = (delayMs: number, step: () => void): void => {
    this.due.push({ atMs: this.now + delayMs, step });
  };

  /** The process is not run for so long. */
  skip(ms: number): void {
    this.now += ms;
  }

  wait(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve));
  }

  async runUntil(done: Promise<void>): Promise<void> {
    const state = { over: false };
    void done.then(() => (state.over = true));
    while (!state.over) {
      this.due.sort((a, b) => a.atMs - b.atMs);
      const next = this.due.shift();
      if (next !== undefined) {
        this.now = Math.max(this.now, next.atMs + this.lateMs);
        next.step();
      }
      for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    }
  }
}

interface Started {
  readonly lane: string;
  readonly atMs: number;
}

interface Spec {
  readonly samples: number;
  readonly tookMs: number;
  readonly minGapMs?: number;
  readonly costMs?: number;
  readonly maxInFlight?: number;
  readonly place?: { inFlight: number };
  readonly onStart?: () => void;
}

async function run(specs: Readonly<Record<string, Spec>>, windowMs = 15_000, clock = new FakeClock()) {
  const started: Started[] = [];
  const highest = new Map<string, number>();
  const lanes = Object.entries(specs).map(([name, spec]): Lane => {
    const place = spec.place ?? { inFlight: 0 };
    return {
      samples: spec.samples,
      slot: place,
      maxInFlight: spec.maxInFlight ?? 2,
      minGapMs: spec.minGapMs ?? 0,
      costMs: spec.costMs ?? 1.25,
      start: async (atMs) => {
        started.push({ lane: name, atMs });
        highest.set(name, Math.max(highest.get(name) ?? 0, place.inFlight));
        spec.onStart?.();
        await clock.wait(spec.tookMs);
      },
    };
  });
  await clock.runUntil(runPaced(lanes, windowMs, clock));
  return { started, highest, order: started.map(({ lane }) => lane).join('') };
}

describe('the paced loop', () => {
  it('takes the targets in turn', async () => {
    const { order } = await run({ a: { samples: 3, tookMs: 1 }, b: { samples: 3, tookMs: 1 }, c: { samples: 2, tookMs: 1 } });
    expect(order).toBe('abcabcab');
  });

  it('starts the same probes whether targets answer fast or slowly: an open loop', async () => {
    const fast = await run({ a: { samples: 2, tookMs: 1 }, b: { samples: 2, tookMs: 1 } });
    const slow = await run({ a: { samples: 2, tookMs: 9000 }, b: { samples: 2, tookMs: 9000 } });
    expect(slow.started).toEqual(fast.started);
  });

  it('never has more than 2 probes in flight on one target, and makes no other target wait', async () => {
    const { highest, started } = await run({ a: { samples: 10, tookMs: 1000 }, b: { samples: 10, tookMs: 1 } });
    expect(highest.get('a')).toBe(2);
    const lastOfB = started.filter(({ lane }) => lane === 'b').at(-1);
    const thirdOfA = started.filter(({ lane }) => lane === 'a')[2];
    expect(lastOfB?.atMs).toBeLessThan(thirdOfA?.atMs ?? 0);
  });

  it('counts what is in flight at one place over all lanes that lead there', async () => {
    const place = { inFlight: 0 };
    const { highest } = await run({ a: { samples: 5, tookMs: 100, place }, b: { samples: 5, tookMs: 100, place } });
    expect(Math.max(...highest.values())).toBe(2);
  });

  it('starts nothing after the window, and ends when the last probe has', async () => {
    const { started } = await run({ a: { samples: 20, tookMs: 5000 } }, 12_000);
    expect(started.length).toBe(6);
    expect(Math.max(...started.map(({ atMs }) => atMs))).toBeLessThanOrEqual(12_000);
  });

  it('keeps the samples of one target apart', async () => {
    const { started } = await run({ a: { samples: 5, tookMs: 1, minGapMs: 100 } });
    const gaps = started.slice(1).map(({ atMs }, index) => atMs - (started[index]?.atMs ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(100);
  });

  it('rests after a start for what it cost', async () => {
    const { started } = await run({ tls: { samples: 3, tookMs: 1, costMs: 7 }, http: { samples: 3, tookMs: 1, costMs: 2 } });
    expect(started.map(({ atMs }) => atMs)).toEqual([0, 7, 9, 16, 18, 25]);
  });

  it('starts at most one probe a tick, however late the ticks are', async () => {
    const lanes = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`t${index}`, { samples: 10, tookMs: 3 }]));
    const { started } = await run(lanes, 15_000, new FakeClock(40));
    expect(new Set(started.map(({ atMs }) => atMs)).size).toBe(started.length);
  });

  it('does not make up for a long stall with a burst', async () => {
    const clock = new FakeClock();
    const stall = { samples: 1, tookMs: 1, costMs: 10, onStart: () => clock.skip(500) };
    const many = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`t${index}`, { samples: 100, tookMs: 1, costMs: 10 }]));
    const { started } = await run({ stall, ...many }, 3000, clock);
    const soon = started.filter(({ lane, atMs }) => lane !== 'stall' && atMs < 600);
    expect(soon.length).toBeLessThanOrEqual(13);
    expect(soon.length).toBeGreaterThanOrEqual(10);
  });

  it('probes a lane without end only as long as another has probes to start', async () => {
    const { order } = await run({ control: { samples: Infinity, tookMs: 1, minGapMs: 100 }, a: { samples: 4, tookMs: 1 } });
    expect(order).toBe('controlaaaa');
  });

  it('ends at once when there is nothing to start', async () => {
    expect((await run({ control: { samples: Infinity, tookMs: 1 } })).started).toEqual([]);
    expect((await run({})).started).toEqual([]);
  });

  it('starts all samples of quick targets, each round of them in the same order', async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(sizes, async (samples) => {
        const names = 'abcdefghijkl';
        const lanes = Object.fromEntries(samples.map((count, index) => [names[index], { samples: count, tookMs: 0.1 }]));
        const { order } = await run(lanes);
        const passes = [0, 1, 2, 3, 4].map((pass) => samples.map((count, index) => (count > pass ? names[index] : '')).join(''));
        expect(order).toBe(passes.join(''));
      }),
      { numRuns: 30 },
    );
  });
});
