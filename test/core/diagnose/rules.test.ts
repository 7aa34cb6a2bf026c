import { diagnose } from '../../../core/diagnose/diagnose';
import type { Diagnosis, Finding } from '../../../core/model';
import { connections, madeHost, processRow, type MadeHost } from './synthetic';

const NOW = 1_700_000_100_000;

function diagnosed(sick: Omit<MadeHost, 'host'>, everywhere: Omit<MadeHost, 'host'> = {}): Diagnosis {
  const peers = ['b', 'c', 'd'].map((host) => madeHost({ host, ...everywhere }));
  return diagnose({ sick: madeHost({ host: 'a', ...sick }), peers, now: NOW });
}

function first(diagnosis: Diagnosis): Finding {
  const [finding] = diagnosis.findings;
  if (finding === undefined) throw new Error('no finding');
  return finding;
}

const FULL = [20, 20, 45] as const;
const CRON = '30:sh<20:cron<1:init';
const job = (pid: number, command: string, numbers = {}) => ({
  processes: [processRow(pid, CRON, command, numbers)],
  sockets: [connections(pid, 2)],
});

describe('pool starvation (synthetic)', () => {
  test.each([
    '/usr/bin/python3 /opt/jobs/report.py --month',
    '/usr/bin/ruby /opt/jobs/report.rb',
    '/usr/bin/java -jar /opt/report.jar',
    '/usr/bin/psql -f /opt/report.sql',
    '/usr/bin/perl /opt/report.pl',
    '/opt/report',
  ])('a job in any language is the culprit: %s', (command) => {
    const finding = first(
      diagnosed({ pool: FULL, rows: { ...job(40, command), cron: [`cron\t/etc/crontab\troot\t10 2 1 * * root ${command}`] } }),
    );
    expect(finding).toMatchObject({
      cause: 'pool-starvation',
      culprit: { pid: 40, command, parent: 'cron (pid 20)', cron: `10 2 1 * * root ${command}` },
    });
  });

  test('a job that peers run too is no culprit, whatever its pid, dates and ids', () => {
    const here = job(40, '/opt/sync --since 2024-05-01 --run 8f14e45fceea167a');
    const there = job(77, '/opt/sync --since 2024-05-02 --run c9f0f895fb98ab91');
    const { findings } = diagnosed({ pool: FULL, rows: here }, { rows: there });
    expect(findings.every(({ culprit }) => culprit === undefined)).toBe(true);
    expect(findings.some(({ cause }) => cause === 'pool-starvation')).toBe(false);
  });

  test('a job that names the host it runs on is still the same job', () => {
    const peers = ['b', 'c'].map((host) =>
      madeHost({ host: `web-${host}`, rows: { ...job(70, `/opt/agent --host web-${host}`), host: [`host\thostname\tweb-${host}`] } }),
    );
    const sick = madeHost({ host: 'web-a', pool: FULL, rows: { ...job(40, '/opt/agent --host web-a'), host: ['host\thostname\tweb-a'] } });
    expect(diagnose({ sick, peers, now: NOW }).findings.every(({ culprit }) => culprit === undefined)).toBe(true);
  });

  test('the crontab line is the one that runs the culprit, not one that shares a word with it', () => {
    const command = '/usr/bin/psql -d shop -f /opt/monthly.sql';
    const carrier = processRow(30, '20:cron<1:init', `/bin/sh -c ${command} > /dev/null`);
    const cron = [
      'cron\t/etc/crontab\troot\t0 1 * * * root pg_dump shop',
      `cron\t/etc/cron.d/x\tapp\t0 2 1 * * app ${command} > /dev/null`,
    ];
    const rows = { processes: [carrier, processRow(40, '30:sh<20:cron<1:init', command)], sockets: [connections(40, 2)], cron };
    expect(first(diagnosed({ pool: FULL, rows })).culprit?.cron).toBe(`0 2 1 * * app ${command} > /dev/null`);
    expect(first(diagnosed({ pool: FULL, rows: { ...rows, cron: cron.slice(0, 1) } })).culprit?.cron).toBeUndefined();
  });

  test('a timer is found by the name of its unit', () => {
    const rows = {
      ...job(40, '/usr/bin/python3 /opt/monthly_report.py'),
      cron: ['cron\ttimer\tsystemd\tmonthly_report.timer monthly_report.service'],
    };
    expect(first(diagnosed({ pool: FULL, rows })).culprit?.cron).toBe('monthly_report.timer monthly_report.service');
  });

  test('a decoy that holds no connection is no culprit', () => {
    const decoy = processRow(50, CRON, '/usr/bin/python3 /opt/jobs/report_decoy.py', { cpuMs: 5 });
    const real = job(40, '/opt/etl --all');
    const finding = first(diagnosed({ pool: FULL, rows: { processes: [decoy, ...real.processes], sockets: real.sockets } }));
    expect(finding.culprit?.command).toBe('/opt/etl --all');
  });

  test('a full pool of which only the application holds connections is a leak, and a lone process beside it is not blamed', () => {
    const { findings } = diagnosed({ pool: FULL, rows: { processes: [processRow(50, CRON, '/opt/harmless')] } });
    expect(findings.map(({ cause, culprit }) => [cause, culprit])).toEqual([['pool-leak', undefined]]);
  });

  test('connections that lie idle in the hands of the application speak against a stranger', () => {
    const rows = { ...job(40, '/usr/bin/psql'), sockets: [connections(40, 1), 'db\t10\t10.0.9.9:5432\t20\t0\t20\t0\t0.2\t0'] };
    expect(first(diagnosed({ pool: FULL, rows })).cause).toBe('pool-leak');
  });

  test("the application's own workers are the application: their connections are its own", () => {
    const worker = processRow(11, '10:node<1:init', '/usr/bin/node /srv/app.js');
    const rows = { processes: [worker], sockets: [connections(11, 5), 'db\t11\t10.0.9.9:5432\t5\t0\t5\t0\t0.2\t0'] };
    const finding = first(diagnosed({ pool: FULL, rows }));
    expect(finding).toMatchObject({ cause: 'pool-leak' });
    expect(finding.evidence.join('\n')).toContain("5 of the application's 5 connections have had their answer");
  });

  test("a job with room in the pool is nobody's problem", () => {
    expect(diagnosed({ rows: job(40, '/opt/etl --all') }).findings.map(({ cause }) => cause)).toEqual(['unknown']);
  });

  test("a culprit's secrets are not told", () => {
    const finding = first(diagnosed({ pool: FULL, rows: job(40, '/opt/etl --password=hunter2 postgres://u:hunter2@db/x') }));
    expect(JSON.stringify(finding)).not.toContain('hunter2');
  });
});

