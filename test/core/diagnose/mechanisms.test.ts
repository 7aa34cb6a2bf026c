/** Mechanisms that were met on services of others, on made-up hosts (synthetic). */
import { diagnose } from '../../../core/diagnose/diagnose';
import type { Diagnosis, Finding } from '../../../core/model';
import { connections, madeHost, processRow, type MadeHost } from './synthetic';

const NOW = 1_700_000_100_000;
const MINUTE = 60_000;
const CRON = '30:sh<20:cron<1:init';
/** No page of metrics, as most software has none. */
const UNTOLD = { metrics: ['#none'] };

function diagnosed(sick: Omit<MadeHost, 'host'>, everywhere: Omit<MadeHost, 'host'> = {}): Diagnosis {
  const peers = ['b', 'c', 'd'].map((host) => madeHost({ host, ...everywhere }));
  return diagnose({ sick: madeHost({ host: 'a', ...sick }), peers, now: NOW });
}

function withoutPool(capture: ReturnType<typeof madeHost>): ReturnType<typeof madeHost> {
  if (!('stdout' in capture)) return capture;
  return { ...capture, stdout: capture.stdout.replaceAll(/^m\t.*\n/gm, '').replace('## metrics ok', '## metrics missing not asked for') };
}

function untold(sick: Omit<MadeHost, 'host'>, everywhere: Omit<MadeHost, 'host'>): Diagnosis {
  const peers = ['b', 'c', 'd'].map((host) => withoutPool(madeHost({ host, ...everywhere })));
  return diagnose({ sick: withoutPool(madeHost({ host: 'a', ...sick })), peers, now: NOW });
}

function first({ findings: [finding] }: Diagnosis): Finding {
  if (finding === undefined) throw new Error('no finding');
  return finding;
}

const SLOW = ['http\tprobe\t/cart\t200\t6000\t2\tcurl', 'http\thealth\t/health\t200\t2000\t2\tcurl'];
const QUICK = { rows: { ...UNTOLD, http: ['http\tprobe\t/cart\t200\t60\t2\tcurl', 'http\thealth\t/health\t200\t5\t2\tcurl'] } };
const row = (pid: number, parents: string, command: string, numbers = {}) =>
  processRow(pid, parents, command, { startedAt: NOW - 5 * MINUTE, ...numbers });

describe('many small processes of one job', () => {
  const tree = Array.from({ length: 8 }, (_, index) =>
    row(100 + index, '90:xargs<80:archive_logs<31:sh<20:cron<1:init', `gzip -9 /var/log/${'abcdefgh'[index]}.log`, { cpuMs: 110 }),
  );
  const parts = [
    row(90, '80:archive_logs<31:sh<20:cron<1:init', 'xargs -P 8 gzip -9'),
    row(80, '31:sh<20:cron<1:init', '/opt/jobs/archive_logs'),
  ];
  const hot = { cpu: ['cpu\t1900\t0\t60\t40\t0\t0\t0\t0', 'load\t9\t9\t9\t9\t0\t1000'] };

  test('are summed, and the root of their tree below cron is named', () => {
    const { cause, culprit, evidence } = first(diagnosed({ rows: { processes: [...tree, ...parts], ...hot } }));
    expect({ cause, pid: culprit?.pid, command: culprit?.command }).toEqual({
      cause: 'cpu-saturation',
      pid: 80,
      command: '/opt/jobs/archive_logs',
    });
    expect(evidence.join()).toContain('9 more of its processes');
  });

  test('are nobody in particular when their peers run the same job', () => {
    const rows = { processes: [...tree, ...parts] };
    expect(first(diagnosed({ rows: { ...rows, ...hot } }, { rows })).culprit).toBeUndefined();
  });

  test('siblings of one crontab line hold a database as one suspect', () => {
    const siblings = [1, 2, 3, 4, 5].map((n) => row(100 + n, '90:xargs<31:sh<20:cron<1:init', `psql -f /opt/part${n}.sql`));
    const rows = {
      processes: [...siblings, row(90, '31:sh<20:cron<1:init', 'xargs -P5 psql -f')],
      sockets: [1, 2, 3, 4, 5].map((n) => connections(100 + n, 1)),
    };
    expect(first(diagnosed({ pool: [20, 20, 40], rows })).culprit?.pid).toBe(90);
  });

  test('runs of one line that overlap are one suspect, the oldest', () => {
    const runs = [1, 2, 3].map((n) => row(40 + n, CRON, '/opt/report --month', { startedAt: NOW - (5 - n) * MINUTE }));
    const rows = { processes: runs, sockets: [1, 2, 3].map((n) => connections(40 + n, 1)) };
    expect(first(diagnosed({ pool: [20, 20, 40], rows })).culprit?.pid).toBe(41);
  });
});

