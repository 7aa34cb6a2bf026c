/** What keeps evidence from counting too much, each alone. Made-up hosts (synthetic). */
import { diagnose } from '../../../core/diagnose/diagnose';
import type { Cause, Finding, HostCapture } from '../../../core/model';
import { CRON, NOW, QUICK, SLOW, connections, madeHost, row, type MadeHost } from './synthetic';

/** Per second, KB written. */
const writing = (line: string, kb: number) => line.split('\t').with(14, String(kb)).join('\t');

function untold(capture: HostCapture): HostCapture {
  if (!('stdout' in capture)) return capture;
  return { ...capture, stdout: capture.stdout.replaceAll(/^m\t.*\n/gm, '').replace('## metrics ok', '## metrics missing not asked for') };
}

function findings(sick: Required<MadeHost>['rows'], everywhere: Required<MadeHost>['rows']): readonly Finding[] {
  const peers = ['b', 'c', 'd'].map((host) => untold(madeHost({ host, rows: everywhere })));
  return diagnose({ sick: untold(madeHost({ host: 'a', rows: sick })), peers, now: NOW }).findings;
}

function confidenceOf(cause: Cause, told: readonly Finding[]): number {
  return told.find((one) => one.cause === cause)?.confidence ?? 0;
}

describe('a job that moves data', () => {
  const mover = { processes: [writing(row(40, CRON, '/opt/mirror'), 20_000)] };

  test('is worth less where no request waits here', () => {
    expect(confidenceOf('disk-io', findings({ ...mover, http: QUICK }, { http: QUICK }))).toBe(0.33);
  });

  test("is worth less where the application's threads wait for one another", () => {
    const waits = (threads: number, hand: number) => ({
      threads: ['wait\t10\tep_poll\t1', `wait\t10\tfutex_wait_queue\t${threads}`],
      sockets: [`in\t8080\tESTABLISHED\t${hand}`],
    });
    const told = findings({ ...mover, ...waits(30, 24), http: SLOW }, { ...waits(8, 3), http: QUICK });
    expect(confidenceOf('disk-io', told)).toBeLessThan(confidenceOf('disk-io', findings({ ...mover, http: SLOW }, { http: QUICK })));
    expect(told[0]?.cause).toBe('pool-leak');
  });

  test('is worth less where connections wait for a database', () => {
    const db = (unanswered: number) => ({ sockets: [`db\t10\t10.0.9.9:5432\t7\t${unanswered}\t0\t9000\t0.3\t0`] });
    const told = findings({ ...mover, ...db(7), http: SLOW }, { ...db(0), http: QUICK });
    expect(told[0]?.cause).toBe('slow-dependency');
    expect(confidenceOf('disk-io', told)).toBeLessThan(0.5);
  });

  test('is one job with the script that starts it: neither half of it is most of what the host moves', () => {
    const script = writing(row(40, CRON, 'sh /opt/scrub'), 30_000);
    const now = writing(row(95, '40:sh<31:sh<20:cron<1:init', 'dd of=/var/tmp/x'), 30_000);
    const [finding] = findings({ processes: [script, now], http: SLOW }, { http: QUICK });
    expect(finding).toMatchObject({ cause: 'disk-io', culprit: { pid: 40 } });
  });
});

describe('an application that moves data itself', () => {
  const moves = (mb: number) => ({ cgroup: ['cgroup\tio.rbytes\t9000\t0', `cgroup\tio.wbytes\t${mb * 2 ** 21}\t${mb * 2 ** 20}`] });

  test('by the count of its control group, is told without a culprit where its requests wait', () => {
    const [finding] = findings({ ...moves(90), http: SLOW }, { ...moves(1), http: QUICK });
    expect(finding).toMatchObject({ cause: 'disk-io', evidence: [expect.stringContaining('moves in a second: 90'), expect.any(String)] });
    expect(finding?.culprit).toBeUndefined();
  });

  test('is nothing where no request waits, where its peers do the same, or where it moves little', () => {
    const told = [
      findings({ ...moves(90), http: QUICK }, { ...moves(1), http: QUICK }),
      findings({ ...moves(90), http: SLOW }, { ...moves(80), http: QUICK }),
      findings({ ...moves(4), http: SLOW }, { ...moves(1), http: QUICK }),
    ];
    expect(told.map((one) => confidenceOf('disk-io', one))).toEqual([0, 0, 0]);
  });

  test('is not what is told where a job moves most of it', () => {
    const job = { processes: [writing(row(40, CRON, '/opt/mirror'), 200_000)] };
    const [finding] = findings({ ...job, ...moves(90), http: SLOW }, { ...moves(1), http: QUICK });
    expect(finding).toMatchObject({ cause: 'disk-io', culprit: { pid: 40 } });
  });
});

