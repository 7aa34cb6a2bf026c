/**
 * What a job of this host alone keeps from the application without a wait: connections that a
 * server refuses, names that the resolver refuses, and the CPU, by signals. Made-up hosts
 * (synthetic).
 */
import { diagnose } from '../../../core/diagnose/diagnose';
import type { Diagnosis, Finding } from '../../../core/model';
import { sceneInput, STACKS } from './captures';
import { connections, CRON, madeHost, MINUTE, NOW, QUICK, row, SLOW, type MadeHost } from './synthetic';

type Rows = NonNullable<MadeHost['rows']>;

const JOB = row(60, CRON, '/opt/jobs/sync', { startedAt: NOW - MINUTE });
const FAILS = ['http\tprobe\t/cart\t500\t5\t0\tcurl'];
const suspended = (line: string) => line.replace('\tS\t', '\tT\t');

/** Hosts without a page of metrics, whose own connections to a database are no matter. */
function diagnosed(sick: Rows, everywhere: Rows = {}): Diagnosis {
  const made = (host: string, rows: Rows) => {
    const capture = madeHost({ host, rows });
    if (!('stdout' in capture)) throw new Error('a made host prints something');
    const bare = capture.stdout.replaceAll(/^m\t.*\n|^out\t\S+\tESTABLISHED\t10\t.*\n/gm, '');
    return { ...capture, stdout: bare.replace('## metrics ok', '## metrics missing not asked for') };
  };
  const peers = ['b', 'c', 'd'].map((host) => made(host, { http: QUICK, ...everywhere }));
  return diagnose({ sick: made('a', { http: SLOW, ...everywhere, ...sick }), peers, now: NOW });
}

function told({ findings: [finding] }: Diagnosis): Pick<Finding, 'cause'> & { culprit: string | undefined } {
  return { cause: finding?.cause ?? 'unknown', culprit: finding?.culprit?.command };
}

const culprits = ({ findings }: Diagnosis): string[] => findings.flatMap(({ culprit }) => culprit?.command ?? []);

describe('a database of this host that a job of it alone has taken all connections of', () => {
  const database = row(40, '1:init', '/usr/sbin/postgres');
  const listens = 'listen\t5432\t127.0.0.1\t40\t0\t80';
  const everywhere = { processes: [database], sockets: [listens, 'in\t5432\tESTABLISHED\t2'] };
  const taken = {
    processes: [database, JOB],
    sockets: [listens, 'in\t5432\tESTABLISHED\t100', connections(60, 100, '127.0.0.1:5432')],
  };

  test('is told by the page that fails at once, and names the job', () => {
    const found = diagnosed({ ...taken, http: FAILS }, everywhere);
    expect(told(found)).toEqual({ cause: 'pool-starvation', culprit: '/opt/jobs/sync' });
    expect(found.findings[0]?.evidence).toContain('the real page is answered with status 500; on its peers it is served');
    expect(found.findings[0]?.evidence.join()).toContain("100 of the open connections to port 5432 are the job's, of all: 100; peers 2");
  });

  test('leaves workers without a queue: who is refused at once does not wait', () => {
    expect(diagnose(sceneInput('mariadb-connections', 'app-3', STACKS)).findings[0]?.against).toEqual([]);
  });

  test('is nothing while the page is served', () => {
    expect(told(diagnosed({ ...taken, http: QUICK }, everywhere))).toEqual({ cause: 'unknown', culprit: undefined });
  });

  test('is no matter where the page fails on a peer as well', () => {
    expect(culprits(diagnosed({ ...taken, http: FAILS }, { ...everywhere, http: FAILS }))).toEqual([]);
  });

  test('is worth less where a peer has as many connections', () => {
    const busy = { ...everywhere, sockets: [listens, 'in\t5432\tESTABLISHED\t100'] };
    const sure = diagnosed({ ...taken, http: FAILS }, everywhere).findings[0]?.confidence ?? 0;
    expect(diagnosed({ ...taken, http: FAILS }, busy).findings[0]?.confidence).toBeLessThan(sure);
  });
});