describe('an application that tells nothing of its pool', () => {
  const report = { processes: [row(40, CRON, '/opt/report --month')], sockets: [connections(40, 1)] };

  test('requests that wait, and a job with a connection to the same database: starvation', () => {
    const asleep = ['wait\t10\tdo_poll.constprop.0\t11', 'wait\t10\tfutex_wait_queue\t20'];
    const calm = { rows: { ...QUICK.rows, threads: ['wait\t10\tdo_poll.constprop.0\t1', 'wait\t10\tfutex_wait_queue\t8'] } };
    const { cause, culprit } = first(untold({ rows: { ...UNTOLD, ...report, http: SLOW, threads: asleep } }, calm));
    expect({ cause, pid: culprit?.pid }).toEqual({ cause: 'pool-starvation', pid: 40 });
  });

  test('a slow health check alone is no event loop that stands still', () => {
    const causes = untold({ rows: { ...UNTOLD, http: SLOW } }, QUICK).findings.map(({ cause }) => cause);
    expect(causes).not.toContain('event-loop-block');
  });

  test('threads that wait for one another and not for the database: a leak', () => {
    const asleep = ['wait\t10\tdo_poll.constprop.0\t1', 'wait\t10\tfutex_wait_queue\t28'];
    const calm = { rows: { ...QUICK.rows, threads: ['wait\t10\tdo_poll.constprop.0\t1', 'wait\t10\tfutex_wait_queue\t8'] } };
    expect(first(untold({ rows: { ...UNTOLD, http: SLOW, threads: asleep } }, calm)).cause).toBe('pool-leak');
  });

  test('an application that computes does not wait for anybody', () => {
    const busy = [processRow(10, '1:init', '/usr/bin/node /srv/app.js', { cpuMs: 900 })];
    const rows = { ...UNTOLD, ...report, http: SLOW, processes: [...busy, ...report.processes] };
    expect(untold({ rows }, QUICK).findings.map(({ cause }) => cause)).not.toContain('pool-starvation');
  });
});

describe('a proxy before the application', () => {
  const fpm = (served: number, queue: number) => ({
    sockets: [`unix\t/run/php/shop.sock\t50\t${queue}\t128\t10\t${served + queue}\t${served}\t8`],
    processes: [
      processRow(50, '1:init', 'php-fpm: master process (/etc/php/fpm.conf)'),
      ...Array.from({ length: 8 }, (_, index) => processRow(51 + index, '50:php-fpm<1:init', 'php-fpm: pool shop', { ppid: 50 })),
    ],
  });
  const nginx = '/usr/sbin/nginx';
  const asking = Array.from({ length: 10 }, (_, index) =>
    row(70 + index, '61:xargs<60:export_orders<31:sh<20:cron<1:init', 'curl -s -o /dev/null'),
  );
  const job = [
    ...asking,
    row(61, '60:export_orders<31:sh<20:cron<1:init', 'xargs -P 10 curl'),
    row(60, '31:sh<20:cron<1:init', '/opt/export_orders'),
  ];

  test('its workers behind a Unix socket are the pool, and a job that asks the application itself fills it', () => {
    const [sick, well] = [fpm(8, 24), fpm(2, 0)];
    const rows = {
      ...UNTOLD,
      sockets: [...sick.sockets, ...asking.map((_, index) => `out\t127.0.0.1:8080\tESTABLISHED\t${70 + index}\t1\tcurl`)],
      processes: [...sick.processes, ...job],
      http: SLOW,
    };
    const { cause, culprit, evidence } = first(untold({ app: nginx, rows }, { app: nginx, rows: { ...QUICK.rows, ...well } }));
    expect({ cause, command: culprit?.command }).toEqual({ cause: 'pool-starvation', command: '/opt/export_orders' });
    expect(evidence.join()).toContain('pool 8/8, 24 waiting; peers 2');
  });
});

