import { join } from 'node:path';
import type { ProbeGroup, ProbePlan } from '../../core/model';
import { bundle, Child } from './children';
import { processorTimes, stolenBetween } from './stolen';
import { curlLoop, hasCurl } from './curl-loop';
import { errorsOf, paired, round3, sampleErrors, targetMedianErrors, withoutHandshake, type Pair, type SampleErrors } from './figures';
import type { FetchDone, FetchJob, ProberDone, ServerLog, ServerReady } from './messages';

export interface Accuracy {
  readonly delayMs: number;
  readonly sampleErrorMs: SampleErrors;
  readonly targetMedianErrorMs: { readonly p50: number; readonly p99: number };
  readonly startsPerSecond: number;
  readonly cpuUsPerRequest: number;
  readonly wallS: number;
}

export interface TlsAccuracy extends Accuracy {
  readonly handshakeMs: SampleErrors;
}

export interface BaselineAccuracy {
  readonly delayMs: number;
  readonly requests: number;
  readonly sampleErrorMs: SampleErrors;
  readonly startsPerSecond: number;
  readonly cpuUsPerRequest?: number;
  readonly wallS: number;
}

export interface Figures {
  readonly http: readonly Accuracy[];
  readonly tls: TlsAccuracy;
  readonly http2: Accuracy;
  readonly http2Tls: TlsAccuracy;
  readonly grpc: Accuracy;
  readonly rssMb: number;
  /**
   * Of the machine's processor time, what its hypervisor gave to others meanwhile; 0 where it does
   * not say.
   */
  readonly stolen: number;
  readonly baselines: {
    readonly curlLoop: BaselineAccuracy | { readonly notRun: string };
    readonly closedLoopFetch: BaselineAccuracy;
  };
}

const DELAYS_MS = [0, 5, 50, 500];
const TARGETS = 1000;
const SAMPLES = 10;
const TLS_TARGETS = 150;
const HTTP2_TARGETS = 400;
const HTTP2_TLS_TARGETS = 125;
const BASELINE_DELAY_MS = 5;
const CURLS = 200;
const CONCURRENCY = 200;

const CERTIFICATE = join(__dirname, '../../test/fixtures/tls/server.crt');
const KEY = join(__dirname, '../../test/fixtures/tls/server.key');
const PROBER_CORE = 0;
const SERVER_CORE = 1;

/** One run of everything; about 100 s. `say` is told what begins. */
export async function measure(say: (line: string) => void): Promise<Figures> {
  const code = bundle();
  const server = Child.start(join(code.folder, 'delay-server.js'), [CERTIFICATE, KEY], SERVER_CORE);
  const prober = Child.start(join(code.folder, 'prober.js'), [], PROBER_CORE);
  const fetcher = Child.start(join(code.folder, 'closed-loop-fetch.js'), [], PROBER_CORE);
  try {
    const ready = await server.receive<ServerReady>();
    return await measureAll({ server, prober, fetcher, ready, say });
  } finally {
    await Promise.all([server.stop(), prober.stop(), fetcher.stop()]);
    code.remove();
  }
}

interface Bench {
  readonly server: Child;
  readonly prober: Child;
  readonly fetcher: Child;
  readonly ready: ServerReady;
  readonly say: (line: string) => void;
}

async function measureAll(bench: Bench): Promise<Figures> {
  const before = processorTimes();
  const http: Accuracy[] = [];
  let rssMb = 0;
  for (const delayMs of DELAYS_MS) {
    bench.say(`prober, HTTP, ${TARGETS} targets x ${SAMPLES} samples, ${delayMs} ms`);
    const run = await probeRun(bench, group({ protocol: 'HTTP' }, TARGETS, bench.ready.httpPort, delayMs));
    http.push(accuracy(delayMs, run));
    rssMb = run.done.maxRssMb;
  }
  const { ready } = bench;
  const tls = await tlsRun(bench, group({ protocol: 'HTTPS' }, TLS_TARGETS, ready.httpsPort, BASELINE_DELAY_MS));
  const http2 = await clearRun(bench, group({ protocol: 'HTTP', version: 'HTTP2' }, HTTP2_TARGETS, ready.http2Port, BASELINE_DELAY_MS));
  const grpc = await clearRun(bench, group({ protocol: 'HTTP', version: 'GRPC' }, HTTP2_TARGETS, ready.http2Port, BASELINE_DELAY_MS));
  const http2Tls = await tlsRun(
    bench,
    group({ protocol: 'HTTPS', version: 'HTTP2' }, HTTP2_TLS_TARGETS, ready.https2Port, BASELINE_DELAY_MS),
  );
  const stolen = round3(stolenBetween(before, processorTimes()));
  return {
    http,
    tls: tls.figures,
    http2,
    http2Tls: http2Tls.figures,
    grpc,
    rssMb: round3(Math.max(rssMb, tls.rssMb)),
    stolen,
    baselines: await baselines(bench),
  };
}

function addressOf(index: number): string {
  return `127.0.${1 + Math.floor(index / 250)}.${1 + (index % 250)}`;
}

function pathOf(delayMs: number): string {
  return `/d/${delayMs * 1000}`;
}

type Speech = Pick<ProbeGroup, 'protocol' | 'version'>;

