import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { LoadBalancer, stickinessCookie, type CheckResult, type Endpoint, type LoadBalancerOptions } from '../../lab/fleet/load-balancer';
import { Users } from '../../lab/fleet/users';
import { view } from '../../lab/fleet/view';
import { listeningPort } from '../../lab/wire/listening-port';

const HERE = '127.0.0.1';
const opened: Server[] = [];
const balancers: LoadBalancer[] = [];

afterEach(async () => {
  await Promise.all(balancers.splice(0).map((balancer) => balancer.stop()));
  for (const server of opened.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function listen(server: Server): Promise<number> {
  opened.push(server);
  server.listen(0, HERE);
  await once(server, 'listening');
  return listeningPort(server);
}

/** A target that counts its pages; `answer` says what it does with one. */
async function backend(id: string, answer: (path: string) => number | undefined = () => 200): Promise<Endpoint & { seen: string[] }> {
  const seen: string[] = [];
  const port = await listen(
    createServer((request, response) => {
      seen.push(request.url ?? '');
      const status = answer(request.url ?? '');
      if (status !== undefined) response.writeHead(status).end(id);
    }),
  );
  return { target: { id, port }, address: HERE, seen };
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  server.close();
  await once(server, 'close');
  return port;
}

async function balance(
  endpoints: () => readonly Endpoint[],
  extra: Partial<LoadBalancerOptions> = {},
): Promise<{ balancer: LoadBalancer; port: number }> {
  const port = await freePort();
  const none = { checked: () => [], check: { path: '/health', intervalMs: 60_000, timeoutMs: 100 }, onHealthCheck: () => undefined };
  const balancer = new LoadBalancer({ routable: endpoints, ...none, sticky: () => true, address: HERE, port, ...extra });
  balancers.push(balancer);
  await balancer.start();
  return { balancer, port };
}

test('requests without a cookie go round the routable targets', async () => {
  const backends = [await backend('i-1'), await backend('i-2'), await backend('i-3')];
  const { port } = await balance(() => backends);
  for (let i = 0; i < 9; i++) await view(HERE, port, '/');
  expect(backends.map(({ seen }) => seen.length)).toEqual([3, 3, 3]);
});

test('a client with a cookie stays, moves when its target is no longer routable, and stays where it lands', async () => {
  const [first, second] = [await backend('i-1'), await backend('i-2')];
  let routable = [first, second];
  const { port } = await balance(() => routable);
  let cookie = stickinessCookie(first.target);
  const ask = async (): Promise<void> => {
    cookie = (await view(HERE, port, '/', { cookie })).cookie ?? cookie;
  };
  for (let i = 0; i < 3; i++) await ask();
  routable = [second];
  await ask();
  routable = [first, second];
  for (let i = 0; i < 3; i++) await ask();
  expect([first.seen.length, second.seen.length]).toEqual([3, 4]);
});

test('without stickiness a cookie binds nobody', async () => {
  const backends = [await backend('i-1'), await backend('i-2')];
  const { port } = await balance(() => backends, { sticky: () => false });
  for (let i = 0; i < 4; i++) await view(HERE, port, '/', { cookie: stickinessCookie({ id: 'i-1', port: 1 }) });
  expect(backends.map(({ seen }) => seen.length)).toEqual([2, 2]);
});

test('503 with no routable target, 502 with one that refuses', async () => {
  const refusing = { target: { id: 'i-1', port: await freePort() }, address: HERE };
  let routable: Endpoint[] = [];
  const { port, balancer } = await balance(() => routable);
  expect((await view(HERE, port, '/')).status).toBe(503);
  routable = [refusing];
  expect((await view(HERE, port, '/')).status).toBe(502);
  expect(balancer.takeResponseTimes()).toEqual([{ target: refusing.target, latencyMs: [], serverErrors: 0, connectionErrors: 1 }]);
});

test('response times are those since the last read, with server errors counted', async () => {
  const failing = await backend('i-1', () => 500);
  const { port, balancer } = await balance(() => [failing]);
  await view(HERE, port, '/');
  await view(HERE, port, '/');
  expect(balancer.takeResponseTimes()).toMatchObject([
    { target: failing.target, serverErrors: 2, latencyMs: [expect.any(Number), expect.any(Number)] },
  ]);
  expect(balancer.takeResponseTimes()).toEqual([]);
});

test('a request under way ends with its answer although its target is no longer routable', async () => {
  const held: ServerResponse[] = [];
  const port = await listen(createServer((_, response) => void held.push(response)));
  let routable: Endpoint[] = [{ target: { id: 'i-1', port }, address: HERE }];
  const front = await balance(() => routable);
  const page = view(HERE, front.port, '/');
  while (held.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  routable = [];
  held[0]?.end('late');
  expect((await page).status).toBe(200);
});

test("health checks report ELB's reasons and how often in a row", async () => {
  const well = await backend('i-1');
  const mismatch = await backend('i-2', () => 404);
  const silent = await backend('i-3', () => undefined);
  const gone = { target: { id: 'i-4', port: await freePort() }, address: HERE };
  const results: CheckResult[] = [];
  await balance(() => [], {
    checked: () => [well, mismatch, silent, gone],
    check: { path: '/health', intervalMs: 1100, timeoutMs: 1000 },
    onHealthCheck: (result) => results.push(result),
  });
  while (results.length < 8) await new Promise((resolve) => setTimeout(resolve, 10));
  const ofTarget = (id: string): unknown[] => results.filter(({ target }) => target.id === id).slice(0, 2);
  expect(ofTarget('i-1')).toMatchObject([
    { ok: true, inARow: 1 },
    { ok: true, inARow: 2 },
  ]);
  expect(ofTarget('i-2')).toMatchObject([{ ok: false, reason: 'Target.ResponseCodeMismatch' }, { inARow: 2 }]);
  expect(ofTarget('i-3')).toMatchObject([{ ok: false, reason: 'Target.Timeout' }, { inARow: 2 }]);
  expect(ofTarget('i-4')).toMatchObject([{ ok: false, reason: 'Target.FailedHealthChecks' }, { inARow: 2 }]);
  expect(well.seen[0]).toBe('/health');
});

test('the client view counts failures as slow', async () => {
  const backends = [await backend('i-1'), await backend('i-2', () => 500), await backend('i-3'), await backend('i-4')];
  const { port } = await balance(() => backends);
  const sample = await new Users(HERE, '/api/cart', port).clientSample(20);
  expect(sample.views).toHaveLength(20);
  expect(sample.slowFraction).toBe(0.25);
});

test('users stay with their target until their sessions end', async () => {
  const [first, second] = [await backend('i-1'), await backend('i-2')];
  const { port } = await balance(() => [first, second]);
  const users = new Users(HERE, '/api/cart', port, 1);
  const served = async (endpoint: { seen: string[] }, pages: number): Promise<void> => {
    while (endpoint.seen.length < pages) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  for (let i = 0; i < 2; i++) users.add(stickinessCookie(first.target));
  await served(first, 20);
  expect(second.seen).toEqual([]);
  users.endSessions();
  await served(second, 1);
  await users.stop();
});

test('an access log has each request once: its target, the time to its head, and what it came to', async () => {
  const target = await backend('i-1', (path) => (path === '/never' ? undefined : path === '/broken' ? 500 : 200));
  const { balancer, port } = await balance(() => [target]);
  await fetch(`http://${HERE}:${port}/page`, { headers: { 'user-agent': 'Mozilla/5.0' } });
  await fetch(`http://${HERE}:${port}/broken`);
  await expect(fetch(`http://${HERE}:${port}/never`, { signal: AbortSignal.timeout(100) })).rejects.toThrow('timeout');
  const logged = [...balancer.takeRequests()];
  while (logged.length < 3) {
    await new Promise((resolve) => setImmediate(resolve));
    logged.push(...balancer.takeRequests());
  }
  expect(logged.map(({ path, status }) => [path, status])).toEqual([
    ['/page', 200],
    ['/broken', 500],
    ['/never', 460],
  ]);
  expect(logged[0]).toMatchObject({ target: target.target, address: HERE, userAgent: 'Mozilla/5.0' });
  expect(logged.map(({ targetProcessingS }) => targetProcessingS >= 0)).toEqual([true, true, false]);
  expect(balancer.takeRequests()).toEqual([]);
});
