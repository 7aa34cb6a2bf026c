import http2 from 'node:http2';
import type net from 'node:net';
import type { SampleError } from '../../../core/model';
import { exchange } from '../../../lambda/probe/exchange';
import { LoopGauge } from '../../../lambda/probe/loop-gauge';
import type { Outcome } from '../../../lambda/probe/probe-request';
import { requestsOf, USER_AGENT, type RequestShape } from '../../../lambda/probe/request';
import { MAX_BODY_BYTES } from '../../../lambda/probe/response';
import { closedAfterEach, OK, OTHER_CERTIFICATE, SERVER_CERTIFICATE, serveHttp, serveHttps, summary, unusedPort } from './loopback';
import { FRAME, frame, serveHttp2, serveRaw, uint32, type Loopback2, type Manners2 } from './loopback-http2';

const SHAPE: RequestShape = { protocol: 'HTTP', version: 'HTTP2', method: 'GET', path: '/api/cart', matcher: '200', timeoutMs: 5000 };

const served = closedAfterEach();
let server: Loopback2 | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

function ask(port: number, shape: Partial<RequestShape> = {}): Promise<Outcome> {
  return exchange(requestsOf({ ...SHAPE, ...shape })('127.0.0.2', port), new LoopGauge());
}

async function askHttp2(manners: Manners2, shape: Partial<RequestShape> = {}): Promise<Outcome> {
  server = await serveHttp2(manners, shape.protocol);
  return ask(server.port, shape);
}

async function askRaw(manners: (socket: net.Socket) => void, shape: Partial<RequestShape> = {}): Promise<Outcome> {
  const { port } = await served(serveRaw(manners));
  return ask(port, shape);
}

function errorOf(outcome: Outcome): SampleError | undefined {
  return 'error' in outcome ? outcome.error : undefined;
}

const ok: Manners2 = (stream) => {
  stream.respond({ ':status': 200 });
  stream.end('ok');
};

describe('what goes over the wire', () => {
  it('is one GET with the configured host, that says who asks', async () => {
    await askHttp2(ok, { hostHeader: 'shop.example.test:8443' });
    expect(server?.heard.map(({ headers }) => headers)).toEqual([
      expect.objectContaining({
        ':method': 'GET',
        ':scheme': 'http',
        ':authority': 'shop.example.test:8443',
        ':path': '/api/cart',
        'user-agent': USER_AGENT,
      }),
    ]);
  });

  it('names the target itself when no host is configured', async () => {
    await askHttp2(ok);
    expect(server?.heard[0]?.headers[':authority']).toBe(`127.0.0.2:${server?.port}`);
  });

  it('is a HEAD when asked for one, whose answer has no body', async () => {
    const outcome = await askHttp2(
      (stream) => {
        stream.respond({ ':status': 200, 'content-length': '500' });
        stream.end();
      },
      { method: 'HEAD' },
    );
    expect(server?.heard[0]?.headers[':method']).toBe('HEAD');
    expect(outcome).toHaveProperty('latencyMs');
  });

  it('is a connection of its own for each probe', async () => {
    const sessions = new Set<http2.ServerHttp2Session>();
    const manners: Manners2 = (stream, session) => {
      sessions.add(session);
      ok(stream, session);
    };
    await askHttp2(manners);
    if (server !== undefined) await ask(server.port);
    expect(sessions.size).toBe(2);
  });
});

