import { setTimeout as sleep } from 'node:timers/promises';

/**
 * What one look found: `done` with a value ends the wait, anything else is kept as the last thing
 * seen.
 */
export type Look<T> = { readonly done: T } | { readonly seen: string };

/**
 * Looks again and again until it is done, and returns what it found. A look that throws counts as
 * seen.
 * @param what completes the sentence "waited 10 s for ..."
 * @throws after `deadlineMs`, saying what was waited for and the last thing seen
 */
export async function waitFor<T>(what: string, deadlineMs: number, look: () => Promise<Look<T>>, everyMs = 50): Promise<T> {
  const end = performance.now() + deadlineMs;
  let seen = 'nothing';
  while (performance.now() < end) {
    const found = await look().catch((cause: unknown) => ({ seen: cause instanceof Error ? cause.message : String(cause) }));
    if ('done' in found) return found.done;
    seen = found.seen;
    await sleep(everyMs);
  }
  throw new Error(`waited ${(deadlineMs / 1000).toFixed(0)} s for ${what}; last seen: ${seen}`);
}
