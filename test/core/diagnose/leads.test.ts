/**
 * A host that differs in one or two ways gets a lead; a limit does not overrule the contrast with
 * the peers. Made-up hosts (synthetic), and captures where it says so.
 */
import { diagnose } from '../../../core/diagnose/diagnose';
import type { Diagnosis, Finding, HostCapture } from '../../../core/model';
import { CRON, NOW, QUICK, SLOW, connections, madeHost, processRow, row, type MadeHost } from './synthetic';

function edited(capture: HostCapture, from: string | RegExp, to: string): HostCapture {
  return 'stdout' in capture ? { ...capture, stdout: capture.stdout.replaceAll(from, to) } : capture;
}

/** Most software has no page of metrics. */
const untold = (capture: HostCapture) => edited(edited(capture, /^m\t.*\n/gm, ''), '## metrics ok', '## metrics missing not asked for');

function diagnosed(
  sick: Omit<MadeHost, 'host'>,
  everywhere: Omit<MadeHost, 'host'> = {},
  change = (capture: HostCapture) => capture,
): Diagnosis {
  const peers = ['b', 'c', 'd'].map((host) => change(madeHost({ host, ...everywhere })));
  return diagnose({ sick: change(madeHost({ host: 'a', ...sick })), peers, now: NOW });
}

function first({ findings: [finding] }: Diagnosis): Finding {
  if (finding === undefined) throw new Error('no finding');
  return finding;
}

/** Per second, as /proc/PID/io tells: KB read and written. */
const moving = (line: string, readKb: number, writeKb: number) => {
  const columns = line.split('\t');
  return [...columns.slice(0, 13), String(readKb), String(writeKb), ...columns.slice(15)].join('\t');
};

describe('a limit does not overrule a clean contrast', () => {
  test('48 sockets in CLOSE_WAIT where the peers have none or one are a lead', () => {
    const peers = [0, 1, 1].map((count, index) =>
      madeHost({ host: `p${index}`, rows: { sockets: count === 0 ? [] : [`in\t8080\tCLOSE_WAIT\t${count}`] } }),
    );
    const { findings } = diagnose({ sick: madeHost({ host: 'a', rows: { sockets: ['in\t8080\tCLOSE_WAIT\t48'] } }), peers, now: NOW });
    expect(findings.map(({ cause, confidence }) => [cause, confidence])).toEqual([['socket-leak', 0.43]]);
    expect(findings[0]?.evidence).toEqual(['sockets the application did not close after the other side had (CLOSE_WAIT) 48; peers 0 to 1']);
  });

  test.each([
    ['cpu-saturation', { cpu: ['cpu\t1400\t0\t100\t500\t0\t0\t0\t0'] }, {}],
    ['memory-pressure', { memory: ['mem\tMemAvailable\t1000000'] }, {}],
    ['memory-pressure', { memory: ['vm\tpswpin\t50\t900'] }, { memory: ['vm\tpswpin\t0\t0'] }],
    ['disk-io', { cpu: ['pressure\tio\tfull\t9\t120'] }, { cpu: ['pressure\tio\tfull\t0\t0'] }],
    ['dns', { dns: ['dns\tlookupMs\t300', 'dns\tlookup\tok'] }, { dns: ['dns\tlookupMs\t4', 'dns\tlookup\tok'] }],
    [
      'slow-dependency',
      { net: ['net\tOutSegs\t1000\t9', 'net\tRetransSegs\t12\t9'] },
      { net: ['net\tOutSegs\t1000\t9', 'net\tRetransSegs\t0\t0'] },
    ],
    ['fd-exhaustion', { app: ['app\t10\tfds\t700', 'app\t10\tnofile\t1000'] }, { app: ['app\t10\tfds\t60', 'app\t10\tnofile\t1000'] }],
    ['disk-full', { disk: ['fs\t/data\text4\t1.000\t0\t0.1'] }, { disk: ['fs\t/data\text4\t0.300\t9000000\t0.1'] }],
  ] as const)('%s: far under the limit, and clear of every peer', (cause, sick, peers) => {
    const finding = first(diagnosed({ rows: sick }, { rows: peers }));
    expect(finding).toMatchObject({ cause, confidence: 0.43 });
    expect(finding.culprit).toBeUndefined();
  });

  test('half as much more than the peers have is no lead', () => {
    const closeWait = (count: number) => ({
      rows: { sockets: [`in\t8080\tCLOSE_WAIT\t${count}`], cpu: [`cpu\t${count * 20}\t0\t100\t900\t0\t0\t0\t0`] },
    });
    expect(first(diagnosed(closeWait(45), closeWait(30))).cause).toBe('unknown');
  });

  test('a finding silences the leads, and a lead names nobody', () => {
    const rows = { processes: [row(40, CRON, '/opt/report --month')], sockets: [connections(40, 2), 'in\t8080\tCLOSE_WAIT\t48'] };
    const { findings } = diagnosed({ pool: [20, 20, 45], rows });
    expect(findings.every(({ confidence }) => confidence >= 0.5)).toBe(true);
    expect(findings[0]).toMatchObject({ cause: 'pool-starvation', culprit: { pid: 40 } });
  });
});

