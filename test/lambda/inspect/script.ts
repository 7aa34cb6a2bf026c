import { createHash } from 'node:crypto';
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { inspectionScript } from '../../../scripts/inspection-script';

/** The inspection as it is shipped. */
export const SCRIPT = inspectionScript();

/**
 * Where it lies, for those who run it: named by its content, so that tests side by side share it.
 */
export const SCRIPT_FILE = written(SCRIPT);

function written(text: string): string {
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 16);
  const file = path.join(tmpdir(), `sickbay-inspect-${digest}.sh`);
  if (existsSync(file)) return file;
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, text);
  renameSync(temporary, file);
  return file;
}

/** What a host unpacks of the text that is sent (lambda/inspect/packed-script.ts). */
export function unpacked(sent: string): string {
  const [, packed = ''] = /'(H4sI[^']+)'/.exec(sent) ?? [];
  return gunzipSync(Buffer.from(packed, 'base64')).toString();
}

/** The script with this list of directories to find programs in. */
export function scriptWithPath(directories: string): string {
  const bound = SCRIPT.replace(/^PATH=.*$/m, () => `PATH=${directories}`);
  if (bound === SCRIPT) throw new Error('the script has no line that sets PATH');
  return bound;
}
