import type { SampleError, SampleErrorKind, SamplePhase } from '../../core/model';
import { MalformedResponse } from './response';

/**
 * Failures of the machine the prober runs on: no ports, files or memory left, or its own firewall.
 * They say nothing about the target, so they become no sample.
 */
const OWN_CODES: readonly string[] = ['EADDRNOTAVAIL', 'EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM', 'EACCES', 'EPERM', 'EAGAIN'];

const KINDS: Readonly<Record<string, SampleErrorKind>> = {
  ECONNREFUSED: 'refused',
  // Nobody answers for this address: the network refuses in the target's place.
  EHOSTUNREACH: 'refused',
  ENETUNREACH: 'refused',
  EHOSTDOWN: 'refused',
  ETIMEDOUT: 'timeout',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  EPIPE: 'reset',
};

/**
 * The sample's error for an error of the socket or the reader, or the text of a failure of the
 * prober's own machine.
 */
export function classify(error: NodeJS.ErrnoException, phase: SamplePhase): SampleError | { readonly own: string } {
  if (error instanceof MalformedResponse) return { kind: 'protocol', phase };
  const code = error.code ?? '';
  if (OWN_CODES.includes(code)) return { own: `${code}: ${error.message}` };
  const kind = KINDS[code];
  if (kind !== undefined) return { kind, phase };
  return { kind: isTls(code, phase) ? 'tls' : 'reset', phase };
}

/** OpenSSL's codes; and whatever breaks a handshake without a code of the network. */
function isTls(code: string, phase: SamplePhase): boolean {
  return phase === 'tls' || code === 'EPROTO' || code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_');
}