describe('well hosts, shared trouble and decoys have no lead', () => {
  test.each([
    ['nothing differs', {}, {}],
    [
      'everybody retransmits',
      { net: ['net\tOutSegs\t1000\t9', 'net\tRetransSegs\t30\t9'] },
      { net: ['net\tOutSegs\t1000\t9', 'net\tRetransSegs\t28\t9'] },
    ],
    ['everybody looks names up slowly', { dns: ['dns\tlookupMs\t900'] }, { dns: ['dns\tlookupMs\t800'] }],
    ['everybody has a full disk', { disk: ['fs\t/data\text4\t1.000\t0\t0.1'] }, { disk: ['fs\t/data\text4\t0.990\t0\t0.1'] }],
    ['an agent that idles here alone', { processes: [processRow(50, '1:init', '/opt/agent --new')] }, {}],
    ['a crontab line that does not run', { cron: ['cron\t/etc/cron.d/x\troot\t1 1 * * * root /opt/x'] }, {}],
    ['a busy second on an idle fleet', { cpu: ['cpu\t700\t0\t100\t1200\t0\t0\t0\t0'] }, {}],
    ['somewhat busier than the peers', { cpu: ['cpu\t1300\t0\t100\t600\t0\t0\t0\t0'] }, { cpu: ['cpu\t900\t0\t100\t1000\t0\t0\t0\t0'] }],
    ['a log shipper that moves a little', { processes: [moving(row(50, '1:init', '/opt/shipper'), 100, 300)] }, {}],
  ] as const)('%s', (_, sick, peers) => {
    const { findings } = diagnosed({ rows: sick }, { rows: peers });
    expect(findings.map(({ cause, culprit }) => [cause, culprit])).toEqual([['unknown', undefined]]);
  });
});

