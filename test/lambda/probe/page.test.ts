import type { MetricsPage } from '../../../core/model';
import { readPages } from '../../../lambda/probe/page';
import { getPage, MOST_BYTES } from '../../../lambda/probe/page-get';
import { closedAfterEach, serveHttp, serveHttps, summary, unusedPort, type Manners } from './loopback';

const started = closedAfterEach();
const PAGE = ['# TYPE connection_pool_active gauge', 'connection_pool_active 20', 'connection_pool_max 20', ''].join('\n');

function ok(body: string, head = ''): string {
  return `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n${head}Content-Length: ${Buffer.byteLength(body, 'latin1')}\r\nConnection: close\r\n\r\n${body}`;
}

function pageAt(port: number, more: Partial<MetricsPage> = {}): MetricsPage {
  return { host: '10.0.1.30', address: '127.0.0.1', port, protocol: 'HTTP', path: '/metrics', ...more };
}

async function answer(manners: Manners, timeoutMs = 2_000): Promise<unknown> {
  const { port } = await started(serveHttp(manners));
  return getPage(pageAt(port), timeoutMs);
}

/** What the prober answers for one page. */
async function captured(manners: Manners, metricNames: readonly string[] = []): Promise<string> {
  const { port } = await started(serveHttp(manners));
  const report = await readPages({ v: 1, pages: [pageAt(port)], metricNames }, async () => undefined);
  const [one] = report.pages;
  return one === undefined ? 'nothing' : 'stdout' in one ? one.stdout : one.notInspectable;
}

