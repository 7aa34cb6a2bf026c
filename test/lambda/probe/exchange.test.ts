import type { SampleError } from '../../../core/model';
import { exchange } from '../../../lambda/probe/exchange';
import { LoopGauge } from '../../../lambda/probe/loop-gauge';
import type { Outcome } from '../../../lambda/probe/probe-request';
import { requestsOf, USER_AGENT, type RequestShape } from '../../../lambda/probe/request';
import { MAX_BODY_BYTES } from '../../../lambda/probe/response';
import {
  OK,
  OTHER_CERTIFICATE,
  summary,
  SERVER_CERTIFICATE,
  serveHttp,
  serveHttps,
  unusedPort,
  type Loopback,
  type Manners,
} from './loopback';

const SHAPE: RequestShape = { protocol: 'HTTP', method: 'GET', path: '/api/cart', matcher: '200', timeoutMs: 5000 };

let server: Loopback | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

function ask(port: number, shape: Partial<RequestShape> = {}): Promise<Outcome> {
  return exchange(requestsOf({ ...SHAPE, ...shape })('127.0.0.2', port), new LoopGauge());
}

async function askHttp(manners: Manners, shape: Partial<RequestShape> = {}): Promise<Outcome> {
  server = await serveHttp(manners);
  return ask(server.port, shape);
}

async function askHttps(manners: Manners, shape: Partial<RequestShape> = {}): Promise<Outcome> {
  server = await serveHttps(manners);
  return ask(server.port, { protocol: 'HTTPS', hostHeader: 'shop.example.test', ...shape });
}

function errorOf(outcome: Outcome): SampleError | undefined {
  return 'error' in outcome ? outcome.error : undefined;
}

describe('what goes over the wire', () => {
  it('is one GET with the configured host, that says who asks and closes', async () => {
    await askHttp(summary(OK), { hostHeader: 'shop.example.test:8443' });
    expect(server?.heard.map(({ text }) => text)).toEqual([
      `GET /api/cart HTTP/1.1\r\nHost: shop.example.test:8443\r\nUser-Agent: ${USER_AGENT}\r\nAccept: */*\r\nConnection: close\r\n\r\n`,
    ]);
    expect(USER_AGENT).toContain('Sickbay');
  });

  it('names the target itself when no host is configured', async () => {
    await askHttp(summary(OK));
    expect(server?.heard[0]?.text).toContain(`\r\nHost: 127.0.0.2:${server?.port}\r\n`);
  });

  it('puts an IPv6 address in brackets', () => {
    expect(requestsOf(SHAPE)('fd00::1', 80)).toHaveProperty('text', expect.stringContaining('\r\nHost: [fd00::1]:80\r\n'));
  });

  it('is a HEAD when asked for one, whose answer has no body', async () => {
    const outcome = await askHttp(summary('HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n'), { method: 'HEAD' });
    expect(server?.heard[0]?.text).toMatch(/^HEAD \/api\/cart HTTP\/1.1\r\n/);
    expect(outcome).toHaveProperty('latencyMs');
  });

  it('names the host without its port in the handshake', async () => {
    await askHttps(summary(OK), { hostHeader: 'shop.example.test:8443' });
    expect(server?.heard[0]?.serverName).toBe('shop.example.test');
  });

  it('names the configured server name before the host', async () => {
    await askHttps(summary(OK), { serverName: 'sni.example.test' });
    expect(server?.heard[0]).toMatchObject({ serverName: 'sni.example.test' });
    expect(server?.heard[0]?.text).toContain('\r\nHost: shop.example.test\r\n');
  });

  it('names nobody in the handshake when the host is an address', async () => {
    await askHttps(summary(OK), { hostHeader: '127.0.0.2' });
    expect(server?.heard[0]?.serverName).toBeUndefined();
  });
});