describe('an answer', () => {
  it('has a latency that its phases add up to', async () => {
    const outcome = await askHttp2(ok);
    if (!('latencyMs' in outcome)) throw new Error(JSON.stringify(outcome));
    const { connectMs, waitMs, bodyMs } = outcome.phases;
    expect(connectMs + waitMs + bodyMs).toBeCloseTo(outcome.latencyMs, 1);
    expect(outcome.phases).not.toHaveProperty('tlsMs');
  });

  it('has the time to its headers in its wait, and the time to its end in its body', async () => {
    let headersMs = 0;
    let bodyMs = 0;
    const outcome = await askHttp2((stream) => {
      const startedMs = performance.now();
      setTimeout(() => {
        headersMs = performance.now() - startedMs;
        stream.respond({ ':status': 200 });
        stream.write('half');
        setTimeout(() => {
          bodyMs = performance.now() - startedMs - headersMs;
          stream.end('half');
        }, 30);
      }, 20);
    });
    if (!('latencyMs' in outcome)) throw new Error(JSON.stringify(outcome));
    expect(outcome.phases.waitMs).toBeGreaterThanOrEqual(headersMs);
    expect(outcome.phases.waitMs + outcome.phases.bodyMs).toBeGreaterThanOrEqual(headersMs + bodyMs);
    expect(outcome.phases.bodyMs).toBeGreaterThan(5);
  });

  it('lasts to its trailers', async () => {
    let finished = false;
    const outcome = await askHttp2((stream) => {
      stream.respond({ ':status': 200 }, { waitForTrailers: true });
      stream.on('wantTrailers', () =>
        setTimeout(() => {
          finished = true;
          stream.sendTrailers({ 'x-sum': '1' });
        }, 20),
      );
      stream.end('ok');
    });
    expect(outcome).toHaveProperty('latencyMs');
    expect(finished).toBe(true);
  });

  it('over TLS has a handshake among its phases, and names the host there', async () => {
    const outcome = await askHttp2(ok, { protocol: 'HTTPS', hostHeader: 'shop.example.test' });
    if (!('latencyMs' in outcome)) throw new Error(JSON.stringify(outcome));
    const { connectMs, tlsMs = 0, waitMs, bodyMs } = outcome.phases;
    expect(tlsMs).toBeGreaterThan(0);
    expect(connectMs + tlsMs + waitMs + bodyMs).toBeCloseTo(outcome.latencyMs, 1);
    expect(server?.heard[0]?.headers[':scheme']).toBe('https');
  });

  it('after interim responses is the final one', async () => {
    const outcome = await askHttp2((stream, session) => {
      stream.additionalHeaders({ ':status': 103 });
      ok(stream, session);
    });
    expect(outcome).toHaveProperty('latencyMs');
  });

  it('of endless length is taken at 64 KiB, and the connection closed', async () => {
    let sent = 0;
    const closed = new Promise<void>((resolve) => {
      void askHttp2((stream) => {
        stream.respond({ ':status': 200 });
        const pour = setInterval(() => stream.write(Buffer.alloc(4096), () => (sent += 4096)), 1);
        stream.once('close', () => {
          clearInterval(pour);
          resolve();
        });
      }).then((outcome) => expect(outcome).toHaveProperty('latencyMs'));
    });
    await closed;
    expect(sent).toBeGreaterThanOrEqual(MAX_BODY_BYTES - 8192);
  });

  it('that is longer than the flow-control window arrives whole', async () => {
    const outcome = await askHttp2((stream) => {
      stream.respond({ ':status': 200 });
      stream.end(Buffer.alloc(MAX_BODY_BYTES - 1));
    });
    expect(outcome).toHaveProperty('latencyMs');
  });

  it('with a status in the matcher counts', async () => {
    const outcome = await askHttp2((stream) => stream.respond({ ':status': 401 }, { endStream: true }), { matcher: '200-299,401' });
    expect(outcome).toHaveProperty('latencyMs');
  });

  it('of a target that goes away gracefully and still answers counts', async () => {
    const outcome = await askHttp2((stream, session) => {
      session.goaway(0, 1);
      setTimeout(() => ok(stream, session), 10);
    });
    expect(outcome).toHaveProperty('latencyMs');
  });
});