describe('what namespaces cannot isolate (synthetic)', () => {
  test('steal on this host only is CPU that the hypervisor took', () => {
    const finding = first(diagnosed({ rows: { cpu: ['cpu\t300\t0\t100\t600\t0\t0\t0\t1000'] } }));
    expect(finding).toMatchObject({ cause: 'cpu-saturation' });
    expect(finding.evidence[0]).toBe('CPU taken by the hypervisor (steal) 50 %; peers 0 %');
  });

  test("steal on every host is nobody's difference", () => {
    const cpu = ['cpu\t300\t0\t100\t600\t0\t0\t0\t1000'];
    expect(first(diagnosed({ rows: { cpu } }, { rows: { cpu } })).cause).toBe('unknown');
  });

  test('a throttled cgroup is CPU that a quota took', () => {
    const finding = first(
      diagnosed({ rows: { cgroup: ['cgroup\tnr_throttled\t900\t8'] } }, { rows: { cgroup: ['cgroup\tnr_throttled\t3\t0'] } }),
    );
    expect(finding).toMatchObject({ cause: 'cpu-saturation', evidence: ['periods throttled by the CPU quota 8; peers 0'] });
  });

  test('OOM kills with memory gone are memory pressure, and the one large stranger is named', () => {
    const memory = ['mem\tMemAvailable\t200000', 'vm\toom_kill\t1\t3'];
    const finding = first(diagnosed({ rows: { memory, processes: [processRow(60, CRON, '/opt/etl --all', { rssKb: 4_000_000 })] } }));
    expect(finding).toMatchObject({ cause: 'memory-pressure', culprit: { pid: 60 } });
    expect(finding.confidence).toBeGreaterThanOrEqual(0.9);
  });

  test('swapping and I/O stalls here only are told', () => {
    expect(first(diagnosed({ rows: { memory: ['vm\tpswpin\t900\t900', 'vm\tpswpout\t900\t900'] } })).cause).toBe('memory-pressure');
    expect(
      first(
        diagnosed(
          { rows: { pressure: ['pressure\tio\tfull\t40\t500'], cpu: ['pressure\tio\tfull\t40.00\t500'] } },
          { rows: { cpu: ['pressure\tio\tfull\t0.00\t0'] } },
        ),
      ).cause,
    ).toBe('disk-io');
  });
});

