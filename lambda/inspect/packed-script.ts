/**
 * The inspection as it is sent through Systems Manager: compressed, and unpacked by the host. A
 * document may have 64 KB, and the script has more (decision 0039).
 */
import { gzipSync } from 'node:zlib';

/** Byte 9 of a gzip file names the system that made it; 255 is unknown (RFC 1952, 2.3.1). */
const MADE_ON = 9;

/**
 * A POSIX script that unpacks `script` with `base64` and `gzip` and runs it in the same shell, with
 * the same parameters. Where either is missing it says so on standard error, prints nothing else
 * and ends with 3. Pure: the same script gives the same text, on whatever system it is packed.
 * Nothing in it is `{{`, which Systems Manager would take for a parameter.
 */
export function packedScript(script: string): string {
  const packed = gzipSync(script, { level: 9 });
  packed[MADE_ON] = 255;
  return [
    '#!/bin/sh',
    `inspection=$(printf %s '${packed.toString('base64')}'|base64 -d|gzip -dc) || { echo 'sickbay: this host cannot unpack the inspection: it needs base64 and gzip' >&2; exit 3; }`,
    'eval "$inspection"',
    '',
  ].join('\n');
}
