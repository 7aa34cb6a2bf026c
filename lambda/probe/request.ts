import { isIP } from 'node:net';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { ExchangeRequest, TlsRequest } from './exchange';
import { parseMatcher } from './matcher';
import type { ProbeProtocol } from './pacing';

/** Who probes, for the access logs of the targets. */
export const USER_AGENT = 'Sickbay-Prober/1 (measures the latency of load balancer targets)';

/** What probes of one group, or of one load balancer, have in common. */
export interface RequestShape {
  readonly protocol: ProbeProtocol;
  readonly method: 'GET' | 'HEAD';
  readonly path: string;
  readonly hostHeader?: string;
  readonly serverName?: string;
  readonly matcher: string;
  readonly timeoutMs: number;
  readonly ca?: string;
}

/**
 * A function that gives the request for one address. Everything the addresses share is made once,
 * so that no probe pays for it; a secure context above all.
 */
export function requestsOf(shape: RequestShape): (address: string, port: number) => ExchangeRequest {
  const accepts = parseMatcher(shape.matcher);
  const secure = shape.protocol === 'HTTPS' ? tlsOf(shape) : undefined;
  return (address, port) => ({
    address,
    port,
    text: requestText(shape, address, port),
    bodyless: shape.method === 'HEAD',
    timeoutMs: shape.timeoutMs,
    accepts,
    ...(secure === undefined ? {} : { tls: secure }),
  });
}

/**
 * Without a configured host the target's own address stands there, as in an ALB's health checks.
 */
function requestText(shape: RequestShape, address: string, port: number): string {
  const host = shape.hostHeader ?? `${isIP(address) === 6 ? `[${address}]` : address}:${port}`;
  const lines = [
    `${shape.method} ${shape.path} HTTP/1.1`,
    `Host: ${host}`,
    `User-Agent: ${USER_AGENT}`,
    'Accept: */*',
    'Connection: close',
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

function tlsOf(shape: RequestShape): TlsRequest {
  const name = (shape.serverName ?? shape.hostHeader)?.replace(/:[0-9]+$/, '');
  const secure = { context: contextOf(shape.ca), verify: shape.ca !== undefined };
  // An address is no server name (RFC 6066, section 3).
  return name === undefined || isIP(name) !== 0 ? secure : { ...secure, serverName: name };
}

const contexts = new Map<string | undefined, SecureContext>();

/**
 * One context per set of trusted certificates; without any, nothing is trusted and nothing
 * verified.
 */
function contextOf(ca: string | undefined): SecureContext {
  const known = contexts.get(ca);
  if (known !== undefined) return known;
  const made = createSecureContext({ ca: ca ?? [] });
  contexts.set(ca, made);
  return made;
}
