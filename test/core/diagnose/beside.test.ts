/**
 * Servers beside the application, and workers of it that do not live long, on made-up hosts
 * (synthetic).
 */
import { diagnose } from '../../../core/diagnose/diagnose';
import { isLead, type Diagnosis, type Finding, type HostCapture } from '../../../core/model';
import { CRON, NOW, QUICK, SLOW, connections, madeHost, row, type MadeHost } from './synthetic';

/** Most software has no page of metrics, and here no connection but those that are told. */
function untold(capture: HostCapture): HostCapture {
  if (!('stdout' in capture)) return capture;
  const stdout = capture.stdout
    .replaceAll(/^m\t.*\n/gm, '')
    .replace('## metrics ok', '## metrics missing not asked for')
    .replace(`${connections(10, 7)}\n`, '');
  return { ...capture, stdout };
}

function diagnosed(sick: MadeHost['rows'], everywhere: MadeHost['rows'] = {}): Diagnosis {
  const peers = ['b', 'c', 'd'].map((host) => untold(madeHost({ host, rows: { http: QUICK, ...everywhere } })));
  return diagnose({ sick: untold(madeHost({ host: 'a', rows: { http: SLOW, ...sick } })), peers, now: NOW });
}

function first({ findings: [finding] }: Diagnosis): Finding {
  if (finding === undefined) throw new Error('no finding');
  return finding;
}

function causes({ findings }: Diagnosis): string[] {
  return findings.filter((one) => !isLead(one)).map(({ cause }) => cause);
}

const asked = (command: string, state = 'S', movedKb = 0) => ({
  sockets: ['listen\t5432\t127.0.0.1\t50\t0\t511', connections(10, 4, '127.0.0.1:5432')],
  processes: [
    row(50, '1:init', command)
      .replace('\tS\t', `\t${state}\t`)
      .replace(/\t0\t0\t1:init/, `\t0\t${movedKb}\t1:init`),
  ],
});

