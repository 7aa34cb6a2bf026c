import type { SampleError } from '../../../core/model';
import { exchange } from '../../../lambda/probe/exchange';
import { framed, healthRequest } from '../../../lambda/probe/grpc';
import { LoopGauge } from '../../../lambda/probe/loop-gauge';
import type { Outcome } from '../../../lambda/probe/probe-request';
import { requestsOf, type RequestShape } from '../../../lambda/probe/request';
import { MAX_BODY_BYTES } from '../../../lambda/probe/response';
import { answer, answerLater, GRPC_OK, serveHttp2, type Loopback2, type Manners2 } from './loopback-http2';

const HEALTH = '/grpc.health.v1.Health/Check';
const CALL = '/shop.v1.Cart/Get';
const SHAPE: RequestShape = { protocol: 'HTTP', version: 'GRPC', method: 'GET', path: CALL, matcher: '0', timeoutMs: 5000 };
const SERVING = Buffer.from([0x08, 0x01]);

let server: Loopback2 | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function call(manners: Manners2, shape: Partial<RequestShape> = {}): Promise<Outcome> {
  server = await serveHttp2(manners, shape.protocol);
  return exchange(requestsOf({ ...SHAPE, ...shape })('127.0.0.2', server.port), new LoopGauge());
}

function errorOf(outcome: Outcome): SampleError | undefined {
  return 'error' in outcome ? outcome.error : undefined;
}

/** Headers alone, with the status among them. */
function trailersOnly(status: string): Manners2 {
  return (stream) => stream.respond({ ...GRPC_OK, 'grpc-status': status }, { endStream: true });
}

describe('what goes over the wire', () => {
  it('is a POST of one uncompressed message, with what gRPC asks for', async () => {
    await call(answer(Buffer.from('page')), { grpc: { request: Buffer.from([0x08, 0x2a]).toString('base64') }, hostHeader: 'shop.test' });
    expect(server?.heard).toEqual([
      {
        headers: expect.objectContaining({
          ':method': 'POST',
          ':path': CALL,
          ':authority': 'shop.test',
          'content-type': 'application/grpc',
          te: 'trailers',
        }),
        body: Buffer.from([0, 0, 0, 0, 2, 0x08, 0x2a]),
      },
    ]);
    expect(server?.heard[0]?.headers).not.toHaveProperty('grpc-accept-encoding');
  });

  it('is an empty message where none is configured', async () => {
    await call(answer(Buffer.from('page')));
    expect(server?.heard[0]?.body).toEqual(Buffer.alloc(5));
  });

  it.each([
    ['the whole server', {}, ''],
    ['a service', { service: 'shop' }, '0a0473686f70'],
  ])('asks the health service about %s', async (_, grpc, hex) => {
    await call(answer(SERVING), { path: HEALTH, grpc });
    expect(server?.heard[0]?.body.subarray(5).toString('hex')).toBe(hex);
  });

  it('has the length of a long name in two bytes', () => {
    expect(healthRequest('x'.repeat(300)).subarray(0, 3)).toEqual(Buffer.from([0x0a, 0xac, 0x02]));
  });
});

