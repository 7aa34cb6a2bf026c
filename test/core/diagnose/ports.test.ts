/** Local ports towards one place that are used up by closed connections. Made-up hosts. */
import { diagnose } from '../../../core/diagnose/diagnose';
import type { Finding } from '../../../core/model';
import { madeHost, processRow } from './synthetic';

const CRON = '30:cron<1:init';
const NOW = 1_700_000_100_000;
const STARTED = NOW - 20_000;

interface Host {
  readonly closed: number;
  readonly ports?: number;
  readonly ends?: number;
  readonly jobs?: readonly string[];
}

function made(host: string, { closed, ports = 4096, ends = 1, jobs = [] }: Host) {
  const each = Math.round(closed / ends);
  return madeHost({
    host,
    rows: {
      host: [`host\tlocalPorts\t${ports}`],
      sockets: Array.from({ length: ends }, (_, i) => `out\t10.0.8.${i}:8081\tTIME_WAIT\t-\t${each}\t-`),
      processes: jobs.map((command, i) => processRow(40 + i, CRON, command, { cpuMs: 200, startedAt: STARTED })),
    },
  });
}

function first(here: Host, there: Host = { closed: 20 }): Finding | undefined {
  const peers = ['a', 'b', 'c'].map((host) => made(host, there));
  return diagnose({ sick: made('sick', here), peers, now: NOW }).findings[0];
}

test('by a job of this host alone: it is named', () => {
  const finding = first({ closed: 4090, jobs: ['/opt/poll'] });
  expect(finding).toMatchObject({ cause: 'socket-leak', culprit: { pid: 40, command: '/opt/poll' } });
  expect(finding?.evidence[0]).toBe('local ports in use towards 10.0.8.0:8081: 100 %; peers 0 %');
});

test('by one of two jobs: nobody is named, and the finding stays', () => {
  const finding = first({ closed: 4090, jobs: ['/opt/poll', '/opt/other'] });
  expect([finding?.cause, finding?.culprit]).toEqual(['socket-leak', undefined]);
});

test('a job that the peers run, too, is not named', () => {
  const finding = first({ closed: 4090, jobs: ['/opt/poll'] }, { closed: 20, jobs: ['/opt/poll'] });
  expect([finding?.cause, finding?.culprit]).toEqual(['socket-leak', undefined]);
});

test('where there are many ports, or many places, as many closed connections are nothing', () => {
  for (const host of [
    { closed: 4090, ports: 60_000 },
    { closed: 4090, ends: 40 },
  ])
    expect(first(host)?.cause).toBe('unknown');
});

test('where every peer has as many, they are nothing', () => {
  expect(first({ closed: 4090 }, { closed: 3900 })?.cause).toBe('unknown');
});

test('a share that is far from all, and clear of the peers, is a lead', () => {
  expect(first({ closed: 800 })).toMatchObject({ cause: 'socket-leak', confidence: 0.43 });
});
