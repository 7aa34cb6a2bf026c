/**
 * The server of known delays, in a process of its own: GET /d/<microseconds> is answered after that
 * long and a little more, on any 127.x address, over HTTP and HTTPS, in HTTP/2 and as a gRPC call.
 * It measures what it really waited and tells the benchmark; what its own event loop adds before it
 * reads a request is not in that and counts against the prober.
 */
import { readFileSync } from 'node:fs';
import http2 from 'node:http2';
import net, { type AddressInfo } from 'node:net';
import tls from 'node:tls';
import type { ServerReady } from './messages';
import { PunctualQueue } from './punctual-queue';

const BODY = 'x'.repeat(1024);
const ANSWER = `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${BODY.length}\r\nConnection: close\r\n\r\n${BODY}`;

/**
 * Added to every delay but none, evenly distributed: one period of the prober's pace. A delay that
 * is a whole number of periods would have the same targets' answers arrive in every round at the
 * very moment in which the prober starts another probe; no service keeps its pace.
 */
const PHASE_MS = 1000 / 800;

let log: Record<string, number[]> = {};
const queue = new PunctualQueue();

function serve(socket: net.Socket): void {
  const address = socket.localAddress ?? '';
  socket.setNoDelay(true);
  socket.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') throw error;
  });
  socket.once('data', (data: Buffer) => {
    wait(address, /^GET (\S+) /.exec(data.toString('latin1'))?.[1], () => void socket.end(ANSWER));
  });
}

/** Answers after the delay that the path names, and keeps how long that really was. */
function wait(address: string, path: string | undefined, answer: () => void): void {
  const startedMs = performance.now();
  const delayMs = Number(/^\/d\/([0-9]+)$/.exec(path ?? '')?.[1] ?? 0) / 1000;
  const answered = (): void => {
    (log[address] ??= []).push(performance.now() - startedMs);
    answer();
  };
  if (delayMs === 0) answered();
  else queue.add(startedMs + delayMs + Math.random() * PHASE_MS, answered);
}

/** One message of as many bytes as the page has, uncompressed. */
const MESSAGE = Buffer.concat([Buffer.from([0, 0, 0, BODY.length >> 8, BODY.length & 0xff]), Buffer.from(BODY)]);

function serveStream(stream: http2.ServerHttp2Stream, headers: http2.IncomingHttpHeaders): void {
  const address = stream.session?.socket.localAddress ?? '';
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ECONNRESET' && error.code !== 'ERR_HTTP2_STREAM_ERROR') throw error;
  });
  const isCall = headers['content-type'] === 'application/grpc';
  wait(address, headers[':path'], () => {
    if (stream.destroyed) return;
    stream.respond({ ':status': 200, 'content-type': isCall ? 'application/grpc' : 'text/plain' }, { waitForTrailers: isCall });
    if (isCall) stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.end(isCall ? MESSAGE : BODY);
  });
}

function listening(server: net.Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen({ port: 0, host: '0.0.0.0', backlog: 4096 }, () => resolve((server.address() as AddressInfo).port));
  });
}

async function tell({ http, https, h2, h2s }: Readonly<Record<'http' | 'https' | 'h2' | 'h2s', net.Server>>): Promise<void> {
  const ready: ServerReady = {
    httpPort: await listening(http),
    httpsPort: await listening(https),
    http2Port: await listening(h2),
    https2Port: await listening(h2s),
  };
  process.send?.(ready);
}

function main(): void {
  const [certificateFile = '', keyFile = ''] = process.argv.slice(2);
  const http = net.createServer(serve);
  const secure = { cert: readFileSync(certificateFile), key: readFileSync(keyFile) };
  const https = tls.createServer(secure, serve);
  const h2 = http2.createServer().on('stream', serveStream);
  const h2s = http2.createSecureServer(secure).on('stream', serveStream);
  for (const server of [h2, h2s]) server.on('session', (session) => session.on('error', () => session.destroy()));
  void tell({ http, https, h2, h2s });
  process.on('message', () => {
    process.send?.(log);
    log = {};
  });
  process.on('disconnect', () => process.exit(0));
}

main();
