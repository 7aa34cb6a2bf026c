import { isIP } from 'node:net';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { ProbeGroup } from '../../core/model';
import { healthRequest, isHealthCall } from './grpc';
import { hostAndPort } from './host-and-port';
import { parseGrpcMatcher, parseMatcher } from './matcher';
import type { ProbeProtocol } from './pacing';
import type { ExchangeRequest, ProbeRequest, TlsRequest } from './probe-request';

/** Who probes, for the access logs of the targets. */
export const USER_AGENT = 'Sickbay-Prober/1 (measures the latency of load balancer targets)';

/** What probes of one group, or of one load balancer, have in common. */
export interface RequestShape extends Pick<
  ProbeGroup,
  'version' | 'grpc' | 'method' | 'path' | 'hostHeader' | 'serverName' | 'matcher' | 'timeoutMs' | 'ca'
> {
  readonly protocol: ProbeProtocol;
}

/**
 * A function that gives the request for one address. Everything the addresses share is made once,
 * so that no probe pays for it; a secure context above all.
 */
export function requestsOf(shape: RequestShape): (address: string, port: number) => ExchangeRequest {
  const accepts = shape.version === 'GRPC' ? parseGrpcMatcher(shape.matcher) : parseMatcher(shape.matcher);
  const secure = shape.protocol === 'HTTPS' ? tlsOf(shape) : undefined;
  const grpc = shape.version === 'GRPC' ? callOf(shape) : undefined;
  return (address, port) => {
    const common: ProbeRequest = { address, port, timeoutMs: shape.timeoutMs, accepts, ...(secure === undefined ? {} : { tls: secure }) };
    const host = hostOf(shape, address, port);
    if (shape.version === undefined) return { ...common, text: requestText(shape, host), bodyless: shape.method === 'HEAD' };
    const headers = headersOf(shape, host);
    return grpc === undefined ? { ...common, headers } : { ...common, headers: { ...headers, ...GRPC_HEADERS }, grpc };
  };
}

/** No `grpc-accept-encoding`: compressed messages are not taken. */
const GRPC_HEADERS = { ':method': 'POST', te: 'trailers', 'content-type': 'application/grpc' };

function headersOf(shape: RequestShape, host: string): Record<string, string> {
  return {
    ':method': shape.method,
    ':scheme': shape.protocol.toLowerCase(),
    ':authority': host,
    ':path': shape.path,
    'user-agent': USER_AGENT,
    ...(shape.version === 'GRPC' ? {} : { accept: '*/*' }),
  };
}

/** The message of the call: what is configured, or what the standard health service takes. */
function callOf({ path, grpc = {} }: RequestShape): { readonly message: Buffer; readonly health: boolean } {
  const health = isHealthCall(path) && grpc.request === undefined;
  return { message: health ? healthRequest(grpc.service ?? '') : Buffer.from(grpc.request ?? '', 'base64'), health };
}

/**
 * Without a configured host the target's own address stands there, as in an ALB's health checks.
 */
function hostOf({ hostHeader }: RequestShape, address: string, port: number): string {
  return hostHeader ?? hostAndPort(address, port);
}

function requestText(shape: RequestShape, host: string): string {
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
