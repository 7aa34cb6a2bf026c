/**
 * What holds an application up and is no database: locks on files, services that are suspended, a
 * server that two ask, and what somebody changed on one host. Made-up hosts (synthetic).
 */
import { diagnose } from '../../../core/diagnose/diagnose';
import type { Diagnosis, Finding } from '../../../core/model';
import { madeHost, processRow, type MadeHost } from './synthetic';

const NOW = 1_700_000_100_000;
const MINUTE = 60_000;
const CRON = '31:sh<20:cron<1:init';
const SLOW = ['http\tprobe\t/cart\t200\t6000\t2\tcurl', 'http\thealth\t/health\t200\t5\t2\tcurl'];
const QUICK = ['http\tprobe\t/cart\t200\t60\t2\tcurl', 'http\thealth\t/health\t200\t5\t2\tcurl'];
const row = (pid: number, parents: string, command: string, numbers = {}) =>
  processRow(pid, parents, command, { startedAt: NOW - 2 * MINUTE, ...numbers });
const JOB = row(60, CRON, '/opt/import_prices');
const suspended = (line: string) => line.replace('\tS\t', '\tT\t');

type Rows = NonNullable<MadeHost['rows']>;

/** Hosts without a page of metrics, one of which is slow. */
function diagnosed(sick: Rows, everywhere: Rows = {}): Diagnosis {
  const made = (host: string, rows: Rows) => {
    const capture = madeHost({ host, rows });
    if (!('stdout' in capture)) throw new Error('a made host prints something');
    return { ...capture, stdout: capture.stdout.replaceAll(/^m\t.*\n/gm, '').replace('## metrics ok', '## metrics missing not asked for') };
  };
  const peers = ['b', 'c', 'd'].map((host) => made(host, { http: QUICK, ...everywhere }));
  return diagnose({ sick: made('a', { http: SLOW, ...everywhere, ...sick }), peers, now: NOW });
}

function told({ findings: [finding] }: Diagnosis): Pick<Finding, 'cause'> & { culprit: string | undefined } {
  return { cause: finding?.cause ?? 'unknown', culprit: finding?.culprit?.command };
}

describe('a lock on a file', () => {
  const lock = (pid: number, waiters: number, ofApp: number) => `lock\t${pid}\tPOSIX\t${waiters}\t${ofApp}\t/srv/shop/shop.db`;

  test('that a job of this host holds while requests wait is what they wait for', () => {
    const found = diagnosed({ processes: [JOB], threads: [lock(60, 0, 1)] });
    expect(told(found)).toEqual({ cause: 'pool-starvation', culprit: '/opt/import_prices' });
    expect(found.findings[0]?.evidence.join()).toContain('holds a lock (POSIX) on /srv/shop/shop.db, which the application uses');
  });

  test('says for how many it is held', () => {
    const found = diagnosed({ processes: [JOB], threads: [lock(60, 3, 1)] });
    expect(found.findings[0]?.evidence.join()).toContain('for which 3 wait');
  });

  test.each([
    ['that the application has nothing to do with', [JOB], [lock(60, 2, 0)], {}],
    ['that the application itself holds', [JOB], [lock(10, 2, 1)], {}],
    ['that a job holds which every peer runs', [JOB], [lock(60, 2, 1)], { processes: [JOB] }],
  ])('%s makes nobody a culprit', (_, processes, threads, everywhere) => {
    const sick = 'processes' in everywhere ? { threads } : { processes, threads };
    expect(diagnosed(sick, everywhere).findings.flatMap(({ culprit }) => culprit ?? [])).toEqual([]);
  });

  test.each([
    [90, 'pool-starvation'],
    [50, 'unknown'],
  ])('counts where a page that is quick by itself takes %d ms, and 10 ms on the peers: %s', (ms, cause) => {
    const page = (took: number) => [`http\tprobe\t/cart\t200\t${took}\t2\tcurl`, 'http\thealth\t/health\t200\t5\t2\tcurl'];
    const found = diagnosed({ processes: [JOB], threads: [lock(60, 3, 1)], http: page(ms) }, { http: page(10) });
    expect(told(found).cause).toBe(cause);
  });

  test('that nobody waits for is no finding', () => {
    const found = diagnosed({ processes: [JOB], threads: [lock(60, 0, 1)], http: QUICK });
    expect(told(found).cause).toBe('unknown');
  });
});

