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

/**
 * Below the range of ports that the kernel gives to servers and clients which name none (from
 * 32,768): nobody else comes by one of these, and each worker of Jest has a thousand of its own.
 */
const FIRST_OWN_PORT = 20_000 + 1_000 * (Number(process.env['JEST_WORKER_ID'] ?? '1') % 12);
let portsGiven = 0;

/** A port of the loopback address where nobody listens, now or later, but for who asked for it. */
export async function unusedPort(): Promise<number> {
  const port = FIRST_OWN_PORT + (portsGiven++ % 1_000);
  const server = net.createServer();
  const isFree = await new Promise<boolean>((resolve, reject) => {
    server
      .once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(false) : reject(error)))
      .listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
  return isFree ? port : unusedPort();
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
