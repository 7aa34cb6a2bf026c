/** A deployment package as Lambda keeps it: a ZIP archive of a folder. */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { zipSync } from 'fflate';

/** The archive is the same whenever it is made. */
const MADE_AT = '1980-01-01T00:00:00';

/**
 * Of the files of the folder, which has no folders inside; nothing is sent far, so none is packed.
 */
export function deploymentPackage(folder: string): Buffer {
  const names = readdirSync(folder).sort();
  const files = Object.fromEntries(names.map((name) => [name, new Uint8Array(readFileSync(path.join(folder, name)))]));
  return Buffer.from(zipSync(files, { level: 0, mtime: MADE_AT }));
}
