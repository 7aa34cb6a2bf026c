import { performance } from 'node:perf_hooks';

/** A time stamp, and for how long the event loop had not polled when it was taken. */
export interface Stamp {
  readonly atMs: number;
  readonly busyMs: number;
}

/** A stamp later than this after the loop's last poll may measure the prober and not the target. */
export const BUSY_LIMIT_MS = 1;

/**
 * Tells how stale a time stamp may be. libuv's idle time grows only while the loop waits in its
 * poll: as long as it has not changed, the bytes behind this callback may have been in the kernel
 * since the first stamp after that poll. This detects self-bias; subtracting it would be a guess
 * and is never done.
 */
export class LoopGauge {
  private idleMs = -1;
  private busySinceMs = 0;

  stamp(): Stamp {
    const atMs = performance.now();
    const idleMs = performance.nodeTiming.idleTime;
    if (idleMs !== this.idleMs) {
      this.idleMs = idleMs;
      this.busySinceMs = atMs;
    }
    return { atMs, busyMs: atMs - this.busySinceMs };
  }
}
