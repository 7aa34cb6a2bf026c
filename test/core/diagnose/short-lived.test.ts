/**
 * A connection of a program that has ended, or was not there yet, when the processes were read: a
 * job that starts one after the other. Made-up hosts.
 */
import { diagnose } from '../../../core/diagnose/diagnose';
import type { Finding, HostCapture } from '../../../core/model';
import { connections, madeHost, processRow } from './synthetic';

const NOW = 1_700_000_100_000;
const CRON = '30:sh<20:cron<1:init';
const job = (pid: number, command = '/opt/purge_sessions') => processRow(pid, CRON, command, { startedAt: NOW - 60_000 });
const ASKS = 'out\t10.0.9.9:5432\tESTABLISHED\t200\t1\tredis-cli';

interface Rows {
  readonly processes?: readonly string[];
  readonly groups?: readonly string[];
  readonly sockets?: readonly string[];
}

function first(sick: Rows, everywhere: Rows = {}): Finding | undefined {
  const peers = ['b', 'c', 'd'].map((host) => madeHost({ host, rows: { ...everywhere } }));
  const rows = { processes: [job(60)], sockets: [ASKS], ...sick };
  return diagnose({ sick: madeHost({ host: 'a', pool: [20, 20, 30], rows }), peers, now: NOW }).findings[0];
}

test('is that of the one job of the clock that only this host runs', () => {
  expect(first({})).toMatchObject({ cause: 'pool-starvation', culprit: { pid: 60 } });
});

test.each<[string, Rows, Rows]>([
  ['two jobs may have started it', { processes: [job(60), job(70, '/opt/count_stock')] }, {}],
  ['it is older than the job', { processes: [job(300)] }, {}],
  ['a peer runs a program of that name', {}, { groups: ['group\tredis-cli\troot\t1'] }],
  ['a program of that name on a peer has connections', {}, { sockets: [ASKS] }],
  ['this host runs another one of that name', { processes: [job(60), processRow(50, '1:init', '/usr/bin/redis-cli monitor')] }, {}],
  ['no job runs here alone', { processes: [] }, {}],
])('but nobody is named where %s', (_, sick, everywhere) => {
  expect(first(sick, everywhere)?.culprit).toBeUndefined();
});

describe('a connection that nobody had when the processes were read', () => {
  const server = (cpuMs: number) => processRow(40, '1:init', '/usr/bin/redis-server 127.0.0.1:5432', { cpuMs });
  const made = (host: string, cpuMs: number, nobodys: number, jobs: readonly string[] = []) =>
    madeHost({
      host,
      pool: [20, 20, 30],
      rows: {
        processes: [server(cpuMs), ...jobs],
        sockets: [
          'listen\t5432\t127.0.0.1\t40\t0\t511',
          connections(10, 5, '127.0.0.1:5432'),
          ...(nobodys > 0 ? [`out\t127.0.0.1:5432\tESTABLISHED\t-\t${nobodys}\t-`] : []),
        ],
        http: [`http\tprobe\t/cart\t200\t${jobs.length > 0 ? 4000 : 60}\t9\tcurl`],
        metrics: [],
      },
    });
  const withoutPool = (capture: HostCapture) =>
    'stdout' in capture ? { ...capture, stdout: capture.stdout.replaceAll(/^m\t.*\n/gm, '').replaceAll(/^out\t10.*\n/gm, '') } : capture;
  const told = (sick: HostCapture, peer: (host: string) => HostCapture = (host) => made(host, 5, 0)) => {
    const peers = ['b', 'c', 'd'].map((host) => withoutPool(peer(host)));
    return diagnose({ sick: withoutPool(sick), peers, now: NOW }).findings.flatMap(({ culprit }) => culprit?.pid ?? []);
  };

  test('while its server works here alone, is that of the one job that may have made it', () => {
    expect(told(made('a', 400, 1, [job(60)]))).toEqual([60]);
  });

  test.each<[string, HostCapture, ((host: string) => HostCapture)?]>([
    ['two jobs may have made it', made('a', 400, 1, [job(60), job(70, '/opt/count_stock')])],
    ['its server works as on the peers', made('a', 400, 1, [job(60)]), (host) => made(host, 400, 0)],
    ['the peers have some, too', made('a', 400, 1, [job(60)]), (host) => made(host, 5, 1)],
    ['there is none', made('a', 400, 0, [job(60)])],
  ])('but nobody is named where %s', (_, ...hosts) => {
    const [sick, peer] = hosts;
    expect(told(sick, peer)).toEqual([]);
  });
});

test('a server of this host that acknowledges late is not far away', () => {
  const clocks = (rttMs: number) => [connections(10, 8, '127.0.0.1:5432'), `db\t10\t127.0.0.1:5432\t8\t0\t0\t0\t${rttMs}\t0`];
  const made = (host: string, rttMs: number) => madeHost({ host, rows: { sockets: clocks(rttMs) } });
  const { findings } = diagnose({ sick: made('a', 30), peers: ['b', 'c', 'd'].map((host) => made(host, 0.02)), now: NOW });
  expect(findings.map(({ cause }) => cause)).not.toContain('slow-dependency');
});
