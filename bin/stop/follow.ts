/** What becomes of a stop after it was approved, told as it happens. */
import type { Stop, StopState } from '../../core/model';
import { clock } from '../../core/report/text';
import { EXIT } from '../exit';

export interface Following {
  /** The stop as it stands on record. */
  readonly read: () => Promise<Stop>;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
  readonly progress: (line: string) => void;
}

/** Verified, or an end. */
const OVER: readonly StopState[] = ['holding', 'kept', 'refused', 'denied', 'expired', 'withdrawn', 'undone'];
const GAP_MS = 3_000;
/** A job is looked at for two of its periods, at most half an hour, and is then stopped or not. */
const PATIENCE_MS = 45 * 60_000;

/**
 * Tells each event once, until the stop is verified or has ended.
 * @returns the stop as it was seen last.
 */
export async function follow({ read, now, sleep, progress }: Following): Promise<Stop> {
  const until = now() + PATIENCE_MS;
  let told = 0;
  for (;;) {
    const stop = await read();
    for (const { at, says } of stop.events.slice(told)) progress(`${clock(at)}  ${says}`);
    told = stop.events.length;
    if (OVER.includes(stop.state)) return stop;
    if (now() + GAP_MS > until) {
      progress(`not over after ${PATIENCE_MS / 60_000} minutes; it goes on without this command`);
      return stop;
    }
    await sleep(GAP_MS);
  }
}

/** 0: as it was meant. */
export function exitOf({ state }: Stop, type: 'Approve' | 'Reject'): number {
  if (type === 'Reject') return state === 'denied' ? EXIT.fine : EXIT.findings;
  return state === 'holding' || state === 'kept' ? EXIT.fine : EXIT.findings;
}