describe('an answer', () => {
  it('has a latency that its phases add up to', async () => {
    const outcome = await askHttp(summary(OK));
    if (!('latencyMs' in outcome)) throw new Error(JSON.stringify(outcome));
    const { connectMs, waitMs, bodyMs } = outcome.phases;
    expect(connectMs + waitMs + bodyMs).toBeCloseTo(outcome.latencyMs, 1);
    expect(outcome.phases).not.toHaveProperty('tlsMs');
  });

  it('has the time the target took in its wait', async () => {
    let tookMs = 0;
    const outcome = await askHttp((socket) => {
      const startedMs = performance.now();
      setTimeout(() => {
        tookMs = performance.now() - startedMs;
        socket.end(OK);
      }, 20);
    });
    if (!('latencyMs' in outcome)) throw new Error(JSON.stringify(outcome));
    expect(outcome.phases.waitMs).toBeGreaterThanOrEqual(tookMs);
  });

  it('over TLS has a handshake among its phases', async () => {
    const outcome = await askHttps(summary(OK));
    if (!('latencyMs' in outcome)) throw new Error(JSON.stringify(outcome));
    const { connectMs, tlsMs = 0, waitMs, bodyMs } = outcome.phases;
    expect(tlsMs).toBeGreaterThan(0);
    expect(connectMs + tlsMs + waitMs + bodyMs).toBeCloseTo(outcome.latencyMs, 1);
  });

  it('in chunks lasts to the last chunk', async () => {
    let finished = false;
    const outcome = await askHttp((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n');
      setTimeout(() => {
        finished = true;
        socket.write('0\r\n\r\n');
      }, 20);
    });
    expect(outcome).toHaveProperty('latencyMs');
    expect(finished).toBe(true);
  });

  it('without a length ends with the connection', async () => {
    expect(await askHttp(summary('HTTP/1.1 200 OK\r\n\r\nhello'))).toHaveProperty('latencyMs');
  });

  it('after an interim response is the final one', async () => {
    expect(await askHttp(summary(`HTTP/1.1 100 Continue\r\n\r\n${OK}`))).toHaveProperty('latencyMs');
  });

  it('of endless length is taken at 64 KiB, and the connection closed', async () => {
    let sent = 0;
    const closed = new Promise<void>((resolve) => {
      void askHttp((socket) => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        const pour = setInterval(() => socket.write(Buffer.alloc(1024), () => (sent += 1024)), 1);
        socket.once('close', () => {
          clearInterval(pour);
          resolve();
        });
      }).then((outcome) => expect(outcome).toHaveProperty('latencyMs'));
    });
    await closed;
    expect(sent).toBeGreaterThanOrEqual(MAX_BODY_BYTES - 1024);
  });

  it('with a status in the matcher counts', async () => {
    expect(await askHttp(summary('HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n'), { matcher: '200-299,401' })).toHaveProperty('latencyMs');
  });
});