describe('a service that is suspended', () => {
  const log = row(40, '1:init', '/usr/sbin/rsyslogd -n', { startedAt: NOW - 60 * MINUTE });
  const waits = ['wait\t10\tunix_wait_for_peer\t4'];
  const polls = ['wait\t10\tdo_poll\t4'];

  test('on this host alone is the dependency that does not answer; the one job of the clock stopped it', () => {
    const found = diagnosed({ processes: [suspended(log), JOB], threads: waits }, { threads: polls });
    const everywhere = { processes: [log], threads: polls };
    const real = diagnosed({ processes: [suspended(log), JOB], threads: waits }, everywhere);
    expect(told(found).cause).toBe('slow-dependency');
    expect(told(real)).toEqual({ cause: 'slow-dependency', culprit: '/opt/import_prices' });
    expect(real.findings[0]?.evidence[0]).toBe("pid 40 rsyslogd is stopped (state T); its peers' runs");
  });

  test('by one of several jobs names none of them', () => {
    const sick = { processes: [suspended(log), JOB, row(70, CRON, '/opt/rotate')], threads: waits };
    const found = diagnosed(sick, { processes: [log], threads: polls });
    expect(told(found)).toEqual({ cause: 'slow-dependency', culprit: undefined });
  });

  test.each([
    ['of a user who may not suspend it', [JOB.replace('\troot\t', '\tshop\t')], {}],
    ['that its peers run at another time', [JOB], { cron: ['cron\t/etc/cron.d/prices\troot\t1 1 * * * /opt/import_prices'] }],
  ])('is not laid to a job %s', (_, jobs, everywhere) => {
    const sick = { processes: [suspended(log), ...jobs], threads: waits };
    const found = diagnosed(sick, { processes: [log], threads: polls, ...everywhere });
    expect(told(found)).toEqual({ cause: 'slow-dependency', culprit: undefined });
  });

  test('on its peers as well is none', () => {
    const found = diagnosed({ processes: [suspended(log)] }, { processes: [suspended(log)] });
    expect(told(found).cause).toBe('unknown');
  });
});

describe('a server that a job asks as well', () => {
  const asks = (pid: number) => `out\t127.0.0.1:9200\tESTABLISHED\t${pid}\t2\tx\t0`;

  test('while requests wait is a finding, whatever it speaks', () => {
    const found = diagnosed({ processes: [JOB], sockets: [asks(10), asks(60)] }, { sockets: [asks(10)] });
    expect(told(found)).toEqual({ cause: 'pool-starvation', culprit: '/opt/import_prices' });
  });

  test('that the application does not ask is none of its business', () => {
    const found = diagnosed({ processes: [JOB], sockets: [asks(60)] });
    expect(found.findings.flatMap(({ culprit }) => culprit ?? [])).toEqual([]);
  });
});

describe('what was sent and is not acknowledged', () => {
  const sent = (count: number) => `out\t10.0.9.9:8081\tESTABLISHED\t10\t8\tx\t${count}`;

  test('on most connections of this host alone is a way that loses packets', () => {
    expect(told(diagnosed({ sockets: [sent(4)] }, { sockets: [sent(0)] })).cause).toBe('slow-dependency');
  });

  test('on its peers as well is how much they send', () => {
    expect(told(diagnosed({ sockets: [sent(4)] }, { sockets: [sent(4)] })).cause).toBe('unknown');
  });

  test('while the page is quick is on its way for a moment: a lead', () => {
    const [first] = diagnosed({ sockets: [sent(4)], http: QUICK }, { sockets: [sent(0)] }).findings;
    expect(first?.confidence).toBeLessThan(0.5);
  });
});

