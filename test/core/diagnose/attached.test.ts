/** A tool that is attached to the application's JVM. Made-up hosts. */
import { diagnose } from '../../../core/diagnose/diagnose';
import type { Finding } from '../../../core/model';
import { madeHost, processRow } from './synthetic';

const NOW = 1_700_000_100_000;
const CRON = '30:sh<20:cron<1:init';
const JOB = processRow(60, CRON, '/opt/watch_heap', { startedAt: NOW - 60_000 });
const TOOL = processRow(61, '60:watch_heap<30:sh<20:cron<1:init', '/usr/bin/jcmd 10 GC.heap_dump', { startedAt: NOW - 2_000, ppid: 60 });
const socket = (client: number | '-', path = '/tmp/.java_pid10.tmp') => `unix\t${path}\t10\t2\t5\t${client}\t1\t1\t1`;
const page = (ms: number) => `http\tprobe\t/cart\t200\t${ms}\t9\tcurl`;

interface Made {
  readonly sockets?: readonly string[];
  readonly processes?: readonly string[];
  readonly http?: readonly string[];
}

const made = (host: string, rows: Made) => madeHost({ host, pool: [1, 20, 0], rows: { http: [page(60)], ...rows } });

function found(sick: Made, everywhere: Made = {}): Finding | undefined {
  const here = { sockets: [socket(61)], processes: [JOB, TOOL], http: [page(6000)], ...sick };
  const peers = ['b', 'c', 'd'].map((host) => made(host, everywhere));
  return diagnose({ sick: made('a', here), peers, now: NOW }).findings.find(({ cause }) => cause === 'tracer-attached');
}

test('is told with the job that started it, and with how to see the same', () => {
  const finding = found({});
  expect(finding).toMatchObject({ culprit: { pid: 60, command: '/opt/watch_heap' } });
  expect(finding?.evidence[0]).toContain(
    'pid 61 jcmd of the job watch_heap (pid 60) is attached to the JVM of the application (pid 10), 2 more wait',
  );
  expect(finding?.checks).toContain('ss -xap | grep -F .java_pid');
});

test('while the page is quick is a lead, which names nobody', () => {
  const finding = found({ http: [page(60)] });
  expect(finding?.confidence).toBeLessThan(0.5);
  expect(finding?.culprit).toBeUndefined();
});

test('is told with the job whose next program is attached, where the one before has ended', () => {
  const finding = found({ sockets: [socket(55)] });
  expect(finding).toMatchObject({ culprit: { pid: 60 } });
  expect(finding?.evidence[0]).toContain(
    'pid 55 was attached to the JVM of the application (pid 10) and has ended; pid 61 jcmd of the job watch_heap (pid 60) asks it next, 2 more wait',
  );
});

const OTHER = processRow(70, CRON, '/usr/bin/jstack 10', { startedAt: NOW - 2_000 });
const OTHERS_TOOL = processRow(61, '60:watch_heap<30:sh<20:cron<1:init', '/usr/bin/jcmd 11 GC.heap_dump', {
  startedAt: NOW - 2_000,
  ppid: 60,
});

test.each<[string, Made, Made]>([
  ['the one that was attached has ended, and two jobs may have started it', { sockets: [socket(55)], processes: [JOB, TOOL, OTHER] }, {}],
  ['the one that was attached has ended, and the job works on another JVM', { sockets: [socket(55)], processes: [JOB, OTHERS_TOOL] }, {}],
  ['every peer runs the program that is attached', { sockets: [socket(70)], processes: [JOB, TOOL, OTHER] }, { processes: [OTHER] }],
  ["a peer's JVM has one attached, too", {}, { sockets: [socket(99)] }],
  ['the peers run the tool, attached or not', {}, { processes: [JOB, TOOL] }],
  ['nobody is connected', { sockets: [socket('-')] }, {}],
  ['it is another socket of the application', { sockets: [socket(61, '/run/app.sock')] }, {}],
])('but not where %s', (_, here, there) => {
  expect(found(here, there)).toBeUndefined();
});