describe('a failure', () => {
  it('of status carries the code, and does not wait for the body', async () => {
    const outcome = await askHttp((socket) => socket.write('HTTP/1.1 503 Busy\r\nContent-Length: 1000\r\n\r\n'));
    expect(errorOf(outcome)).toEqual({ kind: 'status', status: 503 });
  });

  it('to connect is refused', async () => {
    expect(errorOf(await ask(await unusedPort()))).toEqual({ kind: 'refused', phase: 'connect' });
  });

  it('is a reset when the connection is reset while waiting', async () => {
    expect(errorOf(await askHttp((socket) => socket.resetAndDestroy()))).toEqual({ kind: 'reset', phase: 'wait' });
  });

  it('is a reset when the connection is closed without a word', async () => {
    expect(errorOf(await askHttp((socket) => socket.end()))).toEqual({ kind: 'reset', phase: 'wait' });
  });

  it('is a reset when the connection is reset in the body', async () => {
    const outcome = await askHttp((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf', () => setTimeout(() => socket.resetAndDestroy(), 20));
    });
    expect(errorOf(outcome)).toEqual({ kind: 'reset', phase: 'body' });
  });

  it('is of protocol when the body is cut short', async () => {
    const outcome = await askHttp(summary('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf'));
    expect(errorOf(outcome)).toEqual({ kind: 'protocol', phase: 'body' });
  });

  it('is of protocol when it is not HTTP that answers', async () => {
    expect(errorOf(await askHttp(summary('SSH-2.0-OpenSSH_9.2\r\n')))).toEqual({ kind: 'protocol', phase: 'body' });
  });

  it('is a time-out while waiting when nothing comes', async () => {
    expect(errorOf(await askHttp(() => undefined, { timeoutMs: 250 }))).toEqual({ kind: 'timeout', phase: 'wait' });
  });

  it.each([
    ['a body', 'HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n', 'x'],
    ['headers', 'HTTP/1.1 200 OK\r\n', 'X-A: b\r\n'],
  ])('is a time-out when %s drips for ever: one deadline, no idle timer', async (_, head, drop) => {
    const outcome = await askHttp(
      (socket) => {
        socket.write(head);
        const drip = setInterval(() => socket.write(drop), 10);
        socket.once('close', () => clearInterval(drip));
      },
      { timeoutMs: 150 },
    );
    expect(errorOf(outcome)).toEqual({ kind: 'timeout', phase: 'body' });
  });

  it('is of TLS when the target speaks plain HTTP', async () => {
    server = await serveHttp(summary(OK));
    expect(errorOf(await ask(server.port, { protocol: 'HTTPS' }))).toEqual({ kind: 'tls', phase: 'tls' });
  });

  it('is a time-out in the handshake when the target accepts and says nothing', async () => {
    server = await serveHttp(() => undefined);
    expect(errorOf(await ask(server.port, { protocol: 'HTTPS', timeoutMs: 250 }))).toEqual({ kind: 'timeout', phase: 'tls' });
  });

  it('is a reset in the handshake when the target hangs up there', async () => {
    server = await serveHttp((socket) => socket.end());
    expect(errorOf(await ask(server.port, { protocol: 'HTTPS' }))).toEqual({ kind: 'reset', phase: 'tls' });
  });
});

describe('a certificate', () => {
  const expiry = Date.parse('2126-10-29T16:09:45Z');

  it('that nobody vouches for is accepted, as an ALB does, and its expiry reported', async () => {
    expect(await askHttps(summary(OK))).toMatchObject({ latencyMs: expect.any(Number), certificateExpiresAt: expiry });
  });

  it('is verified when a CA is configured', async () => {
    expect(await askHttps(summary(OK), { ca: SERVER_CERTIFICATE })).toHaveProperty('latencyMs');
  });

  it('of another CA than the configured one is refused before a request is sent, and its expiry still reported', async () => {
    const outcome = await askHttps(summary(OK), { ca: OTHER_CERTIFICATE });
    expect(outcome).toMatchObject({ error: { kind: 'tls', phase: 'tls' }, certificateExpiresAt: expiry });
    expect(server?.heard).toEqual([]);
  });

  it('for another name is refused when a CA is configured', async () => {
    const outcome = await askHttps(summary(OK), { ca: SERVER_CERTIFICATE, serverName: 'other.example.test' });
    expect(errorOf(outcome)).toEqual({ kind: 'tls', phase: 'tls' });
  });
});

describe('a finished exchange', () => {
  afterEach(() => jest.restoreAllMocks());

  it.each<[string, Manners]>([
    ['answered', summary(OK)],
    ['reset', (socket) => socket.resetAndDestroy()],
    ['answered with a status that is no answer', summary('HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n')],
  ])('leaves no deadline behind that keeps the function busy when it was %s', async (_, manners) => {
    const started = jest.spyOn(global, 'setTimeout');
    const cleared = jest.spyOn(global, 'clearTimeout');
    await askHttp(manners, { timeoutMs: 3_600_000 });
    const deadline = started.mock.results[started.mock.calls.findIndex(([, ms]) => ms === 3_600_000)];
    if (deadline?.type !== 'return') throw new Error('no deadline was set');
    expect(cleared).toHaveBeenCalledWith(deadline.value);
    expect(deadline.value.hasRef()).toBe(true);
  });
});