describe('what somebody changed on one host', () => {
  const app = (...rows: readonly string[]) => ['app\t10\tcwd\t/srv/shop', ...rows.map((one) => `app\t10\t${one}`)];
  const modules = (...names: readonly string[]) => names.map((name) => `module\t${name}`);
  const released = (size: number) => `app\t10\tchanged:${size}\t/srv/shop/shop.rb`;

  test('a module that no peer has loaded, and a newer file of its configuration', () => {
    const found = diagnosed(
      { app: app(...modules('opcache', 'xdebug'), 'changed:90\t/srv/shop/debug.ini') },
      { app: app(...modules('opcache'), 'changed:40\t/srv/shop/shop.ini') },
    );
    expect(told(found).cause).toBe('config-drift');
    expect(found.findings[0]?.evidence).toEqual(
      expect.arrayContaining([
        "the application has loaded xdebug; no peer's has",
        'changed within a week on this host alone: /srv/shop/debug.ini',
      ]),
    );
  });

  test('an option of its command', () => {
    const started = (command: string) => ({ processes: [row(10, '1:init', command)] });
    const { findings } = diagnosed(started('/usr/bin/gunicorn --workers 1 app:app'), started('/usr/bin/gunicorn --workers 8 app:app'));
    expect(findings.map(({ cause, evidence }) => [cause, evidence[0]])).toEqual([
      ['config-drift', "the application was started with --workers 1; no peer's was"],
    ]);
  });

  test('a file of another size than on every peer', () => {
    const found = diagnosed({ app: app('changed:71\t/srv/shop/config.json') }, { app: app('changed:72\t/srv/shop/config.json') });
    expect(told(found).cause).toBe('config-drift');
    expect(found.findings[0]?.evidence.join()).toContain('/srv/shop/config.json (71 bytes; peers 72)');
  });

  test('a file of another size, in which each host has its own name', () => {
    const named = (size: number, sum: number) => ({ app: app(`changed:${size}:${sum}\t/srv/shop/config.json`) });
    const peers = ['b', 'c', 'd'].map((host, index) => madeHost({ host, rows: { http: QUICK, ...named(72, index) } }));
    const { findings } = diagnose({ sick: madeHost({ host: 'a', rows: { http: SLOW, ...named(71, 9) } }), peers, now: NOW });
    expect(findings[0]?.evidence.join()).toContain('/srv/shop/config.json (71 bytes; peers 72)');
  });

  describe('a file of the same size', () => {
    const summed = (sum: number | undefined) => app(`changed:71${sum === undefined ? '' : `:${sum}`}\t/srv/shop/config.json`);
    const of = (sick: number | undefined, ...peers: readonly (number | undefined)[]) => {
      const others = peers.map((sum, index) => madeHost({ host: `p${index}`, rows: { http: QUICK, app: summed(sum) } }));
      const { findings } = diagnose({ sick: madeHost({ host: 'a', rows: { http: SLOW, app: summed(sick) } }), peers: others, now: NOW });
      return findings[0]?.evidence.join() ?? '';
    };

    test('that has other content than on every peer', () => {
      expect(of(7, 9, 9)).toContain('/srv/shop/config.json (as long as on its peers, which have other content there)');
    });

    test.each([
      ['its peers have each their own content', of(7, 8, 9)],
      ['there is one peer only, for its own name may stand in it', of(7, 9)],
      ['its content is as on its peers', of(9, 9, 9)],
      ['this host has not read it', of(undefined, 9, 9)],
      ['one peer has not read it', of(7, 9, undefined)],
    ])('is nothing where %s', (_, evidence) => {
      expect(evidence).not.toContain('config.json');
    });
  });

  test('is nothing where the application does not suffer', () => {
    const found = diagnosed({ app: app('changed:9\t/etc/motd'), http: QUICK }, { app: app('changed:72\t/srv/shop/config.json') });
    expect(found.findings.map(({ cause }) => cause)).toEqual(['unknown']);
  });

  test('is nothing where its peers were started differently among themselves', () => {
    const started = (host: string, command: string, http: readonly string[]) =>
      madeHost({ host, rows: { http, processes: [row(10, '1:init', command)] } });
    const peers = ['2', '3', '4'].map((count) => started(`p${count}`, `/usr/bin/gunicorn --workers ${count} app:app`, QUICK));
    const { findings } = diagnose({ sick: started('a', '/usr/bin/gunicorn --workers 1 app:app', SLOW), peers, now: NOW });
    expect(findings.map(({ cause }) => cause)).toEqual(['unknown']);
  });

  test('is told of a list that was cut only where the file is newer than one that every peer lists', () => {
    const many = Array.from({ length: 30 }, (_, index) => `changed:5\t/etc/f${index}.conf`);
    const changed = (at: number) => app(...many.slice(0, at), 'changed:9\t/srv/shop/shop.ini', ...many.slice(at, 29));
    const cause = (at: number) => told(diagnosed({ app: changed(at) }, { app: app(...many) })).cause;
    expect([cause(3), cause(29)]).toEqual(['config-drift', 'unknown']);
  });

  test('a file that was changed on every peer and not here', () => {
    const found = diagnosed({ app: app(), files: ['app\t10\tchanged:5\t/etc/motd'] }, { files: [released(9)] });
    expect(told(found).cause).toBe('config-drift');
    expect(found.findings[0]?.evidence.join()).toContain('changed within a week on every peer and not here: /srv/shop/shop.rb');
  });

  test.each([
    ['whose sizes differ among them', ['b', 'c', 'd'].map((host, index) => ({ host, files: [released(index)] })), []],
    ['that is no setting', ['b', 'c', 'd'].map((host) => ({ host, files: ['app\t10\tchanged:9\t/srv/shop/visits.dat'] })), []],
    ['that one peer lacks as well', ['b', 'c'].map((host) => ({ host, files: [released(9)] })).concat({ host: 'd', files: [] }), []],
    ['where this host was not read whole', ['b', 'c', 'd'].map((host) => ({ host, files: [released(9)] })), ['app\t!partial\tlate']],
  ])('a file that was changed on the peers, %s, is nothing', (_, hosts, own) => {
    const made = (host: string, files: readonly string[], http: readonly string[]) => {
      const capture = madeHost({ host, rows: { http, app: app(), files } });
      if (!('stdout' in capture)) throw new Error('a made host prints something');
      return own.length > 0 && host === 'a'
        ? { ...capture, stdout: capture.stdout.replace('## files ok', '## files partial not every file was looked at') }
        : capture;
    };
    const peers = hosts.map(({ host, files }) => made(host, files, QUICK));
    const { findings } = diagnose({ sick: made('a', [], SLOW), peers, now: NOW });
    expect(findings.map(({ cause }) => cause)).not.toContain('config-drift');
  });

  test('a file that was changed on the peers is told of a list that was cut here only where it is newer than one of that', () => {
    const many = Array.from({ length: 30 }, (_, index) => `app\t10\tchanged:5\t/etc/f${index}.conf`);
    const peers = (at: number) => ({ files: [...many.slice(0, at), released(9), ...many.slice(at, 29)] });
    const cause = (at: number) => {
      const made = (host: string, files: readonly string[], http: readonly string[]) =>
        madeHost({ host, rows: { http, app: app(), files } });
      const others = ['b', 'c', 'd'].map((host) => made(host, peers(at).files, QUICK));
      return diagnose({ sick: made('a', many, SLOW), peers: others, now: NOW }).findings[0]?.cause;
    };
    expect([cause(3), cause(29)]).toEqual(['config-drift', 'unknown']);
  });

  test('a file that was changed here is nothing where the files of a peer were not all looked at', () => {
    const sick = madeHost({ host: 'a', rows: { http: SLOW, app: app(), files: [released(9)] } });
    const peers = ['b', 'c', 'd'].map((host) => {
      const capture = madeHost({ host, rows: { http: QUICK, app: app() } });
      if (!('stdout' in capture)) throw new Error('a made host prints something');
      return { ...capture, stdout: capture.stdout.replace('## files ok', '## files partial not every file was looked at') };
    });
    expect(diagnose({ sick, peers, now: NOW }).findings.map(({ cause }) => cause)).not.toContain('config-drift');
  });

  test.each([
    ['far more than every peer', 9_000, 90, ['config-drift', 0.69]],
    ['as much as its peers', 9_000, 9_000, ['config-drift', 0.53]],
    ['a trickle', 900, 9, ['config-drift', 0.53]],
  ])('a file that was changed on every peer, where the host sends %s', (_, here, there, expected) => {
    const net = (sent: number) => ({ app: app(), net: [`net\tOutSegs\t${sent}\t1000000`] });
    const peers = ['b', 'c', 'd'].map((host) => madeHost({ host, rows: { http: QUICK, files: [released(9)], ...net(there) } }));
    const { findings } = diagnose({ sick: madeHost({ host: 'a', rows: { http: SLOW, ...net(here) } }), peers, now: NOW });
    expect(findings.map(({ cause, confidence }) => [cause, confidence])).toContainEqual(expected);
  });

  const CLEARS = 'cron\t/etc/cron.d/shop\twww-data\t0 * * * * www-data find /srv/shop/visits -mmin +1 -delete';

  const PACKAGED = 'cron\t/etc/cron.daily\troot\t/etc/cron.daily/sysstat';

  test('a line that every peer has in its crontabs', () => {
    const peers = ['b', 'c', 'd'].map((host) => madeHost({ host, rows: { http: QUICK, cron: [CLEARS] } }));
    const { findings } = diagnose({ sick: madeHost({ host: 'a', rows: { http: SLOW } }), peers, now: NOW });
    expect(findings.map(({ cause, culprit }) => [cause, culprit])).toEqual([['config-drift', undefined]]);
    expect(findings[0]?.evidence.join()).toContain('every peer has this in its crontabs, and it is missing here');
  });

  test.each([
    ['that one peer lacks as well', [[CLEARS], [CLEARS], []], '## cron ok'],
    ['that came with a package', [[PACKAGED], [PACKAGED], [PACKAGED]], '## cron ok'],
    ['where the crontabs here were not read', [[CLEARS], [CLEARS], [CLEARS]], '## cron denied /var/spool/cron/crontabs'],
  ])('a line of crontabs %s is nothing', (_, lines, head) => {
    const peers = lines.map((cron, index) => madeHost({ host: `p${index}`, rows: { http: QUICK, cron } }));
    const sick = madeHost({ host: 'a', rows: { http: SLOW } });
    if (!('stdout' in sick)) throw new Error('a made host prints something');
    const { findings } = diagnose({ sick: { ...sick, stdout: sick.stdout.replace('## cron ok', head) }, peers, now: NOW });
    expect(findings.map(({ cause }) => cause)).not.toContain('config-drift');
  });

  test('a setting of the environment alone is a lead, whoever waits', () => {
    const { findings } = diagnosed({ app: app('env:LOG_LEVEL\tdebug') }, { app: app('env:LOG_LEVEL\tinfo') });
    expect(findings.map(({ cause, confidence }) => [cause, confidence])).toEqual([['config-drift', 0.43]]);
  });

  test('is not known where lists were cut', () => {
    const many = modules(...Array.from({ length: 40 }, (_, index) => `m${index}`));
    const found = diagnosed({ app: app(...many, 'module\txdebug') }, { app: app(...many) });
    expect(told(found).cause).toBe('unknown');
  });
});

