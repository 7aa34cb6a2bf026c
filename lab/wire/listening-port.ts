import type { AddressInfo } from 'node:net';

/** The port of a server that listens on TCP. @throws when it does not listen, or on a path. */
export function listeningPort(server: { address(): AddressInfo | string | null }): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error(`a server listens on ${JSON.stringify(address)}, and on no port`);
  return address.port;
}
