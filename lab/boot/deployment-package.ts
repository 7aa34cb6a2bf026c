/**
 * A deployment package as Lambda keeps it: a ZIP archive of a folder (PKWARE, APPNOTE.TXT, 4.3).
 * Files are stored, not deflated: nothing is sent over any distance.
 */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';

const VERSION = 20;
/** 1 January 1980: the archive is the same whenever it is made. */
const DATE = 0x21;
/** Names are UTF-8. */
const UTF8 = 0x0800;
const STORED = 0;

/** Of the files of the folder, which has no folders inside. */
export function deploymentPackage(folder: string): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const name of readdirSync(folder).sort()) {
    const content = readFileSync(path.join(folder, name));
    const header = Buffer.concat([fields(content, name), Buffer.from(name)]);
    const file = Buffer.concat([Buffer.from('PK\x03\x04'), header, content]);
    // In front the version that made it; between the lengths and the name what else it is.
    const [lengths, rest] = [header.subarray(0, 26), numbers([0, 2], [0, 2], [0, 2], [0, 4], [at, 4])];
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02'), numbers([VERSION, 2]), lengths, rest, Buffer.from(name)]));
    files.push(file);
    at += file.length;
  }
  const listing = Buffer.concat(directory);
  const end = numbers([0, 2], [0, 2], [directory.length, 2], [directory.length, 2], [listing.length, 4], [at, 4], [0, 2]);
  return Buffer.concat([...files, listing, Buffer.from('PK\x05\x06'), end]);
}

/** What both headers of a file have, up to the lengths of its name and of nothing more. */
function fields(content: Buffer, name: string): Buffer {
  const size = content.length;
  const [head, sizes] = [
    numbers([VERSION, 2], [UTF8, 2], [STORED, 2], [0, 2], [DATE, 2]),
    numbers([crc32(content), 4], [size, 4], [size, 4]),
  ];
  return Buffer.concat([head, sizes, numbers([Buffer.byteLength(name), 2], [0, 2])]);
}

/** Little-endian, each with its bytes. */
function numbers(...values: readonly (readonly [value: number, bytes: 2 | 4])[]): Buffer {
  return Buffer.concat(
    values.map(([value, bytes]) => {
      const buffer = Buffer.alloc(bytes);
      buffer.writeUIntLE(value, 0, bytes);
      return buffer;
    }),
  );
}
