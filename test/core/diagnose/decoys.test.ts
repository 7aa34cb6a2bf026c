import { diagnose } from '../../../core/diagnose/diagnose';
import type { Diagnosis, Finding, HostCapture } from '../../../core/model';
import { redactCommand } from '../../../core/diagnose/redact';
import { connections, madeHost, processRow, type MadeHost } from './synthetic';

/**
 * What an innocent process may look like on a host whose pool, CPU or database is in trouble. All
 * hosts are made up (synthetic).
 */
const NOW = 1_700_000_100_000;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const FULL = [20, 20, 45] as const;
const CRON = '30:sh<20:cron<1:init';
const SHELL = '50:bash<40:sshd<1:init';
const WAITING = 'db\t10\t10.0.9.9:5432\t20\t20\t0\t9000\t0.3\t0';
const CALM = { sockets: ['db\t10\t10.0.9.9:5432\t7\t0\t5\t0\t0.3\t0'] };

function diagnosed(sick: Omit<MadeHost, 'host'>, everywhere: Omit<MadeHost, 'host'> = {}): Diagnosis {
  const peers = ['b', 'c', 'd'].map((host) => madeHost({ host, ...everywhere }));
  return diagnose({ sick: madeHost({ host: 'a', ...sick }), peers, now: NOW });
}

function first({ findings: [finding] }: Diagnosis): Finding {
  if (finding === undefined) throw new Error('no finding');
  return finding;
}

function culprits({ findings }: Diagnosis): string[] {
  return findings.flatMap(({ culprit }) => culprit?.command ?? []);
}

function edited(capture: HostCapture, from: string | RegExp, to: string): HostCapture {
  return 'stdout' in capture ? { ...capture, stdout: capture.stdout.replaceAll(from, to) } : capture;
}

/** A holder of two connections, started some minutes ago. */
function holder(pid: number, command: string, { minutes = 10, parents = CRON, held = 2 } = {}) {
  return { processes: [processRow(pid, parents, command, { startedAt: NOW - minutes * MINUTE })], sockets: [connections(pid, held)] };
}

function both(...parts: { processes: string[]; sockets: string[] }[]) {
  return { processes: parts.flatMap(({ processes }) => processes), sockets: parts.flatMap(({ sockets }) => sockets) };
}

