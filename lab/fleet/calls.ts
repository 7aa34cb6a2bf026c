/**
 * gRPC in the lab: what the load balancer forwards and checks, and what users call. Over TLS to the
 * load balancer, as an HTTPS listener has it, and in the clear to the targets.
 */
import { readFileSync } from 'node:fs';
import http2 from 'node:http2';
import { join } from 'node:path';
import type { PageView } from './view';

/** The shop's page as a call, and the port on which its targets take calls. */
export const CALL = '/shop.v1.Cart/Get';
export const CALLS_PORT = 8081;
/** gRPC needs an HTTPS listener. */
export const LISTENER_OF_CALLS = 443;
export const HEALTH_CALL = '/grpc.health.v1.Health/Check';

const CERTIFICATES = join(__dirname, '../../test/fixtures/tls');
const GIVE_UP_MS = 30_000;
const POST = { ':method': 'POST', 'content-type': 'application/grpc', te: 'trailers' };

type Headers = http2.IncomingHttpHeaders;

/** Where a target listens. */
interface Endpoint {
  readonly target: { readonly port: number };
  readonly address: string;
}

/** Told about each answer of a target: the time to its head, and whether it was a server error. */
interface Forwarding {
  readonly onAnswer: (latencyMs: number, isServerError: boolean) => void;
  readonly onConnectionError: () => void;
  /** A header that goes to the client. */
  readonly cookie?: string;
}

/** The front that clients speak to, and the connections to the targets behind it. */
export class CallFront {
  readonly server: http2.Http2SecureServer;
  private readonly clients = new Set<http2.Http2Session>();
  private readonly targets = new Map<string, http2.ClientHttp2Session>();

  constructor(onCall: (stream: http2.ServerHttp2Stream, headers: Headers) => void) {
    const [cert, key] = ['server.crt', 'server.key'].map((name) => readFileSync(join(CERTIFICATES, name)));
    this.server = http2.createSecureServer({ ...(cert === undefined ? {} : { cert }), ...(key === undefined ? {} : { key }) });
    this.server.on('session', (session) => {
      this.clients.add(session);
      session.on('close', () => this.clients.delete(session)).on('error', () => session.destroy());
    });
    this.server.on('stream', (stream, headers) => {
      stream.on('error', () => stream.destroy());
      onCall(stream, headers);
    });
  }

  close(): void {
    for (const session of [...this.clients, ...this.targets.values()]) session.destroy();
    this.server.close();
  }

  /** Messages, head and trailers pass as they are. */
  forward(stream: http2.ServerHttp2Stream, headers: Headers, { target, address }: Endpoint, told: Forwarding): void {
    const began = performance.now();
    const outgoing = this.session(address, target.port).request({ ...POST, ':path': headers[':path'] ?? '' });
    let trailers: Headers = {};
    outgoing.on('response', (head) => {
      told.onAnswer(performance.now() - began, (head[':status'] ?? 0) >= 500);
      if (stream.destroyed) return;
      const status = head['grpc-status'];
      const passed = {
        ':status': head[':status'] ?? 502,
        'content-type': head['content-type'] ?? '',
        ...(typeof status === 'string' ? { 'grpc-status': status } : {}),
        ...(told.cookie === undefined ? {} : { 'set-cookie': told.cookie }),
      };
      stream.respond(passed, { waitForTrailers: status === undefined, endStream: status !== undefined });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': trailers['grpc-status'] ?? '2' }));
      outgoing.pipe(stream);
    });
    outgoing.on('trailers', (last) => (trailers = last));
    outgoing.on('error', () => {
      if (stream.destroyed) return; // the client went first
      told.onConnectionError();
      if (stream.headersSent) stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR);
      else stream.respond({ ':status': 502 }, { endStream: true });
    });
    stream.on('close', () => outgoing.close(http2.constants.NGHTTP2_CANCEL));
    stream.pipe(outgoing);
  }

  private session(address: string, port: number): http2.ClientHttp2Session {
    const key = `${address}:${port}`;
    const known = this.targets.get(key);
    if (known !== undefined && !known.closed && !known.destroyed) return known;
    const made = http2.connect(`http://${key}`);
    made.on('error', () => made.destroy());
    this.targets.set(key, made);
    return made;
  }
}

/** A health check in gRPC: on a connection of its own; undefined where nothing came in time. */
export function checkCall({ target, address }: Endpoint, path: string, timeoutMs: number): Promise<string | undefined> {
  return once(`http://${address}:${target.port}`, { ...POST, ':path': path }, Buffer.alloc(5), timeoutMs).then(({ status }) => status);
}

let shared: http2.ClientHttp2Session | undefined;

/**
 * The page as a client of gRPC asks for it: `path` is the method, with the user in its query.
 * `agent`: over the connection that all users share. Status 200 is gRPC's OK.
 */
export async function callView(
  address: string,
  port: number,
  path: string,
  { agent, cookie }: { agent?: unknown; cookie?: string } = {},
): Promise<PageView> {
  const began = performance.now();
  const [method = '', query = ''] = path.split('?');
  const user = Buffer.from(new URLSearchParams(query).get('user') ?? '0');
  const message = Buffer.concat([Buffer.from([0, 0, 0, 0, user.length]), user]);
  const headers = { ...POST, ':path': method, ...(cookie === undefined ? {} : { cookie }) };
  const { status, cookie: given } = await once(
    `https://${address}:${port}`,
    headers,
    message,
    GIVE_UP_MS,
    agent !== undefined && agent !== false,
  );
  const latencyMs = performance.now() - began;
  return { latencyMs, status: status === '0' ? 200 : 0, ...(given === undefined ? {} : { cookie: given }) };
}

interface Answered {
  /** The value of `grpc-status`. */
  readonly status?: string;
  readonly cookie?: string;
}

/** One call. Never rejects: a failure has no status. */
function once(origin: string, headers: http2.OutgoingHttpHeaders, body: Buffer, timeoutMs: number, share = false): Promise<Answered> {
  return new Promise((resolve) => {
    const session = share ? (shared = usable(shared) ?? connect(origin)) : connect(origin);
    const seen: { status?: string; cookie?: string } = {};
    const read = (head: Headers): void => {
      const status = head['grpc-status'];
      if (typeof status === 'string') seen.status = status;
      const cookie = head['set-cookie']?.[0]?.split(';')[0];
      if (cookie !== undefined) seen.cookie = cookie;
    };
    const finish = (): void => {
      clearTimeout(late);
      if (!share) session.destroy();
      resolve(seen);
    };
    const stream = session.request(headers);
    const late = setTimeout(() => stream.close(http2.constants.NGHTTP2_CANCEL), timeoutMs);
    stream
      .on('response', read)
      .on('trailers', read)
      .on('error', () => delete seen.status);
    stream.on('close', finish);
    stream.resume();
    stream.end(body);
  });
}

function connect(origin: string): http2.ClientHttp2Session {
  const session = http2.connect(origin, { rejectUnauthorized: false });
  session.on('error', () => session.destroy());
  return session;
}

function usable(session: http2.ClientHttp2Session | undefined): http2.ClientHttp2Session | undefined {
  return session === undefined || session.closed || session.destroyed ? undefined : session;
}
