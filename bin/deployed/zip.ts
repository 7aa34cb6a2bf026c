/** One file of a ZIP archive. */
import { strFromU8, unzipSync } from 'fflate';

/**
 * The text of the file of that name, in UTF-8.
 * @throws Error for what is no archive, is packed in an unknown way or has no such file.
 */
export function fileInZip(archive: Buffer, name: string): string {
  const file = unzipSync(archive, { filter: (entry) => entry.name === name })[name];
  if (file === undefined) throw new Error(`the archive has no ${name}`);
  return strFromU8(file);
}