describe('who holds the connections', () => {
  test.each([
    '/usr/bin/python3 -m jobs.monthly --all',
    '/usr/bin/perl -MDBI -e run_report()',
    '/usr/bin/java -Xmx512m -cp /opt/app.jar com.acme.reports.MonthlyReport',
    '/bin/sh -c while :; do psql -f /opt/x.sql; done',
    '/usr/bin/php /var/www/artisan report:monthly',
    '/usr/bin/ruby bin/rails runner Report.run',
    '/opt/Report Generator/bin/generate',
  ])('a job started by hand in any language is named: %s', (command) => {
    const { cause, culprit } = first(diagnosed({ pool: FULL, rows: holder(60, command, { parents: SHELL }) }));
    expect({ cause, command: culprit?.command, parent: culprit?.parent }).toEqual({
      cause: 'pool-starvation',
      command: redactCommand(command),
      parent: 'sshd (pid 40)',
    });
  });

  test('a job that every crontab has, and that runs here alone now, is named with less weight', () => {
    const sick = {
      pool: FULL,
      rows: { ...holder(40, '/opt/sync --all'), cron: ['cron\t/etc/cron.d/sync\tapp\t7 * * * * app /opt/sync --all >/dev/null 2>&1'] },
    };
    const peers = { rows: { cron: ['cron\t/etc/cron.d/sync\tapp\t23 * * * * app /opt/sync --all >/dev/null 2>&1'] } };
    const [elsewhereToo, hereAlone] = [first(diagnosed(sick, peers)), first(diagnosed(sick))];
    expect([elsewhereToo.culprit?.command, hereAlone.culprit?.command]).toEqual(['/opt/sync --all', '/opt/sync --all']);
    expect(elsewhereToo.confidence).toBeLessThan(hereAlone.confidence);
    expect(elsewhereToo.against).toContain('its peers run it too, at another time');
  });

  test('a timer of the same name on the peers says the same', () => {
    const sick = { pool: FULL, rows: holder(40, '/usr/bin/python3 /opt/nightly_sync.py', { parents: '1:systemd' }) };
    const peers = { rows: { cron: ['cron\ttimer\tsystemd\tnightly_sync.timer nightly_sync.service'] } };
    expect(first(diagnosed(sick, peers)).against).toContain('its peers run it too, at another time');
  });

  test('a job of the clock that has been there for weeks is not preferred to one of ten minutes ago', () => {
    const old = holder(40, '/opt/feed --follow', { minutes: 20 * 24 * 60, held: 1 });
    const young = holder(41, '/opt/etl --all', { parents: SHELL });
    expect(first(diagnosed({ pool: FULL, rows: both(old, young) })).culprit?.command).toBe('/opt/etl --all');
  });

  test('one that has been there for weeks, alone, is a weak lead', () => {
    const old = holder(40, '/opt/leader --elect', { minutes: 20 * 24 * 60, parents: '1:init' });
    const { findings } = diagnosed({ pool: FULL, rows: old });
    expect(findings.filter(({ culprit, confidence }) => culprit !== undefined && confidence > 0.9)).toEqual([]);
  });

  test('who came after the wait began has not caused it', () => {
    const late = holder(40, '/usr/bin/psql -c select', { minutes: 0.05, parents: SHELL });
    const rows = { ...late, sockets: [...late.sockets, WAITING] };
    expect(culprits(diagnosed({ pool: FULL, rows }, { rows: CALM }))).toEqual([]);
  });

  test('of two that are alike none is named, and both are told', () => {
    const rows = both(holder(40, '/opt/etl --all'), holder(41, '/opt/export --all', { minutes: 12 }));
    const finding = first(diagnosed({ pool: FULL, rows: { ...rows, sockets: [...rows.sockets, WAITING] } }, { rows: CALM }));
    expect(finding.cause).toBe('pool-starvation');
    expect(finding.culprit).toBeUndefined();
    expect(finding.evidence.join()).toMatch(/cannot be told: .*pid 40 etl.*pid 41 export/);
  });

  test('of two that only this host runs, the one that holds connections is named', () => {
    const idle = processRow(50, CRON, '/opt/compress --all', { cpuMs: 200, startedAt: NOW - 5 * MINUTE });
    const real = holder(41, '/opt/export --all');
    expect(culprits(diagnosed({ pool: FULL, rows: { ...real, processes: [...real.processes, idle] } }))).toEqual(['/opt/export --all']);
  });

  test.each([
    ['/opt/agent --run 4f1c22ab-9b2e-4c1d-8e2f-0a1b2c3d4e5f', '/opt/agent --run 77aa01bd-1c2d-4e3f-9a8b-ffeeddccbbaa'],
    ['/opt/agent --tmp /tmp/run.Xa9fK2', '/opt/agent --tmp /tmp/run.b7Q2zR'],
    ['/opt/agent --host 10.0.1.12 --zone us-east-1a', '/opt/agent --host 10.0.1.10 --zone us-east-1b'],
    ['/usr/local/bin/agent --id i-0c3d4e5f607181912', '/usr/bin/agent --id i-0a1b2c3d4e5f60710'],
  ])('a job that runs everywhere under its own ids is nobody: %s', (here, there) => {
    expect(culprits(diagnosed({ pool: FULL, rows: holder(40, here) }, { rows: holder(70, there) }))).toEqual([]);
  });

  test('the name of a host is no difference, in full or in short, and no part of a path', () => {
    const named = (host: string, fqdn: string) =>
      madeHost({
        host,
        ...(host === 'shop' ? { pool: FULL } : {}),
        rows: { ...holder(40, `/srv/shop/agent --node ${host}`), host: [`host\thostname\t${fqdn}`] },
      });
    const peers = ['blue', 'green'].map((host) => named(host, `${host}.example.com`));
    expect(culprits(diagnose({ sick: named('shop', 'shop.example.com'), peers, now: NOW }))).toEqual([]);
  });

  test('a peer whose processes could not be read may run it too', () => {
    const rows = holder(40, '/opt/etl --all');
    const blind = (host: string) => edited(madeHost({ host }), '## groups ok', '## groups timeout');
    const peers = ['b', 'c'].map((host) => edited(blind(host), /## processes ok\n(?:proc.*\n)+/g, '## processes denied\n'));
    const { findings } = diagnose({ sick: madeHost({ host: 'a', pool: FULL, rows }), peers, now: NOW });
    expect(findings.flatMap(({ culprit }) => culprit ?? [])).toEqual([]);
  });
});

describe('whose connections they are', () => {
  const gunicorn = (pid: number, flags = '') =>
    processRow(pid, '8:gunicorn<1:init', `/usr/bin/python3 /srv/venv/bin/gunicorn${flags} shop.wsgi`, { ppid: 8 });
  const front = (flags: string, job: { processes: string[]; sockets: string[] } = { processes: [], sockets: [] }) => ({
    processes: [11, 12, 13, 14].map((pid) => gunicorn(pid, flags)).concat(job.processes),
    sockets: [11, 12, 13, 14].map((pid) => connections(pid, 5)).concat(job.sockets),
  });
  /** nginx listens and holds no connection to the database. */
  const proxied = (host: string, pool: readonly [number, number, number], rows: MadeHost['rows'] = {}) =>
    edited(madeHost({ host, app: '/usr/sbin/nginx', pool, rows }), /^out\t10\.0\.9\.9:5432\tESTABLISHED\t10\t.*\n/gm, '');

  test('behind a proxy, those who hold most connections are the application, whatever its flags on this host', () => {
    const sick = proxied('a', FULL, front(' --reload', holder(40, '/opt/etl --all')));
    const peers = ['b', 'c'].map((host) => proxied(host, [7, 20, 0], front('')));
    const { findings } = diagnose({ sick, peers, now: NOW });
    expect(findings[0]).toMatchObject({ cause: 'pool-starvation', culprit: { command: '/opt/etl --all' } });
    expect(findings.flatMap(({ culprit }) => culprit?.command ?? []).some((command) => command.includes('gunicorn'))).toBe(false);
  });

  test('behind a proxy, the application itself is never the stranger', () => {
    const sick = proxied('a', FULL, front(' --reload'));
    const peers = ['b', 'c'].map((host) => proxied(host, [7, 20, 0], front('')));
    expect(diagnose({ sick, peers, now: NOW }).findings.flatMap(({ culprit }) => culprit ?? [])).toEqual([]);
  });

  test('an application that is the first process of its container is the application', () => {
    const host = (name: string, flags: string, pool: readonly [number, number, number]) =>
      edited(
        edited(madeHost({ host: name, pool }), /\t10\t/g, '\t1\t'),
        /^proc\t1\t1\t(.*)\t1:init\tnode\t.*\nproc.*\/sbin\/init$/gm,
        `proc\t1\t0\t$1\t-\tnode\t/usr/bin/node /srv/app.js${flags}`,
      );
    const { findings } = diagnose({
      sick: host('a', ' --new', FULL),
      peers: ['b', 'c'].map((name) => host(name, '', [7, 20, 0])),
      now: NOW,
    });
    expect(findings.flatMap(({ culprit }) => culprit ?? [])).toEqual([]);
    expect(findings[0]?.cause).toBe('pool-leak');
  });

  test('workers that share a parent with what listens are the application', () => {
    const worker = (pid: number) => processRow(pid, '9:master<1:init', '/srv/bin/worker', { ppid: 9 });
    const rows = { processes: [worker(11), worker(12)], sockets: [connections(11, 5), connections(12, 5)] };
    const sick = edited(madeHost({ host: 'a', app: '/srv/bin/worker', pool: FULL, rows }), 'proc\t10\t1\t', 'proc\t10\t9\t');
    const peers = ['b', 'c'].map((host) => madeHost({ host, app: '/srv/bin/other' }));
    expect(diagnose({ sick, peers, now: NOW }).findings.flatMap(({ culprit }) => culprit ?? [])).toEqual([]);
  });
});

describe('without metrics', () => {
  const silent = (capture: HostCapture): HostCapture => edited(capture, /## metrics ok\n(?:m\t.*\n)*/g, '## metrics failed status 404\n');
  const told = (rows: MadeHost['rows'], peers: MadeHost['rows']) =>
    diagnose({
      sick: silent(madeHost({ host: 'a', pool: FULL, rows: rows ?? {} })),
      peers: ['b', 'c', 'd'].map((host) => silent(madeHost({ host, rows: peers ?? {} }))),
      now: NOW,
    });

  test('the sockets tell of a stranger on a database for which this host alone waits', () => {
    const job = holder(40, '/opt/etl --all');
    const finding = first(told({ ...job, sockets: [...job.sockets, WAITING] }, CALM));
    expect(finding).toMatchObject({ cause: 'pool-starvation', culprit: { command: '/opt/etl --all' } });
    expect(finding.confidence).toBeLessThan(0.95);
  });

  test('a stranger beside connections that do not wait is only a difference', () => {
    const { findings, differences } = told(holder(40, '/opt/etl --all'), {});
    expect(findings.map(({ cause }) => cause)).toEqual(['unknown']);
    expect(differences.join()).toContain('/opt/etl --all');
  });
});

describe('other causes with an innocent beside them', () => {
  test('a far database is not the doing of a session that is open by chance', () => {
    const session = holder(40, '/usr/bin/psql shop', { parents: SHELL });
    const far = { ...session, sockets: [...session.sockets, 'db\t10\t10.0.9.9:5432\t20\t20\t0\t9000\t80\t3'] };
    const { findings } = diagnosed({ pool: FULL, rows: far }, { rows: CALM });
    expect(findings[0]?.cause).toBe('slow-dependency');
    expect(findings.find(({ culprit }) => culprit !== undefined)?.confidence ?? 0).toBeLessThan(0.75);
  });

  test('steal and a quota are nobody of this host', () => {
    const burning = { processes: [processRow(40, CRON, '/opt/burn', { cpuMs: 500, startedAt: NOW - DAY })] };
    const steal = diagnosed({ rows: { ...burning, cpu: ['cpu\t300\t0\t100\t600\t0\t0\t0\t1000'] } });
    expect(first(steal).cause).toBe('cpu-saturation');
    expect(culprits(steal)).toEqual([]);
    const quota = diagnosed({ rows: { ...burning, cgroup: ['cgroup\tnr_throttled\t900\t8'] } });
    expect(culprits(quota)).toEqual([]);
  });

  test('a little stranger beside an application that burns the CPU is not to blame', () => {
    const rows = {
      processes: [
        processRow(11, '10:node<1:init', '/usr/bin/node /srv/app.js', { cpuMs: 3600, startedAt: NOW - DAY }),
        processRow(40, CRON, '/opt/burn', { cpuMs: 310, startedAt: NOW - MINUTE }),
      ],
      cpu: ['cpu\t3900\t0\t100\t0\t0\t0\t0\t0'],
    };
    expect(culprits(diagnosed({ rows }))).toEqual([]);
  });

  test('a heavy process that every host runs is not to blame', () => {
    const heavy = { processes: [processRow(40, '1:init', '/usr/bin/java -jar /opt/indexer.jar', { cpuMs: 1500 })] };
    const hot = { ...heavy, cpu: ['cpu\t1900\t0\t100\t0\t0\t0\t0\t0'] };
    expect(culprits(diagnosed({ rows: hot }, { rows: heavy }))).toEqual([]);
  });

  test('an application whose loop stands still keeps its pool, and has no leak', () => {
    const rows = {
      sockets: ['db\t10\t10.0.9.9:5432\t20\t0\t20\t0\t0.3\t0'],
      metrics: ['m\tnodejs_eventloop_lag_p99_seconds 1.0'],
      http: ['http\thealth\t/health\t200\t600\t2\tcurl'],
    };
    const calm = { metrics: ['m\tnodejs_eventloop_lag_p99_seconds 0.01'], http: ['http\thealth\t/health\t200\t5\t2\tcurl'] };
    expect(first(diagnosed({ pool: [20, 20, 0], rows }, { rows: calm })).cause).toBe('event-loop-block');
  });

  test('a runtime or kernel of another version is a lead at most', () => {
    const facts = (version: string) => ({
      metrics: [`m\tpython_info{version="${version}"} 1`, `m\tnode_uname_info{release="6.1.${version}"} 1`],
      app: [`app\t10\texe\t/usr/bin/python${version}`],
    });
    const { findings, differences } = diagnosed({ rows: facts('3.12') }, { rows: facts('3.11') });
    expect(findings.map(({ cause, confidence }) => [cause, confidence])).toEqual([['release-drift', 0.36]]);
    expect(differences).toEqual([]);
  });

  test('numbers are compared with peers of the same kind of machine, where there are two, and it is said', () => {
    const of = (host: string, cpus: number, busy: number) =>
      madeHost({ host, rows: { host: [`host\tcpus\t${cpus}`], cpu: [`cpu\t${busy}\t0\t0\t${2000 - busy}\t0\t0\t0\t0`] } });
    const told = (peers: HostCapture[]) => diagnose({ sick: of('a', 2, 1900), peers, now: NOW });
    const mixed = told([of('b', 2, 1850), of('c', 2, 1900), of('d', 16, 100), of('e', 16, 120), of('f', 16, 90)]);
    expect(mixed.findings[0]?.cause).toBe('unknown');
    expect(mixed.notes.join('\n')).toContain('another kind of machine than a (2 CPUs, 7.5 GB): d (16 CPUs, 7.5 GB)');
    expect(told([of('d', 16, 100), of('e', 16, 120)]).notes.join('\n')).toContain('compared with theirs all the same');
  });

  test('a larger machine is no cause, and a smaller one is told', () => {
    const machine = (cpus: number, memoryKb: number) => ({
      host: [`host\tcpus\t${cpus}`, `host\tkernel\t6.${cpus}`],
      memory: [`mem\tMemTotal\t${memoryKb}`],
    });
    expect(first(diagnosed({ rows: machine(8, 32_000_000) }, { rows: machine(4, 16_000_000) })).cause).toBe('unknown');
    const smaller = diagnosed({ rows: machine(2, 4_000_000) }, { rows: machine(4, 16_000_000) });
    expect(first(smaller)).toMatchObject({ cause: 'config-drift', evidence: ['CPUs 2; peers 4', 'memory in GB 4; peers 15.5'] });
  });
});
