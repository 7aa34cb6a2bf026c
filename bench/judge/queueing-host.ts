import type { Dice } from './dice';
import type { BenchSample } from './scenario';

/** What a host is in one round. */
export interface HostState {
  /** Workers, or connections of its pool. */
  readonly workers: number;
  /** Requests a second from users. */
  readonly arrivalsPerS: number;
  /** Mean service time, ms, and its coefficient of variation (lognormal). */
  readonly serviceMs: number;
  readonly variation: number;
  /** Part of the packets that is lost; each costs a retransmission. */
  readonly loss: number;
  /** Round trip between prober and host, ms. */
  readonly rttMs: number;
  /** The whole host stands still for so long, so often. */
  readonly stall?: { readonly everyMs: number; readonly forMs: number };
}

const WARM_UP_MS = 4000;
const PROBE_GAP_MS = 800;
/** Waiting longer than this for a worker is refused by the application. */
const MAX_WAIT_MS = 10_000;
/** Linux: initial retransmission timeout of a SYN, and the least of data. */
const SYN_RETRY_MS = 1000;
const DATA_RETRY_MS = 200;

/**
 * Probes a G/G/k queue (first come, first served) under its users' load: the latencies of `count`
 * probes, in the benchmark's notation.
 */
export function probeHost(host: HostState, count: number, timeoutMs: number, dice: Dice): BenchSample[] {
  const free = new Float64Array(host.workers);
  const stallAt = dice.unit() * (host.stall?.everyMs ?? 0);
  const samples: BenchSample[] = [];
  let now = 0;
  for (let probe = 0; probe < count; probe++) {
    const at = WARM_UP_MS + probe * PROBE_GAP_MS;
    for (;;) {
      const next = now + dice.exponential(1000 / host.arrivalsPerS);
      if (next > at) break;
      now = next;
      serve(free, now, serviceOf(host, now, stallAt, dice));
    }
    now = at;
    const servedMs = serve(free, at, serviceOf(host, at, stallAt, dice));
    samples.push(sampleOf(servedMs, host, timeoutMs, dice));
  }
  return samples;
}

/** Time from arrival to the end of the service; undefined when the queue is too long. */
function serve(free: Float64Array, at: number, serviceMs: number): number | undefined {
  let first = 0;
  for (let i = 1; i < free.length; i++) if ((free[i] ?? 0) < (free[first] ?? 0)) first = i;
  const start = Math.max(at, free[first] ?? 0);
  if (start - at > MAX_WAIT_MS) return undefined;
  free[first] = start + serviceMs;
  return start + serviceMs - at;
}

function serviceOf(host: HostState, at: number, stallAt: number, dice: Dice): number {
  const sigma = Math.sqrt(Math.log(1 + host.variation ** 2));
  const ms = host.serviceMs * Math.exp(sigma * dice.normal() - (sigma * sigma) / 2);
  if (host.stall === undefined) return ms;
  const into = (at + stallAt) % host.stall.everyMs;
  return into < host.stall.forMs ? ms + host.stall.forMs - into : ms;
}

/** Connect, request and answer each cross the network; a connection is refused by nobody here. */
function sampleOf(servedMs: number | undefined, host: HostState, timeoutMs: number, dice: Dice): BenchSample {
  if (servedMs === undefined) return '503@2';
  let ms = servedMs + 2 * host.rttMs + dice.exponential(0.3);
  for (let retry = SYN_RETRY_MS; dice.chance(host.loss) && retry < timeoutMs; retry *= 2) ms += retry;
  for (let retry = DATA_RETRY_MS; dice.chance(2 * host.loss) && retry < timeoutMs; retry *= 2) ms += retry;
  return ms >= timeoutMs ? 'T' : Number(ms.toPrecision(4));
}
