/**
 * The server of known delays, in a process of its own: GET /d/<microseconds> is answered after that
 * long and a little more, on any 127.x address and over HTTP and HTTPS. It measures what it really
 * waited and tells the benchmark; what its own event loop adds before it reads a request is not in
 * that and counts against the prober.
 */
import { readFileSync } from 'node:fs';
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
    const startedMs = performance.now();
    const delayMs = Number(/^GET \/d\/([0-9]+) /.exec(data.toString('latin1'))?.[1] ?? 0) / 1000;
    const answer = (): void => {
      (log[address] ??= []).push(performance.now() - startedMs);
      socket.end(ANSWER);
    };
    if (delayMs === 0) answer();
    else queue.add(startedMs + delayMs + Math.random() * PHASE_MS, answer);
  });
}

function main(): void {
  const [certificateFile = '', keyFile = ''] = process.argv.slice(2);
  const http = net.createServer(serve);
  const https = tls.createServer({ cert: readFileSync(certificateFile), key: readFileSync(keyFile) }, serve);
  http.listen({ port: 0, host: '0.0.0.0', backlog: 4096 }, () => {
    https.listen({ port: 0, host: '0.0.0.0', backlog: 4096 }, () => {
      const ready: ServerReady = { httpPort: (http.address() as AddressInfo).port, httpsPort: (https.address() as AddressInfo).port };
      process.send?.(ready);
    });
  });
  process.on('message', () => {
    process.send?.(log);
    log = {};
  });
  process.on('disconnect', () => process.exit(0));
}

main();