describe('a server beside the application that it asks', () => {
  test('was started with another option than on every peer', () => {
    const { cause, evidence, culprit } = first(diagnosed(asked('memcached -u cache -m 2'), asked('memcached -u cache -m 64')));
    expect({ cause, culprit, evidence: evidence[0] }).toEqual({
      cause: 'config-drift',
      culprit: undefined,
      evidence: "a server of this host that it asks was started with -m 2; no peer's was",
    });
  });

  test('has options of no meaning where the application does not ask it', () => {
    // It asks pid 51, and 50 listens elsewhere.
    const idle = (command: string) => ({
      sockets: ['listen\t5432\t127.0.0.1\t51\t0\t511', 'listen\t9999\t127.0.0.1\t50\t0\t511', connections(10, 4, '127.0.0.1:5432')],
      processes: [...asked(command).processes, row(51, '1:init', 'redis-server')],
    });
    expect(causes(diagnosed(idle('memcached -u cache -m 2'), idle('memcached -u cache -m 64')))).toEqual(['unknown']);
  });

  test('has a file of its configuration that was changed here alone', () => {
    const files = (size: number) => ({ files: [`app\t10\tchanged:${size}\t/etc/memcached.conf`] });
    const server = asked('memcached -u cache');
    const { evidence, confidence } = first(diagnosed({ ...server, ...files(90) }, { ...server, ...files(80) }));
    expect(evidence[0]).toContain('/etc/memcached.conf (90 bytes');
    expect(confidence).toBeGreaterThan(0.5);
  });

  test('sleeps for a disk while requests wait, and on no peer it does', () => {
    const { cause, culprit, evidence } = first(diagnosed(asked('redis-server', 'D', 80), asked('redis-server')));
    expect({ cause, culprit }).toEqual({ cause: 'disk-io', culprit: undefined });
    expect(evidence.join()).toContain('pid 50 redis-server, which serves its requests, sleeps for a disk');
  });

  test.each([
    ['moves no more than on its peers', asked('redis-server', 'D'), asked('redis-server')],
    ['sleeps so on a peer as well', asked('redis-server', 'D', 80), asked('redis-server', 'D', 10)],
    ['answers a page that is quick', { ...asked('redis-server', 'D', 80), http: QUICK }, asked('redis-server')],
    [
      'is met while the application waits for a file system that others serve',
      { ...asked('redis-server', 'D', 80), threads: ['wait\t10\trequest_wait_answer\t4'] },
      { ...asked('redis-server'), threads: ['wait\t10\tdo_poll\t4'] },
    ],
  ])('sleeps by chance where it %s', (_, sick, everywhere) => {
    expect(causes(diagnosed(sick, everywhere))).not.toContain('disk-io');
  });

  describe('that asks a server of another host in turn', () => {
    const upstream = (count: number, used: number, http = SLOW, kept = 12) => ({
      http,
      sockets: [
        'listen\t5432\t127.0.0.1\t50\t0\t128',
        connections(10, kept, '127.0.0.1:5432'),
        `db\t10\t127.0.0.1:5432\t${kept}\t0\t${kept - used}\t0\t0.1\t0`,
        connections(50, count, '10.0.9.9:5432'),
      ],
      processes: [row(50, '1:init', 'pgbouncer /etc/pgbouncer.ini')],
    });

    test('by fewer connections than on any peer, while requests wait for it: it lets less through', () => {
      const { cause, culprit, evidence } = first(diagnosed(upstream(1, 12), upstream(6, 4, QUICK)));
      expect({ cause, culprit, evidence: evidence[0] }).toEqual({
        cause: 'config-drift',
        culprit: undefined,
        evidence: 'connections of x, which the application asks, to 10.0.9.9:5432: 1; peers 6',
      });
    });

    test('by fewer, which speaks against an end that is slow', () => {
      const waits = { threads: ['wait\t10\tdo_poll\t12'] };
      const found = diagnosed({ ...upstream(1, 12), ...waits }, { ...upstream(6, 4, QUICK), threads: ['wait\t10\tdo_poll\t4'] });
      expect(causes(found)).toEqual(['config-drift']);
    });

    test.each([
      ['nearly as many', upstream(4, 12), upstream(6, 4, QUICK)],
      ['one in place of three', upstream(1, 12), upstream(3, 4, QUICK)],
      ['fewer where no request waits', upstream(1, 12, QUICK), upstream(6, 4, QUICK)],
      ['fewer where the application waits for something else', upstream(1, 1), upstream(6, 4, QUICK)],
    ])('by %s is chance', (_, sick, everywhere) => {
      expect(causes(diagnosed(sick, everywhere))).not.toContain('config-drift');
    });

    test('by fewer than peers have that differ among themselves is chance', () => {
      const peers = [6, 9, 14].map((count, index) => untold(madeHost({ host: `p${index}`, rows: upstream(count, 4, QUICK) })));
      expect(causes(diagnose({ sick: untold(madeHost({ host: 'a', rows: upstream(1, 12) })), peers, now: NOW }))).not.toContain(
        'config-drift',
      );
    });
  });

  test('is what the threads of the application wait for where it asks nobody else', () => {
    const sleeps = (count: number) => ({ ...asked('redis-server'), threads: [`wait\t10\twait_woken\t${count}`] });
    const { cause, evidence } = first(diagnosed(sleeps(8), sleeps(1)));
    expect({ cause, evidence: evidence[0] }).toEqual({
      cause: 'slow-dependency',
      evidence: "the application's threads that sleep for data of a socket: 8; peers 1; it is connected to port 5432 of this host alone",
    });
  });

  test('knows less, so that the database is asked for what its peers have at hand', () => {
    const used = (idle: number) => [`db\t10\t10.0.9.9:5432\t8\t0\t${idle}\t0\t0.5\t0`];
    const [cold, warm] = [asked('memcached -m 2'), asked('memcached -m 64')];
    const of = (server: typeof cold, idle: number) => ({ ...server, sockets: [...server.sockets, connections(10, 8), ...used(idle)] });
    const { cause, evidence } = first(diagnosed(of(cold, 0), of(warm, 8)));
    expect(cause).toBe('config-drift');
    expect(evidence).toContain('connections to 10.0.9.9:5432 that are idle: 0 %; peers 100 %');
    const others = [
      diagnosed(of(cold, 8), of(warm, 8)),
      diagnosed({ ...of(cold, 0), http: QUICK }, of(warm, 8)),
      diagnosed(of(cold, 0), of(warm, 0)),
    ];
    for (const diagnosis of others) expect(first(diagnosis).evidence.join()).not.toContain('are idle');
  });
});