describe('a resolver that a job of this host alone keeps busy', () => {
  const names = (pending: number, ...queries: string[]) => ({ dns: [`dns\tpending\t${pending}`, 'dns\tlookup\tok'], sockets: queries });
  const everywhere = names(0);

  test('is told with the job, which waits for most of the names', () => {
    const found = diagnosed({ processes: [JOB], ...names(150, 'query\t60\t140'), http: FAILS }, everywhere);
    expect(told(found)).toEqual({ cause: 'dns', culprit: '/opt/jobs/sync' });
    expect(found.findings[0]).toMatchObject({ confidence: 0.91, against: [] });
    expect(found.findings[0]?.evidence.join()).toContain('pid 60 sync waits for 140 of them');
  });

  test.each([
    ['waits for a few names, as everybody does', [JOB], names(12, 'query\t60\t12')],
    ['waits for fewer than others', [JOB], names(150, 'query\t60\t40')],
    ['is the application itself', [], names(150, 'query\t10\t150')],
  ])('is told without a job that %s', (_, processes, rows) => {
    expect(told(diagnosed({ processes, ...rows }, everywhere))).toEqual({ cause: 'dns', culprit: undefined });
  });

  test('is told without a job that every peer runs', () => {
    const found = diagnosed({ ...names(150, 'query\t60\t140') }, { processes: [JOB], ...everywhere });
    expect(told(found)).toEqual({ cause: 'dns', culprit: undefined });
  });
});

describe('an application that is stopped by signals', () => {
  const stops = { threads: ['wait\t10\tdo_signal_stop\t4'] };
  const tool = (pid: number, whom: string) =>
    row(pid, '30:bash<29:sshd<1:init', `/usr/bin/cpulimit -l 5 ${whom === '10' ? '-p' : '-e'} ${whom}`, { startedAt: NOW - MINUTE });
  const runs = { threads: ['wait\t10\tdo_epoll_wait\t4'] };

  test('is told with the one job of the clock that may stop it, and is no dependency', () => {
    const found = diagnosed({ processes: [JOB], ...stops }, runs);
    expect(told(found)).toEqual({ cause: 'tracer-attached', culprit: '/opt/jobs/sync' });
    expect(found.findings.map(({ cause }) => cause)).not.toContain('slow-dependency');
  });

  test('by a tool whose command names it is told with that, also where the clock did not start it', () => {
    expect(told(diagnosed({ processes: [tool(61, '10'), JOB], ...stops }, runs))).toEqual({
      cause: 'tracer-attached',
      culprit: '/usr/bin/cpulimit -l 5 -p 10',
    });
  });

  test.each([
    ['one of several jobs of the clock', [JOB, row(70, CRON, '/opt/jobs/report', { startedAt: NOW - MINUTE })]],
    ['one of two, of which peers run the other at another time', [JOB, row(70, CRON, '/opt/rotate', { startedAt: NOW - MINUTE })]],
    ['a user who may not stop it', [JOB.replace('\troot\t', '\treports\t')]],
    ['a job that is older than it', [row(60, CRON, '/opt/jobs/sync', { startedAt: NOW - 60 * MINUTE })]],
    ['a tool that names it, of a user who may not stop it', [tool(61, '10').replace('\troot\t', '\treports\t')]],
    ['one of two tools that name it', [tool(61, '10'), tool(62, 'node')]],
    ['a shell that somebody left open', [row(62, '29:sshd<1:init', '/usr/bin/less /var/log/x', { startedAt: NOW - MINUTE })]],
  ])('by %s names nobody', (_, processes) => {
    expect(told(diagnosed({ processes, ...stops }, runs))).toEqual({ cause: 'tracer-attached', culprit: undefined });
  });

  test('on its peers as well is told nowhere', () => {
    expect(diagnosed({ processes: [JOB], ...stops }, stops).findings.map(({ cause }) => cause)).not.toContain('tracer-attached');
  });

  test('is seen by the state of its processes, too', () => {
    const worker = row(11, '10:node<1:init', '/usr/bin/node /srv/app.js');
    const found = diagnosed({ processes: [JOB, suspended(worker)] }, { processes: [worker] });
    expect(told(found).cause).toBe('tracer-attached');
    expect(found.findings.map(({ cause }) => cause)).not.toContain('slow-dependency');
  });
});
