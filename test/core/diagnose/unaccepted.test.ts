/** A server on this host that takes no more connections. Made-up hosts. */
import { diagnose } from '../../../core/diagnose/diagnose';
import type { Finding } from '../../../core/model';
import { madeHost, processRow } from './synthetic';

const NOW = 1_700_000_100_000;
const SLOW = 'http\tprobe\t/cart\t200\t2500\t9\tcurl';
const QUICK = 'http\tprobe\t/cart\t200\t25\t9\tcurl';

function first(remote: string, ...jobs: readonly string[]): Finding | undefined {
  const processes = jobs.map((command, i) => processRow(40 + i, '30:cron<1:init', command, { startedAt: NOW - 20_000 }));
  const held = jobs.map((_, i) => `out\t${remote}:5432\tESTABLISHED\t${40 + i}\t18\tx`);
  const sick = madeHost({
    host: 'sick',
    pool: [20, 20, 5],
    rows: { processes, http: [SLOW], sockets: [`out\t${remote}:5432\tSYN_SENT\t10\t8\tnode`, ...held] },
  });
  const peers = ['a', 'b', 'c'].map((host) => madeHost({ host, rows: { http: [QUICK] } }));
  return diagnose({ sick, peers, now: NOW }).findings[0];
}

test('whose connections a job of this host alone holds: the job is named', () => {
  expect(first('127.0.0.1', '/opt/warm')).toMatchObject({ cause: 'pool-starvation', culprit: { command: '/opt/warm' } });
});

test('and nobody else holds any: it is slow to answer', () => {
  const finding = first('127.0.0.1');
  expect([finding?.cause, finding?.culprit]).toEqual(['slow-dependency', undefined]);
});

test('elsewhere, the way to it is broken, whoever is connected', () => {
  const finding = first('10.0.9.9', '/opt/warm');
  expect([finding?.cause, finding?.culprit]).toEqual(['slow-dependency', undefined]);
});