/** What shows that requests wait for something else than the end that is looked at. */
const ELSEWHERE = [
  ['a file system that a program serves', { threads: ['wait\t10\trequest_wait_answer\t4'] }, { threads: ['wait\t10\tdo_poll\t4'] }],
  ['another server', { sockets: ['out\t10.0.9.7:9090\tESTABLISHED\t10\t20\tx\t0'] }, {}],
] as const;

const together = (one: Rows, other: Rows): Rows => ({ ...one, ...other, sockets: [...(one.sockets ?? []), ...(other.sockets ?? [])] });

describe('fewer connections than its peers', () => {
  const open = (count: number) => ({ sockets: [`out\t10.0.9.9:8081\tESTABLISHED\t10\t${count}\tx\t0`] });
  const causes = (sick: Rows, everywhere: Rows) => diagnosed(sick, everywhere).findings.map(({ cause }) => cause);

  test('to the one end it talks to, while requests wait, is a smaller limit', () => {
    expect(told(diagnosed(open(1), open(12))).cause).toBe('config-drift');
  });

  test('is chance where the peers have a few themselves', () => {
    expect(causes(open(1), open(4))).not.toContain('config-drift');
  });

  test('is what a host has that is asked less, where no request waits', () => {
    expect(causes({ ...open(1), http: QUICK }, open(12))).not.toContain('config-drift');
  });

  test.each(ELSEWHERE)('follows from a wait for %s', (_, sick, everywhere) => {
    expect(causes(together(open(1), sick), together(open(12), everywhere))).not.toContain('config-drift');
  });
});