function group(speech: Speech, targets: number, port: number, delayMs: number): ProbeGroup {
  return {
    groupArn: 'bench',
    ...speech,
    method: 'GET',
    path: pathOf(delayMs),
    hostHeader: 'shop.example.test',
    matcher: speech.version === 'GRPC' ? '0' : '200',
    timeoutMs: 5000,
    targets: Array.from({ length: targets }, (_, index) => addressOf(index)).map((address) => ({
      target: { id: address, port },
      address,
      samples: SAMPLES,
    })),
  };
}

interface Run {
  readonly done: ProberDone;
  readonly pairs: readonly Pair[];
}

async function probeRun(bench: Bench, probed: ProbeGroup): Promise<Run> {
  const plan: ProbePlan = { v: 1, startWindowMs: 15_000, groups: [probed] };
  const done = await bench.prober.ask<ProberDone>(plan);
  const log = await bench.server.ask<ServerLog>({});
  const { prober, groups } = done.result;
  if (!prober.ok || prober.busyFraction > 0.05) bench.say(`  the prober says of itself: ${JSON.stringify(prober)}`);
  return { done, pairs: paired(withoutHandshake(groups[0]?.samples ?? []), log) };
}

function accuracy(delayMs: number, { done, pairs }: Run): Accuracy {
  const samples = done.result.groups[0]?.samples ?? [];
  const lastStartMs = samples.reduce((last, sample) => Math.max(last, sample.offsetMs), 0);
  return {
    delayMs,
    sampleErrorMs: sampleErrors(errorsOf(pairs)),
    targetMedianErrorMs: targetMedianErrors(pairs),
    startsPerSecond: round3((samples.length * 1000) / lastStartMs),
    cpuUsPerRequest: round3(done.cpuUs / samples.length),
    wallS: round3((done.result.endedAt - done.result.startedAt) / 1000),
  };
}

/**
 * The handshake is the target's work as much as the prober's, so it is not an error; it is given
 * beside.
 */
async function tlsRun(bench: Bench, probed: ProbeGroup): Promise<{ readonly figures: TlsAccuracy; readonly rssMb: number }> {
  bench.say(
    `prober, ${probed.version ?? 'HTTP1'} over TLS, ${probed.targets.length} targets x ${SAMPLES} samples, ${BASELINE_DELAY_MS} ms`,
  );
  const run = await probeRun(bench, probed);
  const samples = run.done.result.groups[0]?.samples ?? [];
  const handshakes = samples.flatMap((sample) => ('latencyMs' in sample ? [sample.phases?.tlsMs ?? Number.NaN] : []));
  return { figures: { ...accuracy(BASELINE_DELAY_MS, run), handshakeMs: sampleErrors(handshakes) }, rssMb: run.done.maxRssMb };
}

async function clearRun(bench: Bench, probed: ProbeGroup): Promise<Accuracy> {
  bench.say(`prober, ${probed.version}, ${probed.targets.length} targets x ${SAMPLES} samples, ${BASELINE_DELAY_MS} ms`);
  return accuracy(BASELINE_DELAY_MS, await probeRun(bench, probed));
}

async function baselines(bench: Bench): Promise<Figures['baselines']> {
  return { curlLoop: await curlBaseline(bench), closedLoopFetch: await fetchBaseline(bench) };
}

async function curlBaseline(bench: Bench): Promise<Figures['baselines']['curlLoop']> {
  if (!hasCurl()) return { notRun: 'curl is not installed' };
  bench.say(`the story's sequential curl loop, ${CURLS} targets, ${BASELINE_DELAY_MS} ms`);
  const addresses = Array.from({ length: CURLS }, (_, index) => addressOf(index));
  const startedMs = performance.now();
  const timed = curlLoop(addresses, bench.ready.httpPort, pathOf(BASELINE_DELAY_MS));
  const wallMs = performance.now() - startedMs;
  return baseline(errorsOf(paired(timed, await bench.server.ask<ServerLog>({}))), wallMs);
}

async function fetchBaseline(bench: Bench): Promise<BaselineAccuracy> {
  bench.say(`closed loop of fetch, ${CONCURRENCY} at once, ${TARGETS * SAMPLES} requests, ${BASELINE_DELAY_MS} ms`);
  const urls = Array.from(
    { length: TARGETS * SAMPLES },
    (_, index) => `http://${addressOf(index % TARGETS)}:${bench.ready.httpPort}${pathOf(BASELINE_DELAY_MS)}`,
  );
  const job: FetchJob = { urls, concurrency: CONCURRENCY };
  const done = await bench.fetcher.ask<FetchDone>(job);
  const errors = errorsOf(paired(done.result, await bench.server.ask<ServerLog>({})));
  return { ...baseline(errors, done.wallMs), cpuUsPerRequest: round3(done.cpuUs / errors.length) };
}

function baseline(errors: readonly number[], wallMs: number): BaselineAccuracy {
  return {
    delayMs: BASELINE_DELAY_MS,
    requests: errors.length,
    sampleErrorMs: sampleErrors(errors),
    startsPerSecond: round3((errors.length * 1000) / wallMs),
    wallS: round3(wallMs / 1000),
  };
}