describe('a tree of processes that only moves data', () => {
  const copy = [
    row(80, CRON, '/opt/jobs/mirror', {}),
    row(90, '80:mirror<31:sh<20:cron<1:init', 'tar -cf - /srv/archive'),
    row(91, '80:mirror<31:sh<20:cron<1:init', 'dd of=/mnt/vault/archive bs=1M'),
  ];
  const tree = (kb: number) => [copy[0] ?? '', moving(copy[1] ?? '', kb, 0), moving(copy[2] ?? '', 0, kb)];

  test('is the lead, and named, where requests wait here alone and no counter of the disk is to be had', () => {
    const finding = first(diagnosed({ rows: { processes: tree(20_000), http: SLOW } }, { rows: { http: QUICK } }, untold));
    expect(finding).toMatchObject({ cause: 'disk-io', culprit: { pid: 80, command: '/opt/jobs/mirror' } });
    expect(finding.confidence).toBeLessThan(0.8);
    expect(finding.evidence[0]).toContain('pid 80 mirror moved 39 MB in a second');
  });

  test('is a lead without a name where no request waits', () => {
    const finding = first(diagnosed({ rows: { processes: tree(20_000), http: QUICK } }, { rows: { http: QUICK } }, untold));
    expect([finding.cause, finding.culprit, finding.confidence < 0.5]).toEqual(['disk-io', undefined, true]);
  });

  test('is nobody where every host runs it', () => {
    const { findings } = diagnosed(
      { rows: { processes: tree(20_000), http: SLOW } },
      { rows: { processes: tree(20_000), http: QUICK } },
      untold,
    );
    expect(findings.flatMap(({ culprit }) => culprit ?? [])).toEqual([]);
  });

  test('writers that live for a moment count with the script that starts them', () => {
    const script = moving(row(40, CRON, 'sh /opt/jobs/scrub'), 0, 60_000);
    const moment = moving(
      row(95, '40:sh<31:sh<20:cron<1:init', 'dd if=/dev/zero of=/var/tmp/x oflag=direct', { startedAt: NOW - 200 }),
      0,
      9_000,
    );
    const shared = { cpu: ['pressure\tio\tfull\t40\t600'] };
    const finding = first(
      diagnosed({ rows: { processes: [script, moment], ...shared, http: SLOW } }, { rows: { ...shared, http: QUICK } }, untold),
    );
    expect(finding).toMatchObject({ cause: 'disk-io', culprit: { pid: 40, command: 'sh /opt/jobs/scrub' } });
    expect(finding.confidence).toBeGreaterThanOrEqual(0.9);
  });

  test('threads that sleep for a disk, here alone, tell of it where all counters are shared', () => {
    const waits = (count: number) => ({ threads: [`wait\t10\tfolio_wait_bit_common\t${count}`, 'wait\t10\tep_poll\t4'] });
    const finding = first(diagnosed({ rows: { ...waits(6), processes: tree(9_000) } }, { rows: waits(0) }, untold));
    expect(finding).toMatchObject({ cause: 'disk-io', culprit: { pid: 80 } });
  });

  test('a mover beside an application whose connections wait for a database is not the first guess', () => {
    const db = (unanswered: number) => `db\t10\t10.0.9.9:5432\t7\t${unanswered}\t0\t9000\t0.3\t0`;
    const job = { processes: [...tree(20_000), row(40, CRON, '/opt/report')], sockets: [connections(40, 1), db(7)], http: SLOW };
    const { findings } = diagnosed({ rows: job }, { rows: { sockets: [db(0)], http: QUICK } }, untold);
    expect(findings[0]).toMatchObject({ cause: 'pool-starvation', culprit: { pid: 40 } });
  });
});

describe('another remote end', () => {
  const at = (...remotes: string[]) => remotes.map((remote) => connections(10, 5, remote));
  const bare = (capture: HostCapture) => edited(capture, /^out\t10\.0\.9\.9:5432.*\n/gm, '');
  const told = (here: string[], there: string[], pool: readonly [number, number, number] = [7, 20, 0]) =>
    diagnosed({ pool, rows: { sockets: at(...here) } }, { rows: { sockets: at(...there) } }, bare);

  test('on another port than the one that every peer has is the same role', () => {
    const finding = first(told(['10.0.1.30:6432'], ['10.0.1.20:5432']));
    expect(finding.cause).toBe('slow-dependency');
    expect(finding.evidence).toContain('the application talks to 10.0.1.30:6432, where every peer talks to 10.0.1.20:5432');
  });

  test('beside all that the peers have, with a pool that is full here alone, is a finding', () => {
    const finding = first(told(['10.0.1.20:5432', '10.0.1.30:5432'], ['10.0.1.20:5432'], [20, 20, 9]));
    expect(finding.evidence.concat(finding.against).join()).toContain('pool 20/20');
    expect(told(['10.0.1.20:5432', '10.0.1.30:5432'], ['10.0.1.20:5432'], [20, 20, 9]).findings.map(({ cause }) => cause)).toContain(
      'slow-dependency',
    );
  });

  test('is none where each host has one of its own, as behind a name with many addresses', () => {
    const peers = ['b', 'c', 'd'].map((host, index) => bare(madeHost({ host, rows: { sockets: at(`10.9.9.${index}:5432`) } })));
    const { findings } = diagnose({ sick: bare(madeHost({ host: 'a', rows: { sockets: at('10.9.9.77:5432') } })), peers, now: NOW });
    expect(findings.map(({ cause }) => cause)).toEqual(['unknown']);
  });
});

