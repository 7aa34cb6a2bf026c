/** A door from one place to another: whatever is said to one socket is said to the other. */
import net from 'node:net';
import { listeningPort } from '../wire/listening-port';

export interface Place {
  readonly host: string;
  readonly port: number;
}

export interface Relay {
  /** The port it listens on. */
  readonly port: number;
  close(): Promise<void>;
}

function keepWhileOpen(socket: net.Socket, open: Set<net.Socket>): void {
  open.add(socket);
  socket.on('close', () => open.delete(socket));
}

function join(incoming: net.Socket, outgoing: net.Socket): void {
  // An error of either half is followed by its 'close': the other half is told by that.
  incoming.on('error', () => undefined).on('close', () => outgoing.destroy());
  outgoing.on('error', () => undefined).on('close', () => incoming.destroy());
  incoming.pipe(outgoing).pipe(incoming);
}

function listen(server: net.Server, at: Place): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(at, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/**
 * Passes on every connection. One that cannot be made, or breaks off, ends both of its halves.
 * @throws where `at` cannot be listened on, such as EADDRINUSE
 */
export async function relay(at: Place, to: Place): Promise<Relay> {
  const open = new Set<net.Socket>();
  const server = net.createServer((incoming) => {
    const outgoing = net.connect(to);
    for (const socket of [incoming, outgoing]) keepWhileOpen(socket, open);
    join(incoming, outgoing);
  });
  await listen(server, at);
  return {
    port: listeningPort(server),
    close: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
