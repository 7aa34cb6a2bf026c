import { setTimeout as sleep } from 'node:timers/promises';
import { DEADLINE_MS } from './pool';

const RETRY_MS = 250;
/** Worth another try: the disk may be cleaned up, a descriptor may be closed. */
const PASSING: readonly unknown[] = ['ENOSPC', 'EMFILE', 'ENFILE'];

function passing(cause: unknown): boolean {
  return typeof cause === 'object' && cause !== null && 'code' in cause && PASSING.includes(cause.code);
}

/**
 * Tries again, for as long as a request may take, while the machine is out of something that may
 * come back.
 */
export async function patiently<T>(work: () => Promise<T> | T): Promise<T> {
  const end = performance.now() + DEADLINE_MS;
  for (;;) {
    try {
      return await work();
    } catch (cause) {
      if (!passing(cause) || performance.now() > end) throw cause;
      await sleep(RETRY_MS);
    }
  }
}
