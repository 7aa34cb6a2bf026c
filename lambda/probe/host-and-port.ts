import { isIP } from 'node:net';

/** Of a URL or a `Host` header: an IPv6 address stands in brackets (RFC 3986, section 3.2.2). */
export function hostAndPort(address: string, port: number): string {
  return `${isIP(address) === 6 ? `[${address}]` : address}:${port}`;
}
