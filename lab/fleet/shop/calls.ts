/**
 * The same page as a gRPC call, on a port of its own, beside the standard health service. Messages
 * are text: the user's number, and the page as JSON.
 */
import http2 from 'node:http2';
import { cart } from './cart';

const PORT = 8081;

type Method = (request: Buffer) => Promise<Buffer>;

const METHODS: Readonly<Record<string, Method>> = {
  // HealthCheckResponse: SERVING
  '/grpc.health.v1.Health/Check': async () => Buffer.from([0x08, 0x01]),
  '/shop.v1.Cart/Get': async (request) => Buffer.from(JSON.stringify(await cart(Number(request.toString() || '0')))),
};

const OK = { ':status': 200, 'content-type': 'application/grpc' };
const UNIMPLEMENTED = '12';
const INTERNAL = '13';

export function serveCalls(): void {
  http2
    .createServer()
    .on('stream', (stream, headers) => {
      const parts: Buffer[] = [];
      stream.on('error', () => stream.destroy());
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => void answer(stream, headers[':path'] ?? '', Buffer.concat(parts)));
    })
    .on('session', (session) => session.on('error', () => session.destroy()))
    .listen({ port: PORT, host: '0.0.0.0', backlog: 511 });
}

async function answer(stream: http2.ServerHttp2Stream, path: string, body: Buffer): Promise<void> {
  const method = METHODS[path];
  if (method === undefined) return stream.respond({ ...OK, 'grpc-status': UNIMPLEMENTED }, { endStream: true });
  try {
    const message = await method(body.subarray(5));
    if (stream.destroyed) return;
    stream.respond(OK, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    const prefix = Buffer.alloc(5);
    prefix.writeUInt32BE(message.length, 1);
    stream.end(Buffer.concat([prefix, message]));
  } catch (cause) {
    console.error(new Date().toISOString(), path, cause);
    if (!stream.destroyed) stream.respond({ ...OK, 'grpc-status': INTERNAL }, { endStream: true });
  }
}
