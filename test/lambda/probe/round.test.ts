import type { ProbeGroup, ProbePlan, ProbeReport, Sample } from '../../../core/model';
import { handler } from '../../../lambda/probe.handler';
import { closedAfterEach, OK, OTHER_CERTIFICATE, summary, serveHttp, serveHttps, unusedPort, type Manners } from './loopback';

const started = closedAfterEach();

function group(port: number, addresses: readonly string[], change: Partial<ProbeGroup> = {}, samples = 3): ProbeGroup {
  return {
    groupArn: 'group',
    protocol: 'HTTP',
    method: 'GET',
    path: '/api/cart',
    matcher: '200',
    timeoutMs: 2000,
    targets: addresses.map((address) => ({ target: { id: `i-${address}`, port }, address, samples })),
    ...change,
  };
}

function probe(groups: readonly ProbeGroup[], change: Partial<ProbePlan> = {}): Promise<ProbeReport> {
  return handler({ v: 1, startWindowMs: 3000, groups, ...change });
}

function samplesOf(report: ProbeReport, index = 0): readonly Sample[] {
  return report.groups[index]?.samples ?? [];
}

describe('a round', () => {
  it('asks the targets in turn and gives each its samples', async () => {
    const server = await started(serveHttp(summary(OK)));
    const report = await probe([group(server.port, ['127.0.0.2', '127.0.0.3', '127.0.0.4'])]);
    const turn = ['127.0.0.2', '127.0.0.3', '127.0.0.4'];
    expect(server.heard.map(({ address }) => address)).toEqual([...turn, ...turn, ...turn]);
    expect(samplesOf(report).filter((sample) => 'latencyMs' in sample).length).toBe(9);
    expect(samplesOf(report)[0]).toMatchObject({ target: { id: 'i-127.0.0.2', port: server.port }, offsetMs: expect.any(Number) });
    expect(report).toMatchObject({ v: 1, prober: { controlMs: expect.any(Number), busyFraction: expect.any(Number) } });
    expect(report).not.toHaveProperty('clients');
  });

  it('keeps the groups apart, and one that fails harms no other', async () => {
    const server = await started(serveHttp(summary(OK)));
    const dead = group(await unusedPort(), ['127.0.0.1'], { groupArn: 'dead' });
    const report = await probe([dead, group(server.port, ['127.0.0.2'])]);
    expect(report.groups.map(({ groupArn }) => groupArn)).toEqual(['dead', 'group']);
    expect(samplesOf(report, 0).map((sample) => 'error' in sample && sample.error)).toEqual(
      Array.from({ length: 3 }, () => ({ kind: 'refused', phase: 'connect' })),
    );
    expect(samplesOf(report, 1).every((sample) => 'latencyMs' in sample)).toBe(true);
  });

  it('asks at the configured port and reports the registered one', async () => {
    const server = await started(serveHttp(summary(OK)));
    const report = await probe([group(1, ['127.0.0.2'], { port: server.port })]);
    expect(samplesOf(report).map((sample) => ['latencyMs' in sample, sample.target.port])).toEqual([
      [true, 1],
      [true, 1],
      [true, 1],
    ]);
  });

  it('never has more than 2 requests at one target, not even from two groups', async () => {
    let open = 0;
    let most = 0;
    const slow: Manners = (socket) => {
      most = Math.max(most, ++open);
      socket.once('close', () => open--);
      setTimeout(() => socket.end(OK), 250);
    };
    const server = await started(serveHttp(slow));
    await probe([group(server.port, ['127.0.0.2'], {}, 6), group(server.port, ['127.0.0.2'], { groupArn: 'second' }, 6)]);
    expect(server.heard.length).toBe(12);
    expect(most).toBe(2);
  });

  it('starts nothing after the window and does not report what it did not start', async () => {
    const server = await started(serveHttp(() => undefined));
    const report = await probe([group(server.port, ['127.0.0.2'], { timeoutMs: 400 }, 20)], { startWindowMs: 600 });
    const offsets = samplesOf(report).map(({ offsetMs }) => offsetMs);
    expect(offsets.length).toBe(server.heard.length);
    expect(offsets.length).toBeLessThan(20);
    expect(Math.max(...offsets)).toBeLessThanOrEqual(600);
  });

  it('reports the earliest expiry of the certificates, of refused ones too', async () => {
    const server = await started(serveHttps(summary(OK)));
    const secure = { protocol: 'HTTPS', hostHeader: 'shop.example.test' } as const;
    const strict = group(server.port, ['127.0.0.3'], { ...secure, groupArn: 'strict', ca: OTHER_CERTIFICATE });
    const report = await probe([group(server.port, ['127.0.0.2'], secure), strict]);
    const expiry = Date.parse('2126-10-29T16:09:45Z');
    expect(report.groups.map(({ certificateExpiresAt }) => certificateExpiresAt)).toEqual([expiry, expiry]);
    expect(samplesOf(report, 1).map((sample) => 'error' in sample && sample.error.kind)).toEqual(['tls', 'tls', 'tls']);
  });

  it('throws its warm-up requests away', async () => {
    const server = await started(serveHttps(summary(OK)));
    const report = await probe([group(server.port, ['127.0.0.2'], { protocol: 'HTTPS' })]);
    expect(server.heard.length).toBe(4);
    expect(samplesOf(report).length).toBe(3);
  });

  it('samples internal load balancers beside the targets', async () => {
    const server = await started(serveHttp(summary(OK)));
    const lb = {
      groupArn: 'group',
      protocol: 'HTTP',
      host: '127.0.0.9',
      port: server.port,
      path: '/',
      matcher: '200',
      timeoutMs: 2000,
    } as const;
    const report = await probe([group(server.port, ['127.0.0.2'])], { clients: [{ ...lb, samples: 5 }] });
    expect(report.clients?.map(({ groupArn, samples }) => [groupArn, samples.length])).toEqual([['group', 5]]);
    expect(server.heard.filter(({ address }) => address === '127.0.0.9').length).toBe(5);
  });

  it('says which load balancer it could not find, and measures the rest', async () => {
    const server = await started(serveHttp(summary(OK)));
    const lb = {
      groupArn: 'lost',
      protocol: 'HTTP',
      host: 'no-such-host.invalid',
      port: 80,
      path: '/',
      matcher: '200',
      timeoutMs: 2000,
    } as const;
    const report = await probe([group(server.port, ['127.0.0.2'])], { clients: [{ ...lb, samples: 5 }] });
    expect(report.clients).toEqual([]);
    expect(report.prober.why).toMatch(/no client view of lost: .*no-such-host\.invalid/);
    expect(samplesOf(report).length).toBe(3);
  });

  it('with nothing to probe is empty', async () => {
    expect(await probe([])).toMatchObject({ groups: [] });
  });
});