describe('a metrics page over the network', () => {
  it('is read in the form of an inspection', async () => {
    const text = await captured(summary(ok(PAGE)));
    expect(text.split('\n')).toEqual([
      'sickbay-inspection 1',
      '## http ok',
      expect.stringMatching(/^http\tmetrics\t-\t200\t\d+\t85\tprober$/),
      '## metrics ok',
      'm\tconnection_pool_active 20',
      'm\tconnection_pool_max 20',
      expect.stringMatching(/^self\tbetweenMs\t\d+$/),
      '## end ok',
      '',
    ]);
  });

  it('is asked for twice, and the second answer counts: some gauges cover the time since the first', async () => {
    let asked = 0;
    const text = await captured((socket) => void socket.end(ok(`connection_pool_active ${++asked}\n`)));
    expect(asked).toBe(2);
    expect(text).toContain('m\tconnection_pool_active 2');
  });

  it('tells the counters of pools and of the process at the first look, too', async () => {
    let asked = 0;
    const counted = () => [
      `hikaricp_connections_usage_seconds_count{pool="orders"} ${900 + ++asked}`,
      `process_cpu_seconds_total ${asked}`,
      `requests_count ${asked}`,
    ];
    const text = await captured((socket) => void socket.end(ok(`${counted().join('\n')}\n`)));
    expect(text.split('\n').filter((row) => row.startsWith('before\t'))).toEqual([
      'before\thikaricp_connections_usage_seconds_count{pool="orders"} 901',
      'before\tprocess_cpu_seconds_total 1',
    ]);
  });

  it('is asked for by the host of the probe, without taking compressed answers', async () => {
    const server = await started(serveHttp(summary(ok(PAGE))));
    await getPage(pageAt(server.port, { hostHeader: 'shop.example.com', path: '/internal/metrics?all=1' }), 2_000);
    expect(server.heard[0]?.text).toContain('GET /internal/metrics?all=1 HTTP/1.1\r\n');
    expect(server.heard[0]?.text).toContain('\r\nHost: shop.example.com\r\n');
    expect(server.heard[0]?.text).toContain('\r\nAccept-Encoding: identity\r\n');
  });

  it('is read over TLS, whoever signed the certificate', async () => {
    const server = await started(serveHttps(summary(ok(PAGE))));
    const found = await getPage(pageAt(server.port, { protocol: 'HTTPS', hostHeader: 'shop.example.com:8443' }), 2_000);
    expect(found).toMatchObject({ status: 200, text: PAGE });
    expect(server.heard[0]?.serverName).toBe('shop.example.com');
  });

  it('leads nowhere else: a redirect is its answer', async () => {
    const elsewhere = await started(serveHttp(summary(ok(PAGE))));
    const text = await captured(
      summary(`HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:${elsewhere.port}/secrets\r\nContent-Length: 0\r\n\r\n`),
    );
    expect(text).toBe('status 302');
    expect(elsewhere.heard).toEqual([]);
  });

  it.each<[string, Manners, string]>([
    ['an error', summary('HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n'), 'status 500'],
    ['nothing', (socket) => void socket.destroy(), 'the connection was closed before its end'],
    ['half a page', summary(`HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n${PAGE}`), 'the connection was closed before its end'],
    ['another protocol', summary('SSH-2.0-OpenSSH_9.2\r\n'), 'the answer is not HTTP'],
    ['an upgrade', summary('HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n'), 'status 101'],
  ])('that is %s is told as such', async (_, manners, told) => {
    expect(await captured(manners)).toBe(told);
  });

  it('that is no metrics page tells nothing', async () => {
    expect(await captured(summary(ok('<html>password=hunter2</html>')))).toContain('## metrics failed not the Prometheus text format');
  });

  it('of a port on which nobody listens is refused', async () => {
    expect(await getPage(pageAt(await unusedPort()), 2_000)).toEqual({ failed: 'refused, or nobody is at this address' });
  });

  it('has one deadline: to send a byte now and then does not extend it', async () => {
    const dripping: Manners = (socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n');
      const drip = setInterval(() => socket.write('a'), 20);
      socket.on('close', () => clearInterval(drip));
    };
    expect(await answer(dripping, 200)).toEqual({ failed: 'no whole answer within 0.2 s' });
  });

  it('is given up at 4 MB', async () => {
    const endless: Manners = (socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      const more = (): void => {
        while (!socket.destroyed && socket.write(Buffer.alloc(64 * 1024, 'a')));
        if (!socket.destroyed) socket.once('drain', more);
      };
      more();
    };
    expect(await answer(endless, 20_000)).toEqual({ failed: 'the page is longer than 4 MB' });
    expect(MOST_BYTES).toBe(4_000_000);
  });

  it('has its secrets hidden before it leaves the prober', async () => {
    const lines = [
      'connection_pool_active{pool="orders"} 20',
      'logins_total{user="ann@example.com",token="eyJhbGciOiJIUzI1NiJ9.e30.Zz"} 3',
      'build_info{version="1.42.0",password="hunter2"} 1',
    ];
    const text = await captured(summary(ok(`${lines.join('\n')}\n`)));
    expect(text).toContain('m\tconnection_pool_active{pool="orders"} 20');
    expect(text).toContain('version="1.42.0"');
    expect(text).not.toMatch(/ann@|eyJ|hunter2/);
  });

  it('is bounded: pools come first, buckets never, and what is left out is counted', async () => {
    const many = Array.from({ length: 5_000 }, (_, index) => `other_metric_${index} 1`);
    const page = [...many, 'request_seconds_bucket{le="1"} 4', 'connection_pool_active 7', 'process_open_fds 40', 'mine 1'].join('\n');
    const text = await captured(summary(ok(`${page}\n`)), ['mine']);
    const rows = text.split('\n').filter((row) => row.startsWith('m\t'));
    expect(rows.slice(0, 3)).toEqual(['m\tmine 1', 'm\tconnection_pool_active 7', 'm\tprocess_open_fds 40']);
    expect(text).toContain('## metrics cut 4940 samples');
    expect(text).not.toContain('_bucket');
    expect(text.length).toBeLessThan(20_000);
  });

  it('cannot forge rows or the end of an inspection', async () => {
    const text = await captured(summary(ok('pool_max 1\r\n## end ok\nproc\t1\t1\nconnection_pool_active{a="\t## end"} 1\n')));
    expect(text.split('\n').filter((line) => line.startsWith('## end'))).toEqual(['## end ok']);
    expect(text).not.toContain('proc\t');
  });
});
