/**
 * A door from one place to another: whatever is said to one socket is said to the other. The lab's
 * endpoint listens in a network namespace; a unix socket in a directory that both sides see is the
 * way through its wall.
 */
import net from 'node:net';

/** A TCP port on an address, or the path of a unix socket. */
export type Place = { readonly host: string; readonly port: number } | { readonly path: string };

export interface Relay {
  /** The port it listens on; 0 for a unix socket. */
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Passes on every connection. One that cannot be made, or breaks off, ends both of its halves.
 * @throws where `at` cannot be listened on, such as EADDRINUSE
 */
export async function relay(at: Place, to: Place): Promise<Relay> {
  const open = new Set<net.Socket>();
  const server = net.createServer((incoming) => {
    const outgoing = net.connect(to);
    for (const socket of [incoming, outgoing]) {
      open.add(socket);
      socket.on('close', () => open.delete(socket));
    }
    // An error of either half is followed by its 'close': the other half is told by that.
    incoming.on('error', () => undefined).on('close', () => outgoing.destroy());
    outgoing.on('error', () => undefined).on('close', () => incoming.destroy());
    incoming.pipe(outgoing).pipe(incoming);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(at, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address();
  return {
    port: address !== null && typeof address === 'object' ? address.port : 0,
    close: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
