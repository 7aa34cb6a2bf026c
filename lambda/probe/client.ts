import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { ClientProbe, ClientView } from '../../core/model';
import { exchange } from './exchange';
import { LoopGauge } from './loop-gauge';
import { runPaced, type Lane } from './pace';
import { paceOf, REST_MS, sampleGapMs } from './pacing';
import type { ExchangeRequest, Outcome } from './probe-request';
import { requestsOf } from './request';

/**
 * Enough that a few requests stuck on a slow target do not hold up the others; few enough to be one
 * more client among many.
 */
const MAX_CLIENT_IN_FLIGHT = 4;

/**
 * The client's view (S1): samples the load balancer's own name as its users do, each on a fresh
 * connection without a cookie, so that each may land on another target. The name is resolved once
 * and all its addresses are used in turn. No sample starts later than `startWindowMs`; those that
 * could not be started by then are not in the answer.
 * @throws Error when the name does not resolve within `timeoutMs`.
 */
export async function sampleClient(probe: ClientProbe, startWindowMs: number): Promise<ClientView> {
  const addresses = await resolveAddresses(probe.host, probe.timeoutMs);
  const { lane, view } = clientLane(probe, addresses, new LoopGauge(), startWindowMs);
  await runPaced([lane], startWindowMs);
  return view();
}

/**
 * The lane of one client probe, and its view once the lane has run. A failure of the prober's own
 * machine is no sample.
 */
export function clientLane(
  probe: ClientProbe,
  addresses: readonly string[],
  gauge: LoopGauge,
  startWindowMs: number,
): { readonly lane: Lane; readonly outcomes: readonly Outcome[]; readonly view: () => ClientView } {
  const requests = clientRequests(probe, addresses);
  const outcomes: Outcome[] = [];
  let next = 0;
  const lane: Lane = {
    samples: probe.samples,
    slot: { inFlight: 0 },
    maxInFlight: MAX_CLIENT_IN_FLIGHT,
    minGapMs: sampleGapMs(probe.samples, startWindowMs),
    costMs: REST_MS[paceOf(probe)],
    start: async () => {
      const request = requests[next++ % requests.length];
      if (request !== undefined) outcomes.push(await exchange(request, gauge));
    },
  };
  return { lane, outcomes, view: () => ({ groupArn: probe.groupArn, samples: outcomes.flatMap(clientSample) }) };
}

function clientRequests(probe: ClientProbe, addresses: readonly string[]): ExchangeRequest[] {
  const request = requestsOf({ ...probe, method: 'GET', hostHeader: probe.hostHeader ?? probe.host });
  return addresses.map((address) => request(address, probe.port));
}

function clientSample(outcome: Outcome): ClientView['samples'] {
  if ('latencyMs' in outcome) return [{ latencyMs: outcome.latencyMs }];
  return 'error' in outcome ? [{ error: outcome.error }] : [];
}

/**
 * All addresses of a name, or the address itself.
 * @throws Error when the name does not resolve within `timeoutMs`.
 */
export async function resolveAddresses(host: string, timeoutMs: number): Promise<readonly string[]> {
  if (isIP(host) !== 0) return [host];
  return routable(await withDeadline(lookup(host, { all: true }), timeoutMs, host));
}

/**
 * IPv4 alone when there are any: a function may have no IPv6 route, which would look like a failure
 * of the load balancer.
 */
export function routable(found: readonly LookupAddress[]): readonly string[] {
  const v4 = found.filter((entry) => entry.family === 4);
  return (v4.length > 0 ? v4 : found).map((entry) => entry.address);
}

/** @throws Error when the work is not done in time. */
export async function withDeadline<T>(work: Promise<T>, timeoutMs: number, host: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${host} did not resolve within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