describe('a failure', () => {
  it('of status carries the code, and does not wait for the body', async () => {
    const outcome = await askHttp2((stream) => {
      stream.respond({ ':status': 503 });
      stream.write('x');
    });
    expect(errorOf(outcome)).toEqual({ kind: 'status', status: 503 });
  });

  it('to connect is refused', async () => {
    expect(errorOf(await ask(await unusedPort()))).toEqual({ kind: 'refused', phase: 'connect' });
  });

  it.each([
    ['refused when the stream is refused', http2.constants.NGHTTP2_REFUSED_STREAM, 'refused'],
    ['a reset when the stream is cancelled', http2.constants.NGHTTP2_CANCEL, 'reset'],
    ['a reset when the stream breaks inside', http2.constants.NGHTTP2_INTERNAL_ERROR, 'reset'],
    ['a reset when the stream ends with no error and no answer', http2.constants.NGHTTP2_NO_ERROR, 'reset'],
    ['of protocol when HTTP/1.1 is asked for', http2.constants.NGHTTP2_HTTP_1_1_REQUIRED, 'protocol'],
    ['of protocol when the target takes the request for malformed', http2.constants.NGHTTP2_PROTOCOL_ERROR, 'protocol'],
  ])('is %s', async (_, code, kind) => {
    expect(errorOf(await askHttp2((stream) => stream.close(code)))).toEqual({ kind, phase: 'wait' });
  });

  const HALF = Buffer.concat([frame(FRAME.headers, 4, 1, Buffer.from([0x88])), frame(FRAME.data, 0, 1, Buffer.from('half'))]);

  it.each([
    ['a reset when the stream is reset in the body', 2, 'reset'],
    ['a reset when the stream is cancelled in the body', 8, 'reset'],
    ['refused when the stream is refused in the body', 7, 'refused'],
  ])('is %s', async (_, code, kind) => {
    const outcome = await askRaw((socket) => {
      socket.write(HALF);
      setTimeout(() => socket.write(frame(FRAME.rstStream, 0, 1, uint32(code))), 10);
    });
    expect(errorOf(outcome)).toEqual({ kind, phase: 'body' });
  });

  it.each([
    ['refused when the target goes away and did not take the request on', 0, 0, 'refused'],
    ['a reset when the target goes away in the midst of it', 2, 1, 'reset'],
    ['of protocol when it goes away because it cannot make sense of it', 1, 1, 'protocol'],
  ])('is %s', async (_, code, last, kind) => {
    const outcome = await askRaw((socket) => socket.write(frame(FRAME.goaway, 0, 0, uint32(last, code))));
    expect(errorOf(outcome)).toEqual({ kind, phase: 'wait' });
  });

  it('is a reset when the connection ends after a graceful GOAWAY without the answer', async () => {
    const outcome = await askRaw((socket) => socket.end(frame(FRAME.goaway, 0, 0, uint32(1, 0))));
    expect(errorOf(outcome)).toEqual({ kind: 'reset', phase: 'wait' });
  });

  it('is a reset when the connection is reset while waiting', async () => {
    expect(errorOf(await askRaw((socket) => setTimeout(() => socket.resetAndDestroy(), 10)))).toEqual({ kind: 'reset', phase: 'wait' });
  });

  it('is a reset when the connection is closed without a word', async () => {
    const { port } = await served(serveHttp((socket) => socket.end()));
    expect(errorOf(await ask(port))).toEqual({ kind: 'reset', phase: 'wait' });
  });

  it('is a reset when the connection ends in the body', async () => {
    const outcome = await askRaw((socket) => {
      socket.write(HALF);
      setTimeout(() => socket.end(), 10);
    });
    expect(errorOf(outcome)).toEqual({ kind: 'reset', phase: 'body' });
  });

  it('is of protocol when the target speaks HTTP/1.1 alone', async () => {
    const { port } = await served(serveHttp(summary('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')));
    expect(errorOf(await ask(port))).toEqual({ kind: 'protocol', phase: 'wait' });
  });

  it('is of protocol when the target chooses nothing over TLS, or HTTP/1.1', async () => {
    const { port } = await served(serveHttps(summary(OK)));
    expect(errorOf(await ask(port, { protocol: 'HTTPS' }))).toEqual({ kind: 'protocol', phase: 'tls' });
  });

  it('is of TLS when the target speaks it in the clear', async () => {
    const { port } = await served(serveRaw(() => undefined));
    expect(errorOf(await ask(port, { protocol: 'HTTPS' }))).toEqual({ kind: 'tls', phase: 'tls' });
  });

  it.each<[string, Buffer]>([
    ['an answer on another stream', frame(FRAME.headers, 5, 3, Buffer.from([0x88]))],
    ['a window of nothing', frame(FRAME.windowUpdate, 0, 0, uint32(0))],
  ])('is of protocol for %s', async (_, bytes) => {
    expect(errorOf(await askRaw((socket) => socket.write(bytes)))).toEqual({ kind: 'protocol', phase: 'wait' });
  });

  // nghttp2 ends these with a GOAWAY of its own, reads no more, and Node does not tell.
  it.each<[string, Buffer]>([
    ['a frame longer than allowed', frame(FRAME.data, 0, 1, Buffer.alloc(20_000))],
    ['data before the headers', frame(FRAME.data, 1, 1, Buffer.from('ok'))],
    ['headers that are no HPACK', frame(FRAME.headers, 5, 1, Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff]))],
    ['a continuation of nothing', frame(FRAME.continuation, 4, 1, Buffer.from([0x88]))],
  ])('is a time-out for %s', async (_, bytes) => {
    const outcome = await askRaw((socket) => socket.write(bytes), { timeoutMs: 100 });
    expect(errorOf(outcome)).toEqual({ kind: 'timeout', phase: 'wait' });
  });

  it.each<[string, Buffer, Buffer]>([
    [
      'headers that never end',
      frame(FRAME.headers, 0, 1, Buffer.from([0x88])),
      frame(FRAME.continuation, 0, 1, Buffer.from([0x40, 1, 97, 1, 98])),
    ],
    ['pings', Buffer.alloc(0), frame(FRAME.ping, 0, 0, Buffer.alloc(8))],
    ['settings', Buffer.alloc(0), frame(FRAME.settings, 0, 0)],
    ['interim responses', Buffer.alloc(0), frame(FRAME.headers, 4, 1, Buffer.concat([Buffer.from([0x08, 3]), Buffer.from('103')]))],
  ])('is of protocol for a flood of %s, long before the deadline', async (_, first, again) => {
    const outcome = await askRaw(
      (socket) => {
        socket.write(first);
        const pour = setInterval(() => socket.write(Buffer.concat(Array.from({ length: 40 }, () => again))), 1);
        socket.once('close', () => clearInterval(pour));
      },
      { timeoutMs: 60_000 },
    );
    expect(errorOf(outcome)).toMatchObject({ kind: 'protocol' });
  });

  it('is a time-out while waiting when the other end is half open', async () => {
    const { port } = await served(serveHttp(() => undefined));
    expect(errorOf(await ask(port, { timeoutMs: 250 }))).toEqual({ kind: 'timeout', phase: 'wait' });
  });

  it('is a time-out while waiting when the stream is never answered', async () => {
    expect(errorOf(await askHttp2(() => undefined, { timeoutMs: 250 }))).toEqual({ kind: 'timeout', phase: 'wait' });
  });

  it('is a time-out when a body drips for ever: one deadline, no idle timer', async () => {
    const outcome = await askHttp2(
      (stream) => {
        stream.respond({ ':status': 200 });
        const drip = setInterval(() => stream.write('x'), 10);
        stream.once('close', () => clearInterval(drip));
      },
      { timeoutMs: 150 },
    );
    expect(errorOf(outcome)).toEqual({ kind: 'timeout', phase: 'body' });
  });

  it('is a time-out when the headers drip for ever', async () => {
    const outcome = await askRaw(
      (socket) => {
        socket.write(frame(FRAME.headers, 0, 1, Buffer.from([0x88])));
        const drip = setInterval(() => socket.write(frame(FRAME.windowUpdate, 0, 0, uint32(1)).subarray(0, 1)), 40);
        socket.once('close', () => clearInterval(drip));
      },
      { timeoutMs: 150 },
    );
    expect(errorOf(outcome)).toEqual({ kind: 'timeout', phase: 'wait' });
  });
});

