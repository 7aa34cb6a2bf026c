import { clientLane, routable, sampleClient, withDeadline } from '../../../lambda/probe/client';
import { LoopGauge } from '../../../lambda/probe/loop-gauge';
import { closedAfterEach, OK, summary, serveHttp } from './loopback';

const started = closedAfterEach();

describe("the client's view", () => {
  const client = { groupArn: 'group', protocol: 'HTTP', path: '/api/cart', matcher: '200', timeoutMs: 300, samples: 8 } as const;

  it('counts what each fresh connection met, without a cookie', async () => {
    let asked = 0;
    const server = await started(
      serveHttp((socket) => {
        if (++asked % 4 !== 0) socket.end(`HTTP/1.1 200 OK\r\nSet-Cookie: AWSALB=sticky\r\nContent-Length: 0\r\n\r\n`);
      }),
    );
    const view = await sampleClient({ ...client, host: 'localhost', port: server.port }, 15_000);
    expect(view.groupArn).toBe('group');
    expect(view.samples.filter((sample) => 'error' in sample)).toEqual([
      { error: { kind: 'timeout', phase: 'wait' } },
      { error: { kind: 'timeout', phase: 'wait' } },
    ]);
    expect(view.samples.length).toBe(8);
    expect(server.heard.every(({ text }) => text.includes(`\r\nHost: localhost\r\n`) && !text.toLowerCase().includes('cookie'))).toBe(true);
  });

  it('asks all addresses of the name in turn', async () => {
    const server = await started(serveHttp(summary(OK)));
    const { lane } = clientLane({ ...client, host: 'lb', port: server.port }, ['127.0.0.2', '127.0.0.3'], new LoopGauge(), 1000);
    for (let sample = 0; sample < 4; sample++) await lane.start(0);
    expect(server.heard.map(({ address }) => address)).toEqual(['127.0.0.2', '127.0.0.3', '127.0.0.2', '127.0.0.3']);
  });

  it('leaves IPv6 alone where there is IPv4', () => {
    const v4 = { address: '10.0.0.1', family: 4 };
    const v6 = { address: 'fd00::1', family: 6 };
    expect(routable([v6, v4])).toEqual(['10.0.0.1']);
    expect(routable([v6])).toEqual(['fd00::1']);
  });

  it('does not wait for ever for a name', async () => {
    const never = new Promise<never>(() => undefined);
    await expect(withDeadline(never, 10, 'lb.example.test')).rejects.toThrow('lb.example.test did not resolve within 10 ms');
  });

  it('rejects when the name does not resolve, instead of giving an empty view', async () => {
    await expect(sampleClient({ ...client, host: 'no-such-host.invalid', port: 80 }, 15_000)).rejects.toThrow(/no-such-host\.invalid/);
  });
});
