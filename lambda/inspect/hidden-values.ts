/**
 * Which hidden values are equal, without anybody learning one (docs/redaction.md, "Equality"). A
 * host prints a number for each hidden value and, sealed with a public key that is made for this
 * one inspection, a short digest for each number. The private key never leaves this process: who
 * reads the command's parameters and output in Systems Manager's history can test no guess against
 * them. The digests are compared here and forgotten; what stays is a label, `‹hidden:3›`, equal for
 * equal values.
 */
import { constants, generateKeyPair, privateDecrypt, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { HostCapture } from '../../core/model';

const makeKeyPair = promisify(generateKeyPair);

export interface Seal {
  /**
   * Base64 of the public key (DER, SubjectPublicKeyInfo): the parameter `digestKey` of the
   * inspection document.
   */
  readonly publicKey: string;
  readonly privateKey: KeyObject;
}

/**
 * A fresh pair of keys for one inspection. 2048 bits: what has to be kept apart is worthless once
 * the labels are made.
 */
export async function newSeal(): Promise<Seal> {
  const { publicKey, privateKey } = await makeKeyPair('rsa', { modulusLength: 2048 });
  return { publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'), privateKey };
}

const SEALED = /^seal\t([A-Za-z0-9+/=]{1,400})$/gm;
const NUMBERED = /\[hidden:(\d{1,4})\]/g;
/**
 * Characters of one digest: 36 bits, so that of 400 values two agree by chance once in a million.
 */
const DIGEST = 6;

/**
 * The digests a host sealed, in the order of its numbers; undefined where it sealed none, or none
 * that opens.
 */
function digestsOf(stdout: string, { privateKey }: Seal): string[] | undefined {
  try {
    const opened = [...stdout.matchAll(SEALED)].map(([, sealed = '']) =>
      privateDecrypt({ key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING }, Buffer.from(sealed, 'base64')).toString('latin1'),
    );
    const digests = opened.join('').match(/[A-Za-z0-9+/]{6}/g) ?? [];
    return opened.length > 0 && opened.every((part) => part.length % DIGEST === 0) ? digests : undefined;
  } catch {
    return undefined; // not sealed with our key: the host may print what it likes, and then it has no digests
  }
}

/**
 * The captures with labels instead of the hosts' numbers: the same label for the same value on any
 * of them. Where one host told no digests, or too few for its numbers, no value has a label, for
 * one with and one without would look different.
 */
export function labelled(captures: readonly HostCapture[], seal: Seal): HostCapture[] {
  const known = captures.map((capture) => ('stdout' in capture ? digestsOf(capture.stdout, seal) : undefined));
  const isComplete = captures.every((capture, index) => !('stdout' in capture) || hasAll(capture.stdout, known[index]));
  const labels = new Map<string, number>();
  const labelOf = (digest: string): number => {
    const label = labels.get(digest) ?? labels.size + 1;
    labels.set(digest, label);
    return label;
  };
  return captures.map((capture, index) =>
    'stdout' in capture
      ? {
          ...capture,
          stdout: capture.stdout.replaceAll(SEALED, 'seal\t-').replaceAll(NUMBERED, (_, number: string) => {
            if (number === '0') return '‹hidden:0›'; // a number, an id or the host's own name: alike on all hosts
            return isComplete ? `‹hidden:${labelOf(known[index]?.[Number(number) - 1] ?? '')}›` : '‹hidden›';
          }),
        }
      : capture,
  );
}

function hasAll(stdout: string, digests: readonly string[] | undefined): boolean {
  return [...stdout.matchAll(NUMBERED)].every(([, number]) => number === '0' || digests?.[Number(number) - 1] !== undefined);
}
