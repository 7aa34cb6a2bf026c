import { performance } from 'node:perf_hooks';

/** What is probed at one place: a target, a load balancer, the control. */
export interface Lane {
  /**
   * Probes to start; `Infinity` for the control, which goes on as long as another lane has probes
   * to start.
   */
  readonly samples: number;
  /** Lanes that lead to the same place share one slot object, so that the limit is the place's. */
  readonly slot: Slot;
  readonly maxInFlight: number;
  /** Between two starts of this lane. */
  readonly minGapMs: number;
  /**
   * How long nothing else starts after a start of this lane: what it costs the prober's core, with
   * room to spare.
   */
  readonly costMs: number;
  /**
   * Starts one probe, `offsetMs` after the beginning of the round; resolves when it has ended, and
   * never rejects.
   */
  readonly start: (offsetMs: number) => Promise<void>;
}

export interface Slot {
  inFlight: number;
}

export interface MonotonicClock {
  /** Milliseconds since any fixed moment; never goes back. */
  readonly nowMs: () => number;
  readonly after: (delayMs: number, step: () => void) => void;
}

/**
 * A start takes a few tenths of a millisecond: what has arrived by then is read and stamped first,
 * for the loop polls between timers and immediates.
 */
const SYSTEM_CLOCK: MonotonicClock = {
  nowMs: () => performance.now(),
  after: (delayMs, step) => void setTimeout(() => setImmediate(step), delayMs),
};

/**
 * Arrears a late tick may leave behind: enough for the timer's own jitter, too little for a burst.
 */
const MAX_ARREARS_MS = 20;

/**
 * Starts the lanes' probes round-robin at a steady pace, whatever the answers do (open loop): at
 * most one start per timer tick, because a burst measures the prober. A lane that may not start yet
 * is passed over, not waited for. Resolves when all probes have ended.
 */
export function runPaced(lanes: readonly Lane[], startWindowMs: number, clock: MonotonicClock = SYSTEM_CLOCK): Promise<void> {
  return new Promise((resolve) => {
    new PacedLoop(lanes, startWindowMs, clock, resolve).tick();
  });
}

interface Progress {
  readonly lane: Lane;
  started: number;
  nextAtMs: number;
}

class PacedLoop {
  private readonly queue: readonly Progress[];
  private readonly startedMs: number;
  private cursor = 0;
  private dueMs = 0;
  private inFlight = 0;
  private unstarted: number;
  private over = false;

  constructor(
    lanes: readonly Lane[],
    private readonly startWindowMs: number,
    private readonly clock: MonotonicClock,
    private readonly resolve: () => void,
  ) {
    this.startedMs = clock.nowMs();
    this.queue = lanes.map((lane) => ({ lane, started: 0, nextAtMs: 0 }));
    this.unstarted = lanes.reduce((sum, lane) => sum + (Number.isFinite(lane.samples) ? lane.samples : 0), 0);
  }

  tick(): void {
    const nowMs = this.clock.nowMs() - this.startedMs;
    this.over = this.unstarted === 0 || nowMs > this.startWindowMs;
    if (this.over) return this.settle();
    if (nowMs >= this.dueMs) this.startNext(nowMs);
    this.clock.after(Math.max(1, this.dueMs - nowMs), () => this.tick());
  }

  private settle(): void {
    if (this.over && this.inFlight === 0) this.resolve();
  }

  private startNext(nowMs: number): void {
    const next = this.nextReady(nowMs);
    if (next === undefined) return;
    this.dueMs = Math.max(this.dueMs, nowMs - MAX_ARREARS_MS) + next.lane.costMs;
    void this.run(next, nowMs);
  }

  private nextReady(nowMs: number): Progress | undefined {
    for (let step = 0; step < this.queue.length; step++) {
      const at = (this.cursor + step) % this.queue.length;
      const candidate = this.queue[at];
      if (candidate === undefined || !isReady(candidate, nowMs)) continue;
      this.cursor = at + 1;
      return candidate;
    }
    return undefined;
  }

  private async run(next: Progress, nowMs: number): Promise<void> {
    const { lane } = next;
    next.started++;
    next.nextAtMs = nowMs + lane.minGapMs;
    if (Number.isFinite(lane.samples)) this.unstarted--;
    this.inFlight++;
    lane.slot.inFlight++;
    await lane.start(nowMs);
    lane.slot.inFlight--;
    this.inFlight--;
    this.settle();
  }
}

function isReady({ lane, started, nextAtMs }: Progress, nowMs: number): boolean {
  return started < lane.samples && nowMs >= nextAtMs && lane.slot.inFlight < lane.maxInFlight;
}