describe('where no rule finds anything', () => {
  test('a job of the clock that runs here alone while requests wait is a lead, and names nobody', () => {
    const { findings } = diagnosed({ processes: [JOB] });
    expect(findings.map(({ cause, confidence, culprit }) => ({ cause, confidence, culprit }))).toEqual([
      { cause: 'pool-starvation', confidence: 0.43, culprit: undefined },
    ]);
    expect(findings[0]?.against).toEqual(['what it does to the application is not seen']);
  });

  test('a crontab line that does not run is none', () => {
    const found = diagnosed({ cron: ['cron\t/etc/crontab\troot\t1 1 * * * /opt/import_prices'] });
    expect(told(found).cause).toBe('unknown');
  });
});

describe('a server on the host that works for a job', () => {
  const server = (cpuMs: number) => row(30, '1:init', '/usr/sbin/mariadbd', { startedAt: NOW - 60 * MINUTE, cpuMs });
  const port = 'listen\t3306\t0.0.0.0\t30\t0\t80';
  const asks = (where = '127.0.0.1') => `out\t${where}:3306\tESTABLISHED\t60\t4\tx\t0`;
  const late = (unanswered: number, ms: number) => `db\t60\t127.0.0.1:3306\t4\t${unanswered}\t0\t${ms}\t1\t0`;
  const params = ['param\tdatabasePorts\t3306'];
  const sick = (unanswered: number, ms: number, cpuMs: number, where?: string) => ({
    host: params,
    processes: [JOB, server(cpuMs)],
    sockets: [port, asks(where), late(unanswered, ms)],
  });
  const well = { host: params, processes: [server(60)], sockets: [port], http: QUICK };

  test('is told by the answer that the job has waited for, and by its CPU', () => {
    const found = diagnosed(sick(4, 20_000, 900), well);
    expect(told(found)).toEqual({ cause: 'pool-starvation', culprit: '/opt/import_prices' });
    expect(found.findings[0]?.evidence).toEqual(
      expect.arrayContaining([
        '4 of its 4 connections have had no answer for up to 20 s',
        'pid 30 mariadbd, which it asks, uses cores: 0.90; peers 0.06',
      ]),
    );
  });

  test.each(['127.0.0.1', '[0:0:0:0:0:0:0:1]', 'unix'])('is the same server whether it is asked by %s', (where) => {
    expect(diagnosed(sick(4, 20_000, 900, where), well).findings[0]?.evidence.join()).toContain('mariadbd, which it asks');
  });

  test('is told without a symptom where both are seen, and not where one is', () => {
    const quick = (unanswered: number, cpuMs: number) => told(diagnosed({ ...sick(unanswered, 20_000, cpuMs), http: QUICK }, well)).cause;
    expect([quick(4, 900), quick(4, 60), quick(0, 900)]).toEqual(['pool-starvation', 'unknown', 'unknown']);
  });

  const full = (unanswered: number, cpuMs: number, more: Rows = {}, everywhere: Rows = {}) => {
    const { host, ...rest } = sick(unanswered, 900, cpuMs);
    return diagnosed({ ...rest, host: [...host, 'host\tcpus\t2'], http: QUICK, ...more }, { ...well, ...everywhere });
  };

  test('and fills the CPUs is told with the job, also while the page is quick', () => {
    expect(told(full(1, 1950))).toEqual({ cause: 'cpu-saturation', culprit: '/opt/import_prices' });
  });

  test('and fills the CPUs is told without anybody whose answers have come', () => {
    expect(told(full(0, 1950))).toEqual({ cause: 'cpu-saturation', culprit: undefined });
  });

  test('and fills the CPUs is told without a job that waits for another host', () => {
    const sockets = [port, asks(), 'db\t60\t10.0.9.9:3306\t4\t4\t0\t900\t1\t0'];
    expect(told(full(1, 1950, { sockets }))).toEqual({ cause: 'cpu-saturation', culprit: undefined });
  });

  test('and fills the CPUs is told without anybody where two jobs wait for it', () => {
    const processes = [JOB, row(61, CRON, '/opt/count_stock'), server(1950)];
    const sockets = [port, asks(), late(1, 900), late(1, 900).replace('60', '61')];
    expect(told(full(1, 1950, { processes, sockets }))).toEqual({ cause: 'cpu-saturation', culprit: undefined });
  });

  test('and uses less than half of what fills the CPUs is told without a job', () => {
    const redis = (cpuMs: number) => row(40, '1:init', '/usr/bin/redis-server', { startedAt: NOW - 60 * MINUTE, cpuMs });
    const found = full(1, 900, { processes: [JOB, server(900), redis(1050)] }, { processes: [server(60), redis(60)] });
    expect(told(found)).toEqual({ cause: 'cpu-saturation', culprit: undefined });
  });

  test('and fills the CPUs is doubted where the peers run that job at another time', () => {
    const cron = ['cron\t/etc/crontab\troot\t1 1 * * * /opt/import_prices'];
    expect(full(1, 1950, {}, { cron }).findings[0]?.against).toContain('its peers run it too, at another time');
  });
});

