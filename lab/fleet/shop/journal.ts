import { open } from 'node:fs/promises';
import { patiently } from './patience';

export const JOURNAL = 'data/journal.log';
const MAX_BYTES = 512 * 1024;

async function append(line: string): Promise<void> {
  const file = await open(JOURNAL, 'a');
  try {
    const { bytesWritten } = await file.write(line);
    if (bytesWritten < Buffer.byteLength(line)) throw Object.assign(new Error('disk full'), { code: 'ENOSPC' });
    const { size } = await file.stat();
    if (size > MAX_BYTES) await file.truncate(0);
  } finally {
    await file.close();
  }
}

/** Writes one line: no cart is shown that is not written down. */
export function journal(line: string): Promise<void> {
  return patiently(() => append(line));
}