describe('a certificate', () => {
  const expiry = Date.parse('2126-10-29T16:09:45Z');
  const https = { protocol: 'HTTPS', hostHeader: 'shop.example.test' } as const;

  it('that nobody vouches for is accepted, as an ALB does, and its expiry reported', async () => {
    expect(await askHttp2(ok, https)).toMatchObject({ latencyMs: expect.any(Number), certificateExpiresAt: expiry });
  });

  it('is verified when a CA is configured', async () => {
    expect(await askHttp2(ok, { ...https, ca: SERVER_CERTIFICATE })).toHaveProperty('latencyMs');
  });

  it('of another CA than the configured one is refused before a request is sent', async () => {
    const outcome = await askHttp2(ok, { ...https, ca: OTHER_CERTIFICATE });
    expect(outcome).toMatchObject({ error: { kind: 'tls', phase: 'tls' }, certificateExpiresAt: expiry });
    expect(server?.heard).toEqual([]);
  });
});

describe('a finished exchange', () => {
  afterEach(() => jest.restoreAllMocks());

  it.each<[string, Manners2]>([
    ['answered', ok],
    ['reset', (stream) => stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR)],
    ['answered with a status that is no answer', (stream) => stream.respond({ ':status': 503 }, { endStream: true })],
  ])('leaves no deadline and no connection behind when it was %s', async (_, manners) => {
    const cleared = jest.spyOn(global, 'clearTimeout');
    const started = jest.spyOn(global, 'setTimeout');
    let closed: Promise<void> = Promise.resolve();
    await askHttp2(
      (stream, session) => {
        closed = new Promise((resolve) => session.once('close', resolve));
        manners(stream, session);
      },
      { timeoutMs: 3_600_000 },
    );
    const deadline = started.mock.results[started.mock.calls.findIndex(([, ms]) => ms === 3_600_000)];
    if (deadline?.type !== 'return') throw new Error('no deadline was set');
    expect(cleared).toHaveBeenCalledWith(deadline.value);
    await closed;
  });
});
