import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { WireRequest } from './protocol';

const unzip = promisify(gunzip);

/** The whole request. Bodies that the SDK compressed (PutMetricData from 10 KB on) are unpacked. */
export async function readRequest(incoming: IncomingMessage): Promise<WireRequest> {
  const sent = await buffer(incoming);
  const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://lab');
  const body = incoming.headers['content-encoding'] === 'gzip' ? await unzip(sent) : sent;
  return { method: incoming.method ?? 'GET', path: pathname, query: searchParams, headers: incoming.headers, body };
}

export interface CredentialScope {
  readonly accessKeyId: string;
  readonly region: string;
  /** The signing name: `elasticloadbalancing`, `monitoring`. */
  readonly service: string;
}

/**
 * Who signed the request and for which service, by its SigV4 credential scope; undefined when it is
 * not signed.
 */
export function credentialScope(request: WireRequest): CredentialScope | undefined {
  const scope = /Credential=([^/]+)\/\d+\/([^/]+)\/([^/]+)\/aws4_request/.exec(request.headers.authorization ?? '');
  const [, accessKeyId, region, service] = scope ?? [];
  if (accessKeyId === undefined || region === undefined || service === undefined) return undefined;
  return { accessKeyId, region, service };
}
