import { open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { DEADLINE_MS } from './pool';

const PATH = 'data/journal.log';
const MAX_BYTES = 512 * 1024;
const RETRY_MS = 250;
/** Worth another try: the disk may be cleaned up, a descriptor may be closed. */
const PASSING = ['ENOSPC', 'EMFILE', 'ENFILE'];

async function append(line: string): Promise<void> {
  const file = await open(PATH, 'a');
  try {
    const { bytesWritten } = await file.write(line);
    if (bytesWritten < Buffer.byteLength(line)) throw Object.assign(new Error('disk full'), { code: 'ENOSPC' });
    const { size } = await file.stat();
    if (size > MAX_BYTES) await file.truncate(0);
  } finally {
    await file.close();
  }
}

function passing(cause: unknown): boolean {
  return typeof cause === 'object' && cause !== null && 'code' in cause && PASSING.includes(String(cause.code));
}

/** Writes one line, trying again for as long as a request may take: no order is shown that is not written down. */
export async function journal(line: string): Promise<void> {
  const end = performance.now() + DEADLINE_MS;
  for (;;) {
    try {
      return await append(line);
    } catch (cause) {
      if (!passing(cause) || performance.now() > end) throw cause;
      await sleep(RETRY_MS);
    }
  }
}
