import { framed } from '../../lambda/probe/grpc';
import { exchange } from '../../lambda/probe/exchange';
import { LoopGauge } from '../../lambda/probe/loop-gauge';
import { requestsOf } from '../../lambda/probe/request';
import { CALL, callView, HEALTH_CALL } from '../../lab/fleet/calls';
import { LoadBalancer, stickinessCookie, type CheckResult, type Endpoint, type LoadBalancerOptions } from '../../lab/fleet/load-balancer';
import { unusedPort } from '../lambda/probe/loopback';
import { answerLater, GRPC_OK, serveHttp2, type Loopback2, type Manners2 } from '../lambda/probe/loopback-http2';

const HERE = '127.0.0.1';
const opened: { close(): Promise<void> }[] = [];

afterEach(() => Promise.all(opened.splice(0).map((one) => one.close())));

async function target(id: string, manners: Manners2): Promise<Endpoint & { readonly served: Loopback2 }> {
  const served = await serveHttp2(manners);
  opened.push(served);
  return { target: { id, port: served.port }, address: HERE, served };
}

const serving: Manners2 = (stream) => answerLater(stream, framed(Buffer.from('page')));
const refusing: Manners2 = (stream) => stream.respond({ ...GRPC_OK, 'grpc-status': '14' }, { endStream: true });

async function balance(
  endpoints: readonly Endpoint[],
  extra: Partial<LoadBalancerOptions> = {},
): Promise<{ balancer: LoadBalancer; port: number }> {
  const port = await unusedPort();
  const none = { checked: () => [], check: { path: HEALTH_CALL, intervalMs: 60_000, timeoutMs: 100 }, onHealthCheck: () => undefined };
  const balancer = new LoadBalancer({ routable: () => endpoints, ...none, sticky: () => true, address: HERE, port, calls: true, ...extra });
  opened.unshift({ close: () => balancer.stop() });
  await balancer.start();
  return { balancer, port };
}

test('a call goes through with its message, its status and a cookie that binds the next one', async () => {
  const [a, b] = [await target('i-1', serving), await target('i-2', serving)];
  const { port, balancer } = await balance([a, b]);
  const page = await callView(HERE, port, `${CALL}?user=7`);
  expect(page.status).toBe(200);
  expect(a.served.heard[0]).toMatchObject({ headers: { ':path': CALL }, body: framed(Buffer.from('7')) });
  for (let i = 0; i < 3; i++) await callView(HERE, port, CALL, { cookie: stickinessCookie(b.target) });
  expect([a.served.heard.length, b.served.heard.length]).toEqual([1, 3]);
  expect(balancer.takeResponseTimes().map(({ target: { id }, latencyMs }) => [id, latencyMs.length])).toEqual([
    ['i-1', 1],
    ['i-2', 3],
  ]);
});

test('the prober measures through it as a client does', async () => {
  const { port } = await balance([await target('i-1', serving), await target('i-2', refusing)], { sticky: () => false });
  const request = requestsOf({ protocol: 'HTTPS', version: 'GRPC', method: 'GET', path: CALL, matcher: '0', timeoutMs: 5000 })(HERE, port);
  expect(await exchange(request, new LoopGauge())).toHaveProperty('latencyMs');
  expect(await exchange(request, new LoopGauge())).toMatchObject({ error: { kind: 'status', status: 14 } });
});

test('without a target, or with one that is gone, a call fails', async () => {
  const { port } = await balance([]);
  expect((await callView(HERE, port, CALL)).status).toBe(0);
  const gone = { target: { id: 'i-1', port: await unusedPort() }, address: HERE };
  const front = await balance([gone]);
  expect((await callView(HERE, front.port, CALL)).status).toBe(0);
  expect(front.balancer.takeResponseTimes()[0]).toMatchObject({ connectionErrors: 1 });
});

test('health is checked by a call', async () => {
  const targets = [await target('i-1', serving), await target('i-2', refusing), await target('i-3', () => undefined)];
  const results: CheckResult[] = [];
  await balance([], {
    checked: () => targets,
    check: { path: HEALTH_CALL, intervalMs: 60_000, timeoutMs: 100 },
    onHealthCheck: (result) => results.push(result),
  });
  while (results.length < 3) await new Promise((resolve) => setTimeout(resolve, 10));
  const of = (id: string) => results.find((result) => result.target.id === id);
  expect(of('i-1')).toMatchObject({ ok: true });
  expect(of('i-2')).toMatchObject({ ok: false, reason: 'Target.ResponseCodeMismatch' });
  expect(of('i-3')).toMatchObject({ ok: false, reason: 'Target.Timeout' });
});