describe('several processes of the application that sleep for a disk', () => {
  const worker = (pid: number, state: string) =>
    row(pid, '10:server<1:init', '/usr/bin/node /srv/app.js', { ppid: 10 }).replace('\tS\t', `\t${state}\t`);
  const workers = (...states: readonly string[]) => ({ processes: states.map((state, index) => worker(61 + index, state)) });
  const job = row(70, CRON, '/opt/verify_media').replace(/\t0\t0\t31:sh/, '\t21504\t0\t31:sh');

  test('are no chance, and the job that reads most is named', () => {
    const sick = workers('D', 'S', 'D');
    const { cause, culprit, evidence } = first(diagnosed({ processes: [...sick.processes, job] }, workers('S', 'S', 'S')));
    expect({ cause, culprit: culprit?.command }).toEqual({ cause: 'disk-io', culprit: '/opt/verify_media' });
    expect(evidence[0]).toBe('processes that serve its requests and sleep for a disk: 2; peers 0');
  });

  test('say nothing where they do so on the peers', () => {
    expect(causes(diagnosed(workers('D', 'S', 'D'), workers('D', 'D', 'S')))).not.toContain('disk-io');
  });
});

describe('a module that every peer has loaded and this host has not', () => {
  const modules = (...names: readonly string[]) => names.map((name) => `app\t10\tmodule\t${name}`);
  const busy = (cpuMs: number) => [row(11, '10:server<1:init', '/usr/bin/node /srv/app.js', { ppid: 10, cpuMs })];
  const [lacking, loaded] = [{ app: modules('pdo') }, { app: modules('pdo', 'opcache') }];

  test('is told where the application computes more', () => {
    const { cause, evidence } = first(diagnosed({ ...lacking, processes: busy(900) }, { ...loaded, processes: busy(10) }));
    expect({ cause, evidence: evidence[0] }).toEqual({
      cause: 'config-drift',
      evidence: "every peer's application has loaded opcache, and this one has not",
    });
  });

  test('may come yet where it computes little', () => {
    expect(causes(diagnosed(lacking, loaded))).toEqual(['unknown']);
  });
});

describe('workers that are all much younger than their server', () => {
  const MB = 2 ** 20;
  const pool = (serverS: number, workerS: number) => [
    row(40, '1:init', 'gunicorn app:app', { startedAt: NOW - serverS * 1000 }),
    row(41, '40:gunicorn<1:init', 'gunicorn app:app', { ppid: 40, startedAt: NOW - workerS * 1000 }),
  ];
  const host = (processes: readonly string[], limitMb: number, more: readonly string[] = []) => ({
    processes,
    sockets: ['listen\t8080\t0.0.0.0\t40\t0\t511'],
    cgroup: [`cgroup\tmemory.current\t${70 * MB}\t-`, `cgroup\tmemory.max\t${limitMb * MB}\t-`, ...more],
  });
  const told = (diagnosis: Diagnosis) => JSON.stringify([diagnosis.findings, diagnosis.differences]);
  const AGAIN = 'its oldest worker was started 17 s ago, 583 s after the server itself; on no peer the workers were started again';

  test('and a lower limit of memory than every peer has are what ends them', () => {
    const { cause, evidence } = first(diagnosed(host(pool(600, 17), 110), host(pool(600, 599), 500)));
    expect({ cause, evidence }).toEqual({
      cause: 'config-drift',
      evidence: ['its control group may use memory of 110 MB; peers 500 MB', AGAIN],
    });
  });

  test('and processes that were killed in its control group are a want of memory', () => {
    const killed = (count: number) => [`cgroup\tmemory.events.oom_kill\t${count}\t-`];
    const { cause, evidence } = first(diagnosed(host(pool(600, 17), 500, killed(8)), host(pool(600, 599), 500, killed(0))));
    expect({ cause, evidence }).toEqual({
      cause: 'memory-pressure',
      evidence: ['processes killed for want of memory since boot 8; peers 0', AGAIN],
    });
  });

  test('explain nothing by themselves: a server was told to reload', () => {
    const diagnosis = diagnosed(host(pool(600, 17), 500), host(pool(600, 599), 500));
    expect(causes(diagnosis)).toEqual(['unknown']);
    expect(told(diagnosis)).toContain(AGAIN);
  });

  test.each([
    ['are so on a peer as well', pool(600, 17), pool(600, 20)],
    ['have long been there', pool(6000, 3000), pool(600, 599)],
    ['came with their server', pool(20, 17), pool(600, 599)],
    [
      'are more than it began with',
      [...pool(600, 599), row(42, '40:gunicorn<1:init', 'gunicorn app:app', { ppid: 40, startedAt: NOW - 5000 })],
      pool(600, 599),
    ],
  ])('are not told where they %s', (_, sick, everywhere) => {
    expect(told(diagnosed(host(sick, 110), host(everywhere, 500)))).not.toContain('oldest worker');
  });
});
