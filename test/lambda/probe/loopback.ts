/** Real servers on loopback addresses, each with its own manners. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import tls from 'node:tls';
import { listeningPort } from '../../../lab/wire/listening-port';

export interface Heard {
  readonly address: string;
  readonly text: string;
  readonly serverName?: string | undefined;
}

export interface Loopback {
  readonly port: number;
  /** Requests in the order of their arrival. */
  readonly heard: readonly Heard[];
  close(): Promise<void>;
}

export type Manners = (socket: net.Socket, heard: Heard) => void;

const FIXTURES = join(__dirname, '../../fixtures/tls');
export const SERVER_CERTIFICATE = readFileSync(join(FIXTURES, 'server.crt'), 'utf8');
export const OTHER_CERTIFICATE = readFileSync(join(FIXTURES, 'other.crt'), 'utf8');
const SERVER_KEY = readFileSync(join(FIXTURES, 'server.key'), 'utf8');

/** A server on all of 127.0.0.0/8. `manners` is called when the request's first bytes are there. */
export function serveHttp(manners: Manners): Promise<Loopback> {
  return serve((onSocket) => net.createServer(onSocket), manners);
}

export function serveHttps(manners: Manners): Promise<Loopback> {
  return serve((onSocket) => tls.createServer({ cert: SERVER_CERTIFICATE, key: SERVER_KEY }, onSocket), manners);
}

async function serve(make: (onSocket: (socket: net.Socket) => void) => net.Server, manners: Manners): Promise<Loopback> {
  const heard: Heard[] = [];
  const open = new Set<net.Socket>();
  const server = make((socket) => {
    // What the prober does to a connection is asserted on its own side.
    socket.on('error', () => socket.destroy());
    socket.once('data', (data: Buffer) => {
      const one = { address: socket.localAddress ?? '', text: data.toString('latin1'), serverName: nameOf(socket) };
      heard.push(one);
      manners(socket, one);
    });
  });
  server.on('connection', (socket: net.Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  server.listen(0, '0.0.0.0');
  await once(server, 'listening');
  const close = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    for (const socket of open) socket.destroy();
    await closed;
  };
  return { port: listeningPort(server), heard, close };
}

function nameOf(socket: net.Socket): string | undefined {
  return socket instanceof tls.TLSSocket && typeof socket.servername === 'string' ? socket.servername : undefined;
}

/** Answers at once with these bytes and closes. */
export function summary(answer: string): Manners {
  return (socket) => void socket.end(answer, 'latin1');
}

export const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok';

/** A port of the loopback address where nobody listens. */
export async function unusedPort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = listeningPort(server);
  server.close();
  await once(server, 'close');
  return port;
}

/** Takes servers that are closed after each test. */
export function closedAfterEach(): (serving: Promise<Loopback>) => Promise<Loopback> {
  const servers: Loopback[] = [];
  afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));
  return async (serving) => {
    const server = await serving;
    servers.push(server);
    return server;
  };
}