describe('slots of a client whose connections the other side has closed', () => {
  const end = (state: string, count: number) => `out\t10.0.9.9:8081\t${state}\t10\t${count}\tx\t0`;
  const well = { sockets: [end('CLOSE_WAIT', 12), end('ESTABLISHED', 3)] };

  test('are gone where none is open and every peer has some, however many idle ones the peers keep', () => {
    const found = diagnosed({ sockets: [end('CLOSE_WAIT', 16)] }, well);
    expect(told(found).cause).toBe('socket-leak');
    expect(found.findings[0]?.evidence[0]).toBe(
      'all 16 connections of the application to 10.0.9.9:8081 are closed by the other side; every peer has open ones',
    );
  });

  test.each([
    ['one is open', { sockets: [end('CLOSE_WAIT', 16), end('ESTABLISHED', 1)] }, well],
    ['no request waits', { sockets: [end('CLOSE_WAIT', 16)], http: QUICK }, well],
    ['a peer has none open either', { sockets: [end('CLOSE_WAIT', 16)] }, { sockets: [end('CLOSE_WAIT', 16)] }],
  ])('are no leak where %s', (_, sick, everywhere) => {
    expect(diagnosed(sick, everywhere).findings.map(({ cause }) => cause)).not.toContain('socket-leak');
  });

  test.each(ELSEWHERE)('are no leak while requests wait for %s', (_, sick, everywhere) => {
    const found = diagnosed(together({ sockets: [end('CLOSE_WAIT', 16)] }, sick), together(well, everywhere));
    expect(found.findings.map(({ cause }) => cause)).not.toContain('socket-leak');
  });
});