describe('names and networks', () => {
  const dns = (ms: number) => ({ dns: [`dns\tlookupMs\t${ms}`, 'dns\tlookup\tok', 'dns\tnameserver\t10.0.0.2'] });

  test('is surer where a file by which they are looked up was changed here alone', () => {
    const hosts = (size: number) => ({ app: [`app\t10\tchanged:${size}\t/etc/hosts`] });
    const found = (size: number) =>
      first(diagnosed({ rows: { ...dns(2000), ...hosts(size), http: SLOW } }, { rows: { ...dns(4), ...hosts(36), http: QUICK } }));
    expect(found(21_488_931).cause).toBe('dns');
    expect(found(21_488_931).confidence).toBeGreaterThan(found(36).confidence);
    expect(found(21_488_931).evidence.join()).toContain('changed within a week on this host alone: /etc/hosts');
  });

  test('a slow lookup is not the cause where the page is as quick as on the peers when it is asked on the host itself', () => {
    const { findings } = diagnosed({ rows: { ...dns(2000), http: QUICK } }, { rows: { ...dns(4), http: QUICK } });
    expect(findings.map(({ cause }) => cause)).not.toContain('dns');
  });

  test('nor where the network loses what this host sends', () => {
    const net = (again: number) => ({ net: ['net\tOutSegs\t1000\t9', `net\tRetransSegs\t${again}\t9`] });
    const { findings } = diagnosed({ rows: { ...dns(2000), ...net(60), http: SLOW } }, { rows: { ...dns(4), ...net(0), http: QUICK } });
    expect(findings[0]?.cause).toBe('slow-dependency');
  });

  test('it is where the page itself is slow, too', () => {
    expect(first(diagnosed({ rows: { ...dns(2000), http: SLOW } }, { rows: { ...dns(4), http: QUICK } })).cause).toBe('dns');
  });

  test('queries that wait for an answer here alone are one, although the one that is timed is answered', () => {
    const waits = (count: number) => ({ dns: [`dns\tpending\t${count}`, ...dns(4).dns] });
    const finding = first(diagnosed({ rows: { ...waits(9), http: SLOW } }, { rows: { ...waits(0), http: QUICK } }));
    expect(finding.cause).toBe('dns');
    expect(finding.evidence.join()).toContain('name lookups that wait for an answer: 9; peers 0');
    const busy = diagnosed({ rows: { ...waits(9), http: SLOW } }, { rows: { ...waits(7), http: QUICK } });
    expect(busy.findings.map(({ cause }) => cause)).not.toContain('dns');
  });

  test('whom nobody answers is named', () => {
    const silent = { sockets: ['out\t10.0.7.7:3306\tSYN_SENT\t10\t6\tphp-fpm8.2'] };
    expect(first(diagnosed({ rows: silent })).evidence.join()).toContain('no answer to their SYN (10.0.7.7:3306): 6; peers 0');
  });
});