describe('one piece is not counted twice', () => {
  const loop = (delayS: number, healthMs: number) =>
    madeHost({
      host: 'a',
      rows: { metrics: [`m\tnodejs_eventloop_lag_p99_seconds ${delayS}`], http: [`http\thealth\t/health\t200\t${healthMs}\t2\tcurl`] },
    });

  test('a slow health check adds nothing to a loop that hardly stands still', () => {
    const peers = ['b', 'c'].map((host) => ({ ...loop(0.005, 5), host }));
    const { findings: told } = diagnose({ sick: loop(0.07, 900), peers, now: NOW });
    expect(confidenceOf('event-loop-block', told)).toBe(0.43);
  });

  test('a stranger that is a little busy is no proof where every number is under its limit', () => {
    const waits = (ms: number) => [`thread\t10\t10\tnode\tR\t20\t${ms}\t500`];
    const told = findings({ threads: waits(60), processes: [row(40, CRON, '/opt/burn', { cpuMs: 350 })] }, { threads: waits(10) });
    expect(confidenceOf('cpu-saturation', told)).toBe(0.53);
  });
});

test("a garbage collector that never rests is no event loop, but want of memory of the application's own", () => {
  const collector = (ms: number) => ({ threads: [`thread\t10\t12\tGC Thread#0\tR\t${ms}\t0\t500`] });
  const told = findings(collector(480), collector(5));
  expect(told.map(({ cause, confidence }) => [cause, confidence])).toEqual([['memory-pressure', 0.69]]);
});

test('a full file system that nothing known uses is worth less than one beside a database of this host', () => {
  const disk = (fill: string) => ({ disk: [`fs\t/vol7\text4\t${fill}\t10\t0.1`] });
  const far = findings({ ...disk('1.000'), http: SLOW }, { ...disk('0.400'), http: QUICK });
  expect(confidenceOf('disk-full', far)).toBe(0.53);
});

test("where the application's connections cannot be seen, who holds most of the others here alone is not the application", () => {
  const inside = (capture: HostCapture) =>
    'stdout' in capture ? { ...capture, stdout: capture.stdout.replaceAll(/^out\t.*\t10\t.*\n/gm, '') } : capture;
  const rows = {
    processes: [row(40, CRON, '/opt/report'), row(41, '1:init', '/opt/probe')],
    sockets: [connections(40, 3), connections(41, 1)],
  };
  const peers = ['b', 'c', 'd'].map((host) => inside(madeHost({ host, rows: { processes: [row(41, '1:init', '/opt/probe')] } })));
  const [finding] = diagnose({ sick: inside(madeHost({ host: 'a', pool: [20, 20, 40], rows })), peers, now: NOW }).findings;
  expect(finding).toMatchObject({ cause: 'pool-starvation', culprit: { pid: 40 } });
});

describe('where all hosts wait for a CPU alike', () => {
  const waits = { threads: ['thread\t10\t10\tnode\tR\t20\t480\t500'], cpu: ['cpu\t1900\t0\t100\t0\t0\t0\t0\t0'] };
  const job = { processes: [row(40, CRON, '/opt/rehash --all', { cpuMs: 180 })] };

  test('who takes most of the little that there is, here alone, is a cause that fits best, and nobody is named', () => {
    const [finding] = findings({ ...waits, ...job, http: SLOW }, { ...waits, http: QUICK });
    expect([finding?.cause, finding?.confidence, finding?.culprit]).toEqual(['cpu-saturation', 0.53, undefined]);
  });

  test('nobody is, where every host runs it', () => {
    expect(findings({ ...waits, ...job, http: SLOW }, { ...waits, ...job, http: QUICK }).map(({ cause }) => cause)).not.toContain(
      'cpu-saturation',
    );
  });
});

test('a pool that says it is full, of which most has no connection, has not leaked them', () => {
  const pool = (active: number, held: number): HostCapture => {
    const made = madeHost({ host: 'a', pool: [active, 20, 0] });
    return 'stdout' in made ? { ...made, stdout: made.stdout.replace(connections(10, active), connections(10, held)) } : made;
  };
  const peers = ['b', 'c', 'd'].map((host) => madeHost({ host }));
  const told = (held: number) => confidenceOf('pool-leak', diagnose({ sick: pool(20, held), peers, now: NOW }).findings);
  expect(told(6)).toBeLessThan(told(20));
});
