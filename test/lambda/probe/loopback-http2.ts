/** Real servers of HTTP/2 and gRPC on loopback addresses, and raw ones that misbehave. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http2 from 'node:http2';
import type net from 'node:net';
import { join } from 'node:path';
import { listeningPort } from '../../../lab/wire/listening-port';
import { framed } from '../../../lambda/probe/grpc';
import { SERVER_CERTIFICATE, type Loopback, serveHttp } from './loopback';

const SERVER_KEY = readFileSync(join(__dirname, '../../fixtures/tls/server.key'), 'utf8');

export interface Heard2 {
  readonly headers: http2.IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Loopback2 {
  readonly port: number;
  /** Requests whose body has ended. */
  readonly heard: readonly Heard2[];
  close(): Promise<void>;
}

export type Manners2 = (stream: http2.ServerHttp2Stream, session: http2.ServerHttp2Session) => void;

/** Node's own server, over TLS where asked for; `manners` is called once the request has ended. */
export async function serveHttp2(manners: Manners2, over: 'HTTP' | 'HTTPS' = 'HTTP'): Promise<Loopback2> {
  const heard: Heard2[] = [];
  const sessions = new Set<http2.ServerHttp2Session>();
  const secure = { cert: SERVER_CERTIFICATE, key: SERVER_KEY };
  const server = over === 'HTTPS' ? http2.createSecureServer(secure) : http2.createServer();
  server.on('session', (session) => {
    sessions.add(session);
    session.on('error', () => session.destroy());
  });
  server.on('stream', (stream, headers) => {
    const parts: Buffer[] = [];
    stream.on('error', () => stream.destroy());
    stream.on('data', (part: Buffer) => parts.push(part));
    stream.on('end', () => {
      heard.push({ headers, body: Buffer.concat(parts) });
      if (stream.session !== undefined) manners(stream, stream.session as http2.ServerHttp2Session);
    });
  });
  server.listen(0, '0.0.0.0');
  await once(server, 'listening');
  const close = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    for (const session of sessions) session.destroy();
    await closed;
  };
  return { port: listeningPort(server), heard, close };
}

export const GRPC_OK = { ':status': 200, 'content-type': 'application/grpc' };

/** Answers a call with this message and status, as servers do: headers, data, trailers. */
export function answer(message: Uint8Array, status = '0'): Manners2 {
  return (stream) => answerLater(stream, framed(message), status);
}

/** The same with bytes that are framed already, or badly. */
export function answerLater(stream: http2.ServerHttp2Stream, body: Buffer, status = '0'): void {
  stream.respond(GRPC_OK, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': status }));
  stream.end(body);
}

/** One frame (RFC 9113, 4.1). */
export function frame(type: number, flags: number, streamId: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(streamId, 5);
  return Buffer.concat([head, payload]);
}

export const FRAME = { data: 0, headers: 1, rstStream: 3, settings: 4, ping: 6, goaway: 7, windowUpdate: 8, continuation: 9 };

export function uint32(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, index) => bytes.writeUInt32BE(value, 4 * index));
  return bytes;
}

/** A server that begins as HTTP/2 does and then does as it likes. */
export function serveRaw(manners: (socket: net.Socket) => void): Promise<Loopback> {
  return serveHttp((socket) => {
    socket.on('data', () => undefined);
    socket.write(frame(FRAME.settings, 0, 0));
    manners(socket);
  });
}