describe('data on its way', () => {
  const lines = (count: number) => `${connections(10, 7)}\t${count}`;
  const made = (host: string, unacked: number, http: readonly string[]) => {
    const capture = madeHost({ host, rows: { ...UNTOLD, http } });
    return 'stdout' in capture ? { ...capture, stdout: capture.stdout.replace(connections(10, 7), lines(unacked)) } : capture;
  };
  const causes = (unacked: number) => {
    const peers = ['b', 'c', 'd'].map((host) => made(host, 0, QUICK.rows.http));
    return diagnose({ sick: made('a', unacked, SLOW), peers, now: NOW }).findings.map(({ cause }) => cause);
  };

  test('on one connection is a chance of the look, on several a dependency that does not answer', () => {
    expect(causes(1)).not.toContain('slow-dependency');
    expect(causes(4)[0]).toBe('slow-dependency');
  });
});

describe('another address, another size', () => {
  const held = (remote: string) => ['listen\t8080\t0.0.0.0\t10\t0\t511', connections(10, 7, remote)];
  const at = (remote: string, http: readonly string[]) => {
    const made = withoutPool(madeHost({ host: remote === '10.0.1.21:5432' ? 'a' : remote, rows: { http } }));
    return 'stdout' in made ? { ...made, stdout: made.stdout.replace(connections(10, 7), held(remote)[1] ?? '') } : made;
  };

  test('a remote end that no peer has, in place of the one that every peer has, is named with it', () => {
    const peers = ['b', 'c', 'd'].map((host) => ({ ...at('10.0.1.20:5432', QUICK.rows.http), host }));
    const { findings } = diagnose({ sick: at('10.0.1.21:5432', SLOW), peers, now: NOW });
    expect(findings[0]?.cause).toBe('slow-dependency');
    expect(findings[0]?.evidence.join()).toContain('10.0.1.21:5432, where every peer talks to 10.0.1.20:5432');
  });

  test('a heap that is smaller than that of every peer', () => {
    const heap = (mb: number) => ({ app: [`app\t10\tenv:JAVA_OPTS\t-XX:+UseSerialGC -Xms${mb}m -Xmx${mb}m`] });
    const { cause, evidence } = first(untold({ rows: { ...heap(46), http: SLOW } }, { rows: { ...QUICK.rows, ...heap(160) } }));
    expect(cause).toBe('config-drift');
    expect(evidence.join()).toContain('the heap may grow to 46 MB; peers 160 MB');
  });

  test('connections that others closed and the application did not hold it up from a handful on', () => {
    const stuck = { sockets: ['out\t10.0.1.40:9000\tCLOSE_WAIT\t10\t12\tx'], http: SLOW };
    expect(first(untold({ rows: stuck }, QUICK)).cause).toBe('socket-leak');
  });

  test('clients that hung up while their requests waited are the weakest of leads', () => {
    const hungUp = { sockets: ['in\t8080\tCLOSE_WAIT\t24'], http: SLOW };
    const { confidence, against } = first(untold({ rows: hungUp }, QUICK));
    expect(confidence).toBeLessThan(0.4);
    expect(against).toEqual(['clients that hung up while their requests waited look the same']);
  });
});