describe('the other causes (synthetic)', () => {
  test('a tracer on the application is the culprit', () => {
    const app = processRow(10, '1:init', '/usr/bin/node /srv/app.js', { tracer: 90 });
    const rows = { processes: [app, processRow(90, '80:bash<1:init', '/usr/bin/strace -p 10')] };
    const made = madeHost({ host: 'a', rows });
    const sick =
      'stdout' in made ? { ...made, stdout: made.stdout.replace(`${processRow(10, '1:init', '/usr/bin/node /srv/app.js')}\n`, '') } : made;
    const { findings } = diagnose({ sick, peers: ['b', 'c'].map((host) => madeHost({ host })), now: NOW });
    expect(findings[0]).toMatchObject({ cause: 'tracer-attached', culprit: { pid: 90, command: '/usr/bin/strace -p 10' } });
  });

  test('a loop that stands still for want of a CPU is not said to be busy with itself, whoever has the CPU', () => {
    const loop = (lagS: number, cpuMs: number, waitMs: number) => ({
      rows: { metrics: [`m\tnodejs_eventloop_lag_p99_seconds ${lagS}`], threads: [`thread\t10\t10\tnode\tR\t${cpuMs}\t${waitMs}\t500`] },
    });
    const blocked = (cpuMs: number, waitMs: number) =>
      diagnosed(loop(0.9, cpuMs, waitMs), loop(0.01, 20, 10)).findings.find(({ cause }) => cause === 'event-loop-block')?.confidence ?? 0;
    expect(blocked(480, 10)).toBeGreaterThanOrEqual(0.9);
    expect(blocked(20, 450)).toBeLessThan(0.5);
    expect(blocked(20, 10)).toBeGreaterThan(0.5);
    expect(blocked(270, 175)).toBeGreaterThan(0.5);
  });

  describe('a loop that a job keeps busy with what it asks for', () => {
    const BUSY = ['thread\t10\t10\tnode\tR\t490\t5\t500'];
    const asking = (ageMs: number, parents = CRON) => ({
      processes: [
        processRow(40, parents, '/bin/sh /opt/jobs/check_search', { startedAt: NOW - ageMs }),
        processRow(41, `40:check_search<${parents}`, 'curl -s http://127.0.0.1:8080/', { startedAt: NOW - 300, ppid: 40 }),
      ],
      sockets: ['out\t127.0.0.1:8080\tESTABLISHED\t41\t1\tcurl'],
    });
    const found = (sick: MadeHost['rows'], everywhere: MadeHost['rows'] = {}) => {
      const quiet = { threads: ['thread\t10\t10\tnode\tS\t10\t5\t500'], ...everywhere };
      return diagnosed({ rows: { threads: BUSY, ...sick } }, { rows: quiet }).findings.find(({ cause }) => cause === 'event-loop-block');
    };

    test('names the job, which this host alone runs', () => {
      const finding = found(asking(60_000));
      expect(finding?.culprit?.command).toBe('/bin/sh /opt/jobs/check_search');
      expect(finding?.evidence.join()).toContain('pid 40 check_search asks it, started');
    });

    test('names it as well where several processes of the application are busy', () => {
      const serving = (cpuMs: number) =>
        [0, 1].map((one) => processRow(11 + one, '10:node<1:init', '/usr/bin/node /srv/app.js', { cpuMs }));
      const rows = (cpuMs: number, more: ReturnType<typeof asking>) => ({ ...more, processes: [...serving(cpuMs), ...more.processes] });
      const finding = (more: ReturnType<typeof asking>) =>
        diagnosed({ rows: rows(950, more) }, { rows: { processes: serving(100) } }).findings.find(
          ({ cause }) => cause === 'cpu-saturation',
        );
      expect(finding(asking(60_000))).toMatchObject({ culprit: { command: '/bin/sh /opt/jobs/check_search' }, against: [] });
      const alone = finding({ processes: [], sockets: [] });
      expect(alone?.culprit).toBeUndefined();
      expect(alone?.against.join()).toContain('it is the application itself that uses the CPU');
    });

    test('names it by the connections that its programs left, which no peer has', () => {
      const [script = ''] = asking(60_000).processes;
      const left = (count: number) => ({ sockets: [`out\t127.0.0.1:8080\tTIME_WAIT\t-\t${count}\t-`] });
      const of = (here: number, everywhere = {}) => found({ processes: [script], ...left(here) }, everywhere)?.culprit?.command;
      expect([of(9), of(2), of(9, left(3))]).toEqual(['/bin/sh /opt/jobs/check_search', undefined, undefined]);
    });

    test.each([
      ['has just begun, as one does that looks once a minute', asking(2_000), {}],
      ['was not started by the clock', asking(60_000, '20:bash<1:init'), {}],
      ['runs on the peers, too', asking(60_000), asking(60_000)],
      ['asks for nothing just now', { processes: asking(60_000).processes }, {}],
    ])('names nobody where it %s', (_, sick, everywhere) => {
      expect(found(sick, everywhere)).toMatchObject({ cause: 'event-loop-block' });
      expect(found(sick, everywhere)?.culprit).toBeUndefined();
    });
  });

  test('a hog is the culprit only where it runs alone and there is too little CPU', () => {
    const burning = {
      processes: [processRow(40, CRON, '/opt/burn', { cpuMs: 1900, startedAt: NOW - 60_000 })],
      cpu: ['cpu\t1900\t0\t100\t0\t0\t0\t0\t0'],
    };
    expect(first(diagnosed({ rows: burning }))).toMatchObject({ cause: 'cpu-saturation', culprit: { pid: 40 } });
    expect(first(diagnosed({ rows: burning }, { rows: burning })).culprit).toBeUndefined();
    expect(first(diagnosed({ rows: { processes: [processRow(40, CRON, '/opt/burn', { cpuMs: 300 })] } })).cause).toBe('unknown');
  });

  test('a smaller pool that is full is configuration', () => {
    expect(first(diagnosed({ pool: [5, 5, 9] })).cause).toBe('config-drift');
  });

  test('a far database is a slow dependency of this host', () => {
    const far = { sockets: ['db\t10\t10.0.9.9:5432\t7\t7\t0\t4000\t80\t3'] };
    const near = { sockets: ['db\t10\t10.0.9.9:5432\t7\t0\t0\t0\t0.3\t0'] };
    expect(first(diagnosed({ pool: FULL, rows: far }, { rows: near })).cause).toBe('slow-dependency');
  });

  test('an accept queue that overflows here only is told', () => {
    expect(
      first(diagnosed({ rows: { net: ['net\tListenOverflows\t30\t900'] } }, { rows: { net: ['net\tListenOverflows\t0\t0'] } })).cause,
    ).toBe('accept-queue-overflow');
  });

  test("a full file table of the whole system is told, also where the application's own limit is far", () => {
    const table = (open: number) => ({ host: [`host\tfilesOpen\t${open}`, 'host\tfilesMax\t100000'] });
    const finding = first(diagnosed({ rows: table(99_000) }, { rows: table(4_000) }));
    expect(finding).toMatchObject({ cause: 'fd-exhaustion', evidence: ["in use of the whole system's file table 99 %; peers 4 %"] });
  });

  test('sockets that nobody closes are a leak', () => {
    expect(first(diagnosed({ rows: { sockets: ['out\t10.0.9.8:443\tCLOSE_WAIT\t10\t700\tnode'] } })).cause).toBe('socket-leak');
  });
});