describe('an answer', () => {
  it.each<[string, Manners2, Partial<RequestShape>]>([
    ['with its status in the trailers', answer(Buffer.from('page')), {}],
    ['without any bytes in its message', answer(Buffer.alloc(0)), {}],
    ['over TLS', answer(Buffer.from('page')), { protocol: 'HTTPS' }],
    ['of the health service that is serving', answer(SERVING), { path: HEALTH }],
    ['without a message, with an accepted status', trailersOnly('12'), { matcher: '12' }],
    ['with an accepted status after its message', answer(Buffer.from('page'), '5'), { matcher: '0,5' }],
    ['in a compressed message, which is counted and not read', (stream) => answerLater(stream, compressed(Buffer.from('zipped'))), {}],
    ['whose message is longer than 64 KiB', (stream) => answerLater(stream, framed(Buffer.alloc(2 * MAX_BODY_BYTES))), {}],
    [
      'with a content type of its own',
      (stream) => {
        stream.respond({ ...GRPC_OK, 'content-type': 'application/grpc+proto' }, { waitForTrailers: true });
        stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
        stream.end(framed(SERVING));
      },
      {},
    ],
  ])('%s has a latency', async (_, manners, shape) => {
    expect(await call(manners, shape)).toHaveProperty('latencyMs');
  });

  it('lasts to its trailers', async () => {
    let finished = false;
    const outcome = await call((stream) => {
      stream.respond(GRPC_OK, { waitForTrailers: true });
      stream.on('wantTrailers', () =>
        setTimeout(() => {
          finished = true;
          stream.sendTrailers({ 'grpc-status': '0' });
        }, 20),
      );
      stream.end(framed(Buffer.from('page')));
    });
    expect(outcome).toHaveProperty('latencyMs');
    expect(finished).toBe(true);
  });
});

function compressed(message: Buffer): Buffer {
  const body = framed(message);
  body[0] = 1;
  return body;
}

describe('a failure', () => {
  it.each<[string, Manners2, Partial<RequestShape>, SampleError]>([
    ['of status in the trailers carries it', answer(Buffer.from('page'), '14'), {}, { kind: 'status', status: 14 }],
    ['of status without a message carries it', trailersOnly('8'), {}, { kind: 'status', status: 8 }],
    ['of status is one where the call succeeds and should not', answer(SERVING), { matcher: '12' }, { kind: 'status', status: 0 }],
    ['of a service that is gone carries UNIMPLEMENTED', trailersOnly('12'), {}, { kind: 'status', status: 12 }],
    [
      'of HTTP carries its status',
      (stream) => stream.respond({ ':status': 502 }, { endStream: true }),
      {},
      { kind: 'status', status: 502 },
    ],
    [
      'is of protocol where it is no gRPC that answers',
      (stream) => {
        stream.respond({ ':status': 200, 'content-type': 'text/html' });
        stream.end('<html>');
      },
      {},
      { kind: 'protocol', phase: 'body' },
    ],
    [
      'is of protocol where there is no status',
      (stream) => {
        stream.respond(GRPC_OK);
        stream.end(framed(Buffer.from('page')));
      },
      {},
      { kind: 'protocol', phase: 'body' },
    ],
    ['is of protocol where the status is no number', trailersOnly('good'), {}, { kind: 'protocol', phase: 'body' }],
    ['is of protocol for a success without a message', trailersOnly('0'), {}, { kind: 'protocol', phase: 'body' }],
    [
      'is of protocol for half a message',
      (stream) => answerLater(stream, framed(Buffer.from('page')).subarray(0, 7)),
      {},
      { kind: 'protocol', phase: 'body' },
    ],
    [
      'is of protocol for two messages',
      (stream) => answerLater(stream, Buffer.concat([framed(SERVING), framed(SERVING)])),
      {},
      { kind: 'protocol', phase: 'body' },
    ],
    [
      'is of status where the health service does not serve',
      answer(Buffer.from([0x08, 0x02])),
      { path: HEALTH },
      { kind: 'status', status: 0 },
    ],
    ['is of status where the health service says nothing', answer(Buffer.alloc(0)), { path: HEALTH }, { kind: 'status', status: 0 }],
    [
      'is of status where what the health service says is compressed and cannot be read',
      (stream) => answerLater(stream, compressed(SERVING)),
      { path: HEALTH },
      { kind: 'status', status: 0 },
    ],
  ])('%s', async (_, manners, shape, error) => {
    expect(errorOf(await call(manners, shape))).toEqual(error);
  });

  it('is a time-out in the body when the trailers never come', async () => {
    const outcome = await call(
      (stream) => {
        stream.respond(GRPC_OK);
        stream.write(framed(Buffer.from('page')));
      },
      { timeoutMs: 250 },
    );
    expect(errorOf(outcome)).toEqual({ kind: 'timeout', phase: 'body' });
  });
});