describe('workers behind a Unix socket', () => {
  const workers = Array.from({ length: 4 }, (_, index) => row(51 + index, '50:gunicorn<1:init', '/usr/bin/gunicorn app:app', { ppid: 50 }));
  const gunicorn = [row(50, '1:init', '/usr/bin/gunicorn app:app', { startedAt: NOW - 60 * MINUTE }), ...workers];
  const socket = (served: number, queue: number) => `unix\t/run/shop.sock\t50\t${queue}\t2048\t-\t0\t${served}\t4`;

  test('whose clients have all hung up are the application, and their pool is full', () => {
    const sick = { processes: [...gunicorn, JOB], sockets: [socket(4, 15)], threads: ['lock\t60\tPOSIX\t0\t1\t/srv/shop/shop.db'] };
    const found = diagnosed(sick, { processes: gunicorn, sockets: [socket(0, 0)] });
    expect(told(found)).toEqual({ cause: 'pool-starvation', culprit: '/opt/import_prices' });
    expect(found.findings[0]?.evidence[0]).toBe('pool 4/4, 15 waiting; peers 0');
  });

  test('that seem to have room at one moment do not overrule requests that wait', () => {
    const sick = { processes: [...gunicorn, JOB], sockets: [socket(0, 0)], threads: ['lock\t60\tPOSIX\t0\t1\t/srv/shop/shop.db'] };
    const found = diagnosed(sick, { processes: gunicorn, sockets: [socket(0, 0)] });
    expect(told(found)).toEqual({ cause: 'pool-starvation', culprit: '/opt/import_prices' });
  });
});