describe('honesty', () => {
  test('a difference that no rule explains is listed, not blamed', () => {
    const { findings, differences } = diagnosed({ rows: { processes: [processRow(50, '1:init', '/opt/agent --new')] } });
    expect(findings.map(({ cause }) => cause)).toEqual(['unknown']);
    expect(differences).toEqual(['only here: pid 50 /opt/agent --new (root)']);
  });

  test('an idle agent that a cut list of a peer may hide is not called unique', () => {
    const agent = processRow(50, '1:init', '/opt/agent --new', { cpuMs: 900 });
    const cut = madeHost({ host: 'b', rows: { groups: ['group\tagent\troot\t1'] } });
    const peers =
      'stdout' in cut ? [{ ...cut, stdout: cut.stdout.replace('## processes ok', '## processes cut 90 of 190 processes') }] : [];
    const { findings, differences } = diagnose({
      sick: madeHost({ host: 'a', rows: { processes: [agent], cpu: ['cpu\t1900\t0\t100\t0\t0\t0\t0\t0'] } }),
      peers,
      now: NOW,
    });
    expect(findings.every(({ culprit }) => culprit === undefined)).toBe(true);
    expect(differences.join('\n')).not.toContain('/opt/agent');
  });

  test('no peer, or no answer from the sick host, is unknown and says so', () => {
    const alone = diagnose({ sick: madeHost({ host: 'a', pool: FULL }), peers: [], now: NOW });
    expect(first(alone)).toMatchObject({ cause: 'unknown', evidence: ['no peer was inspected: there is nothing to compare with'] });
    const silent = diagnose({ sick: { host: 'a', notInspectable: 'no agent', capturedAt: 0 }, peers: [madeHost({ host: 'b' })], now: NOW });
    expect(silent).toMatchObject({ findings: [{ cause: 'unknown' }], notInspectable: [{ host: 'a', why: 'no agent' }] });
    expect(silent.pools).toHaveLength(1);
  });

  test('what was not fully seen is noted', () => {
    const sick = madeHost({ host: 'a' });
    const blind = 'stdout' in sick ? { ...sick, stdout: sick.stdout.replace('## cron ok', '## cron denied /var/spool/cron') } : sick;
    expect(diagnose({ sick: blind, peers: [madeHost({ host: 'b' })], now: NOW }).notes).toContain(
      'not fully seen on a: cron denied (/var/spool/cron)',
    );
  });
});