describe('a full disk', () => {
  const disk = (fill: string) => ({ disk: [`fs\t/vol7\text4\t${fill}\t10\t0.1`] });
  const local = { sockets: [connections(10, 4, '127.0.0.1:5432'), 'listen\t5432\t127.0.0.1\t60\t0\t80'] };

  test('counts where the database that the application waits for is on this host', () => {
    const finding = first(
      diagnosed({ rows: { ...disk('1.000'), ...local, http: SLOW } }, { rows: { ...disk('0.400'), ...local, http: QUICK } }, untold),
    );
    expect(finding.cause).toBe('disk-full');
    expect(finding.confidence).toBeGreaterThan(0.6);
  });

  test('that a job of this host alone keeps full by a deleted file which it holds open: the job is named', () => {
    const job = {
      processes: [row(40, CRON, '/opt/jobs/trace --all')],
      disk: [...disk('1.000').disk, 'deleted\t40\t800000\ttrace\t/vol7/audit/x'],
    };
    const finding = first(diagnosed({ rows: { ...job, http: SLOW } }, { rows: { ...disk('0.400'), http: QUICK } }));
    expect(finding).toMatchObject({ cause: 'disk-full', culprit: { pid: 40 } });
    expect(finding.evidence.join()).toContain('pid 40 trace holds 781 MB of /vol7 in files that are deleted and still open');
  });

  describe('is filled by one job of this host alone', () => {
    const MB = 1024;
    const writes = (pid: number, use: string, job = '/opt/jobs/export_orders', parents = CRON) => ({
      processes: [row(pid, parents, job)],
      disk: [`use\t${pid}\t${use}`],
    });
    const full =
      (...jobs: readonly ReturnType<typeof writes>[]) =>
      (mount: string) =>
        diagnosed(
          {
            rows: {
              processes: jobs.flatMap(({ processes }) => processes),
              disk: [mount, ...jobs.flatMap(({ disk: uses }) => uses)],
              http: SLOW,
            },
          },
          { rows: { disk: [mount.replaceAll('1.000', '0.400')], http: QUICK } },
        );
    const SPACE = 'fs\t/vol7\text4\t1.000\t10\t0.1';
    const INODES = 'fs\t/vol7\text4\t0.200\t9000\t1.000';
    const named = ({ findings }: Diagnosis) => findings.flatMap(({ culprit }) => culprit?.pid ?? []);

    test('that has a large file of it open for writing: the job is named', () => {
      const finding = first(full(writes(40, `/vol7\t1\t0\t${700 * MB}`))(SPACE));
      expect(finding).toMatchObject({ cause: 'disk-full', culprit: { pid: 40 } });
      expect(finding.evidence.join()).toContain('pid 40 export_orders has 700 MB of /vol7 open for writing');
    });

    test('that works there, where it has no inodes left: the job is named', () => {
      const finding = first(full(writes(40, '/vol7\t0\t1\t0'))(INODES));
      expect(finding).toMatchObject({ cause: 'disk-full', culprit: { pid: 40 } });
      expect(finding.evidence.join()).toContain('pid 40 export_orders works on /vol7');
    });

    test('but nobody who writes a line to a log there, works elsewhere, or is one of two', () => {
      const two = writes(41, `/vol7\t2\t0\t${20 * MB}`, '/opt/jobs/pack_images', '32:sh<20:cron<1:init');
      expect(named(full(writes(40, '/vol7\t1\t1\t12'))(SPACE))).toEqual([]);
      expect(named(full(writes(40, `/vol8\t1\t0\t${20 * MB}`))(SPACE))).toEqual([]);
      expect(named(full(writes(40, `/vol7\t1\t0\t${20 * MB}`), two)(SPACE))).toEqual([]);
      expect(named(full(writes(40, '/\t2\t0\t8'))(INODES.replace('/vol7', '/')))).toEqual([]);
    });
  });

  test('by a file of what every host runs, or on a file system with room: nobody', () => {
    const database = { processes: [row(60, '1:init', '/usr/sbin/db')], disk: [...disk('1.000').disk, 'deleted\t60\t800000\tdb\t/vol7/x'] };
    const elsewhere = { processes: [row(40, CRON, '/opt/x')], disk: [...disk('1.000').disk, 'deleted\t40\t800000\tx\t/x'] };
    const peers = { ...disk('0.400'), processes: [row(61, '1:init', '/usr/sbin/db')], http: QUICK };
    for (const rows of [database, elsewhere])
      expect(diagnosed({ rows: { ...rows, http: SLOW } }, { rows: peers }).findings.flatMap(({ culprit }) => culprit ?? [])).toEqual([]);
  });
});

