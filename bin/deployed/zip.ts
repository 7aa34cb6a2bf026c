/**
 * One file of a ZIP archive, by its central directory (PKWARE, APPNOTE.TXT, 4.3): sizes in front of
 * the files may be missing where the archive was written as a stream.
 */
import { inflateRawSync } from 'node:zlib';

const END = { signature: 0x06054b50, bytes: 22, longestComment: 0xffff } as const;
const ENTRY = { signature: 0x02014b50, bytes: 46 } as const;
const LOCAL = { signature: 0x04034b50, bytes: 30 } as const;
const STORED = 0;
const DEFLATED = 8;

/**
 * The text of the file of that name, in UTF-8.
 * @throws Error for what is no archive, has no such file, or packs it in another way than Lambda's
 * packages are.
 */
export function fileInZip(archive: Buffer, name: string): string {
  for (let at = directoryOf(archive); at + ENTRY.bytes <= archive.length && archive.readUInt32LE(at) === ENTRY.signature;) {
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((offset) => archive.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ];
    if (archive.toString('utf8', at + ENTRY.bytes, at + ENTRY.bytes + nameBytes) === name) return contents(archive, at).toString('utf8');
    at += ENTRY.bytes + nameBytes + extraBytes + commentBytes;
  }
  throw new Error(`the archive has no ${name}`);
}

/** Where its central directory begins: the last record says so, before a comment of any length. */
function directoryOf(archive: Buffer): number {
  const first = Math.max(0, archive.length - END.bytes - END.longestComment);
  for (let at = archive.length - END.bytes; at >= first; at--)
    if (archive.readUInt32LE(at) === END.signature) return archive.readUInt32LE(at + 16);
  throw new Error('no ZIP archive');
}

function contents(archive: Buffer, entry: number): Buffer {
  const method = archive.readUInt16LE(entry + 10);
  const [packedBytes, bytes] = [archive.readUInt32LE(entry + 20), archive.readUInt32LE(entry + 24)];
  const local = archive.readUInt32LE(entry + 42);
  if (archive.readUInt32LE(local) !== LOCAL.signature) throw new Error('the archive is damaged');
  const begins = local + LOCAL.bytes + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  const packed = archive.subarray(begins, begins + packedBytes);
  if (method !== STORED && method !== DEFLATED) throw new Error(`a file is packed by method ${method}; known: ${STORED} and ${DEFLATED}`);
  const text = method === STORED ? packed : inflateRawSync(packed, { maxOutputLength: bytes });
  if (text.length !== bytes) throw new Error('the archive is damaged');
  return text;
}
