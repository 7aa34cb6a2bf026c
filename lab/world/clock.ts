export type Cancel = () => void;

/** Time as the world sees it: epoch milliseconds, and something to run at or soon after a time. */
export interface Clock {
  now(): number;
  /**
   * Runs `run` once when `now()` has reached `whenMs` (at once, but never inside this call, if that
   * has passed).
   */
  at(whenMs: number, run: () => void): Cancel;
}

/** setTimeout fires at once for a delay above 2^31 - 1 ms, so longer waits are taken in steps. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

export class RealClock implements Clock {
  private readonly pending = new Set<Cancel>();

  now(): number {
    return Date.now();
  }

  at(whenMs: number, run: () => void): Cancel {
    let timer: NodeJS.Timeout;
    const cancel: Cancel = () => {
      clearTimeout(timer);
      this.pending.delete(cancel);
    };
    const arm = (): void => {
      const waitMs = whenMs - Date.now();
      timer = setTimeout(waitMs > LONGEST_TIMEOUT_MS ? arm : fire, Math.min(Math.max(0, waitMs), LONGEST_TIMEOUT_MS));
    };
    const fire = (): void => {
      this.pending.delete(cancel);
      run();
    };
    this.pending.add(cancel);
    arm();
    return cancel;
  }

  /** Cancels everything that is waiting, so that the process can end. */
  close(): void {
    for (const cancel of this.pending) cancel();
  }
}

interface Entry {
  readonly whenMs: number;
  readonly order: number;
  readonly run: () => void;
}

function isLater(a: Entry, b: Entry): boolean {
  return a.whenMs === b.whenMs ? a.order > b.order : a.whenMs > b.whenMs;
}

/**
 * A clock that only moves when told to. Entries run in the order of their time, equal times in the
 * order they were made.
 */
export class SettableClock implements Clock {
  /** The next one last: a world of thousands of targets has thousands of them. */
  private readonly entries: Entry[] = [];
  private made = 0;

  constructor(private nowMs = Date.UTC(2026, 0, 1)) {}

  now(): number {
    return this.nowMs;
  }

  at(whenMs: number, run: () => void): Cancel {
    const entry: Entry = { whenMs: Math.max(whenMs, this.nowMs), order: this.made++, run };
    this.entries.splice(this.place(entry), 0, entry);
    return () => {
      const place = this.place(entry);
      if (this.entries[place] === entry) this.entries.splice(place, 1);
    };
  }

  /** When the next entry is due, or undefined when nothing waits. */
  nextAt(): number | undefined {
    return this.entries.at(-1)?.whenMs;
  }

  /**
   * Moves time forward and runs what falls due, including what those entries add. Promises they
   * start are not awaited.
   */
  advance(ms: number): void {
    const until = this.target(ms);
    for (let entry = this.take(until); entry; entry = this.take(until)) entry.run();
    this.nowMs = until;
  }

  /**
   * Like `advance`, and lets the promises that each entry started settle before the next one runs.
   */
  async settle(ms: number): Promise<void> {
    const until = this.target(ms);
    await turn();
    for (let entry = this.take(until); entry; entry = this.take(until)) {
      entry.run();
      await turn();
    }
    this.nowMs = until;
  }

  private target(ms: number): number {
    if (!(ms >= 0)) throw new Error(`time cannot go back: got ${ms} ms, allowed 0 or more`);
    return this.nowMs + ms;
  }

  private take(until: number): Entry | undefined {
    const entry = this.entries.at(-1);
    if (entry === undefined || entry.whenMs > until) return undefined;
    this.entries.pop();
    this.nowMs = entry.whenMs;
    return entry;
  }

  /** Where the entry is, or belongs: behind all that are later. */
  private place(entry: Entry): number {
    let [low, high] = [0, this.entries.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.entries[middle];
      if (other !== undefined && isLater(other, entry)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** One turn of the event loop: every promise that needs no I/O has settled after it. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