describe('an application whose connections cannot be seen', () => {
  const inside = (capture: HostCapture) => edited(capture, /^(out|db)\t.*\t10\t.*\n|^db\t10\t.*\n/gm, '');
  const job = { processes: [row(40, CRON, '/usr/bin/python3 /opt/report.py')], sockets: [connections(40, 3)] };

  test('a job on the host outside of its container is a stranger, and no application', () => {
    const { cause, culprit, confidence } = first(diagnosed({ pool: [20, 20, 40], rows: job }, {}, inside));
    expect({ cause, pid: culprit?.pid }).toEqual({ cause: 'pool-starvation', pid: 40 });
    expect(confidence).toBeLessThan(0.95);
  });

  test('that nobody is seen on the database speaks for nothing', () => {
    const { findings } = diagnosed({ pool: [20, 20, 40] }, {}, inside);
    expect(findings.map(({ cause, confidence }) => [cause, confidence])).toEqual([['pool-leak', 0.43]]);
    expect(findings[0]?.evidence.join()).not.toContain('no other process');
  });
});

describe('clocks that tie', () => {
  const db = (unanswered: number, idle: number) => ({ sockets: [`db\t10\t10.0.9.9:5432\t20\t${unanswered}\t${idle}\t9000\t0.3\t0`] });

  test('say nothing for a leak, and nothing against a stranger', () => {
    const tied = first(diagnosed({ pool: [20, 20, 40], rows: db(0, 0) }, { rows: db(0, 0) }));
    const idle = first(diagnosed({ pool: [20, 20, 40], rows: db(0, 20) }, { rows: db(0, 0) }));
    expect(tied.confidence).toBeLessThan(idle.confidence);
    const job = { processes: [row(40, CRON, '/opt/report')], sockets: [connections(40, 1), ...db(0, 0).sockets] };
    expect(first(diagnosed({ pool: [20, 20, 40], rows: job }, { rows: db(0, 0) }))).toMatchObject({
      cause: 'pool-starvation',
      against: [],
    });
  });

  test('idle connections of a pool that tells nothing are no leak where those of the peers lie idle as well', () => {
    const { findings } = diagnosed({ rows: { ...db(0, 20), http: SLOW } }, { rows: { ...db(0, 19), http: QUICK } }, untold);
    expect(findings.map(({ cause }) => cause)).not.toContain('pool-leak');
  });
});

describe('one of several workers', () => {
  const workers = (held: number) => ({
    processes: [11, 12, 13].map((pid) => row(pid, '10:node<1:init', '/usr/bin/node /srv/app.js', { ppid: 10 })),
    sockets: [11, 12, 13].map((pid) => connections(pid, held)),
  });
  const db = (unanswered: number) => [11, 12, 13].map((pid) => `db\t${pid}\t10.0.9.9:5432\t5\t${unanswered}\t0\t9000\t0.3\t0`);

  test('that has room in its pool does not overrule the sockets of all', () => {
    const job = {
      processes: [...workers(5).processes, row(40, CRON, '/opt/report')],
      sockets: [...workers(5).sockets, connections(40, 1), ...db(5)],
    };
    const finding = first(
      diagnosed({ pool: [2, 20, 0], rows: job }, { pool: [2, 20, 0], rows: { ...workers(5), sockets: [...workers(5).sockets, ...db(0)] } }),
    );
    expect(finding).toMatchObject({ cause: 'pool-starvation', culprit: { pid: 40 } });
  });
});
