/**
 * Does things at their time to within a few hundredths of a millisecond: Node's timers fire on
 * whole milliseconds, several at once.
 */

/**
 * So long before the next is due the loop turns without resting; it polls its sockets in each turn.
 */
const SPIN_MS = 1.5;

interface Due {
  readonly atMs: number;
  readonly act: () => void;
}

export class PunctualQueue {
  /** The latest first. */
  private readonly pending: Due[] = [];
  private timer: NodeJS.Timeout | undefined;
  private spinning = false;

  add(atMs: number, act: () => void): void {
    let at = this.pending.length;
    while (at > 0 && (this.pending[at - 1]?.atMs ?? 0) < atMs) at--;
    this.pending.splice(at, 0, { atMs, act });
    if (at === this.pending.length - 1) this.arm();
  }

  private arm(): void {
    clearTimeout(this.timer);
    const next = this.pending.at(-1);
    if (next === undefined || this.spinning) return;
    const restMs = next.atMs - performance.now();
    if (restMs > SPIN_MS) this.timer = setTimeout(() => this.arm(), Math.max(1, Math.floor(restMs - SPIN_MS)));
    else this.spin();
  }

  /** One at most in a turn of the loop, so that what has arrived meanwhile is read in between. */
  private spin(): void {
    this.spinning = true;
    setImmediate(() => {
      this.spinning = false;
      const next = this.pending.at(-1);
      if (next !== undefined && next.atMs <= performance.now()) {
        this.pending.pop();
        next.act();
      }
      this.arm();
    });
  }
}
