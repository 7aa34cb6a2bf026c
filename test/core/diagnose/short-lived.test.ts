/**
 * A connection of a program that has ended, or was not there yet, when the processes were read: a
 * job that starts one after the other. Made-up hosts.
 */
import { diagnose } from '../../../core/diagnose/diagnose';
import type { Finding } from '../../../core/model';
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

test('a server of this host that acknowledges late is not far away', () => {
  const clocks = (rttMs: number) => [connections(10, 8, '127.0.0.1:5432'), `db\t10\t127.0.0.1:5432\t8\t0\t0\t0\t${rttMs}\t0`];
  const made = (host: string, rttMs: number) => madeHost({ host, rows: { sockets: clocks(rttMs) } });
  const { findings } = diagnose({ sick: made('a', 30), peers: ['b', 'c', 'd'].map((host) => made(host, 0.02)), now: NOW });
  expect(findings.map(({ cause }) => cause)).not.toContain('slow-dependency');
});