describe('a page that takes its second everywhere', () => {
  const page = (ms: number) => [`http\tprobe\t/cart\t200\t${ms}\t2\tcurl`, 'http\thealth\t/health\t200\t5\t2\tcurl'];

  test('is what all hosts share where it is as slow here', () => {
    expect(told(diagnosed({ http: page(1300) }, { http: page(1100) })).cause).toBe('shared-dependency');
  });

  test('is no excuse for a host that takes several times as long', () => {
    expect(told(diagnosed({ http: page(6000) }, { http: page(1100) })).cause).toBe('unknown');
  });
});

describe('a service that the application and a job of this host alone ask, on a loaded machine', () => {
  const takes = (ms: number) => [`http\tprobe\t/cart\t200\t${ms}\t2\tcurl`, 'http\thealth\t/health\t200\t5\t2\tcurl'];
  const out = (pid: number, count: number) => `out\t10.0.1.40:8090\tESTABLISHED\t${pid}\t${count}\tx\t0`;
  const asleep = (count: number) => [`wait\t10\twait_woken\t${count}`];
  const culprit = (ms: number, waiting: number) =>
    told(
      diagnosed(
        { http: takes(ms), processes: [JOB], sockets: [out(10, 2), out(60, 30)], threads: asleep(waiting) },
        { http: takes(110), sockets: [out(10, 2)], threads: asleep(1) },
      ),
    ).culprit;

  test.each([
    ['is named where the page takes twice as long and more threads wait', 250, 8, '/opt/import_prices'],
    ['is nobody where no more threads wait', 250, 1, undefined],
    ['is nobody where the page is quick', 150, 8, undefined],
  ])('%s', (_, ms, waiting, expected) => {
    expect(culprit(ms, waiting)).toBe(expected);
  });
});
