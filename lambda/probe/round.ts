import type { ProbeGroup, ProbePlan, ProbeReport, ProberHealth, Sample } from '../../core/model';
import { clientLane, resolveAddresses } from './client';
import { proberHealth, startControl, type ControlServer } from './control';
import { exchange } from './exchange';
import { LoopGauge } from './loop-gauge';
import { runPaced, type Lane, type Slot } from './pace';
import { MAX_IN_FLIGHT_PER_TARGET, paceOf, REST_MS, SAMPLE_GAP_MS, sampleGapMs } from './pacing';
import type { ExchangeRequest, Outcome } from './probe-request';
import { requestsOf } from './request';

/**
 * One round: warm up, then probe all targets, the internal load balancers and the prober itself
 * side by side at one pace.
 *
 * Gotchas. A target that answers slower than it is asked gets fewer samples than planned, and what
 * could not be started inside the window is not reported. The self-bias gate and the control probe
 * only say whether to believe the round; they never correct a sample.
 */
export async function probeRound(plan: ProbePlan): Promise<ProbeReport> {
  const gauge = new LoopGauge();
  const groups = plan.groups.map((group) => new GroupProbes(group));
  const control = await startControl();
  try {
    const clients = await resolveClients(plan, gauge);
    await warmUp(control, groups, gauge);
    return await measure(plan, groups, clients, control, gauge);
  } finally {
    await control.close();
  }
}

async function measure(
  plan: ProbePlan,
  groups: readonly GroupProbes[],
  clients: Clients,
  control: ControlServer,
  gauge: LoopGauge,
): Promise<ProbeReport> {
  const own = controlLane(control, gauge);
  const slots = new Map<string, Slot>();
  const targets = groups.flatMap((group) => group.lanes(plan.startWindowMs, slots, gauge));
  const startedAt = Date.now();
  await runPaced([own.lane, ...targets, ...clients.sampled.map(({ lane }) => lane)], plan.startWindowMs);
  const probes = [...groups.flatMap((group) => group.outcomes), ...clients.sampled.flatMap(({ outcomes }) => outcomes)];
  return {
    v: 1,
    startedAt,
    endedAt: Date.now(),
    groups: groups.map((group) => group.report()),
    ...(plan.clients === undefined ? {} : { clients: clients.sampled.map(({ view }) => view()) }),
    prober: withUnresolved(proberHealth(own.outcomes, probes), clients.unresolved),
  };
}

/** The probes of one group, and what they found. */
class GroupProbes {
  readonly outcomes: Outcome[] = [];
  private readonly samples: Sample[] = [];
  private readonly request: (address: string, port: number) => ExchangeRequest;

  constructor(readonly group: ProbeGroup) {
    this.request = requestsOf(group);
  }

  /**
   * One lane a target. Targets at the same address and port are one place, whatever group they are
   * in.
   */
  lanes(startWindowMs: number, slots: Map<string, Slot>, gauge: LoopGauge): Lane[] {
    return this.group.targets.map(({ target, address, samples }) => {
      const request = this.request(address, this.group.port ?? target.port);
      return {
        samples,
        slot: slotOf(slots, `${address} ${this.group.port ?? target.port}`),
        maxInFlight: MAX_IN_FLIGHT_PER_TARGET,
        minGapMs: sampleGapMs(samples, startWindowMs),
        costMs: REST_MS[paceOf(this.group)],
        start: async (startedMs) => this.keep(target, Math.round(startedMs), await exchange(request, gauge)),
      };
    });
  }

  /** Requests to warm up with. */
  firstRequests(count: number): ExchangeRequest[] {
    return this.group.targets.slice(0, count).map(({ target, address }) => this.request(address, this.group.port ?? target.port));
  }

  /** `certificateExpiresAt` is the earliest of the group. */
  report(): ProbeReport['groups'][number] {
    const expiries = this.outcomes.flatMap(({ certificateExpiresAt: at }) => (at === undefined ? [] : [at]));
    const { groupArn } = this.group;
    if (expiries.length === 0) return { groupArn, samples: this.samples };
    return { groupArn, samples: this.samples, certificateExpiresAt: expiries.reduce((a, b) => Math.min(a, b)) };
  }

  private keep(target: Sample['target'], offsetMs: number, outcome: Outcome): void {
    this.outcomes.push(outcome);
    if ('latencyMs' in outcome) this.samples.push({ target, offsetMs, latencyMs: outcome.latencyMs, phases: outcome.phases });
    else if ('error' in outcome) this.samples.push({ target, offsetMs, error: outcome.error });
  }
}

function slotOf(slots: Map<string, Slot>, key: string): Slot {
  const known = slots.get(key) ?? { inFlight: 0 };
  slots.set(key, known);
  return known;
}

function controlRequest(control: ControlServer): ExchangeRequest {
  const shape = { protocol: 'HTTP', method: 'GET', path: '/', matcher: '200', timeoutMs: 1000 } as const;
  return requestsOf(shape)(control.address, control.port);
}

function controlLane(control: ControlServer, gauge: LoopGauge): { readonly lane: Lane; readonly outcomes: readonly Outcome[] } {
  const request = controlRequest(control);
  const outcomes: Outcome[] = [];
  const lane: Lane = {
    samples: Infinity,
    slot: { inFlight: 0 },
    maxInFlight: 1,
    minGapMs: SAMPLE_GAP_MS,
    costMs: REST_MS.HTTP,
    start: async () => {
      outcomes.push(await exchange(request, gauge));
    },
  };
  return { lane, outcomes };
}

const WARM_UP_HTTP = 20;
const WARM_UP_TARGETS = 3;
const WARM_UP_LIMIT_MS = 1000;

/**
 * The first requests of a cold process are slower by up to 1 ms, and by 11 to 14 ms over TLS: they
 * are made here and thrown away. Over TLS and in HTTP/2 they need a server that speaks it, so they
 * go to the first targets, one after the other, until one does not answer.
 */
async function warmUp(control: ControlServer, groups: readonly GroupProbes[], gauge: LoopGauge): Promise<void> {
  for (let count = 0; count < WARM_UP_HTTP; count++) await exchange(controlRequest(control), gauge);
  const others = groups.filter(({ group }) => group.protocol === 'HTTPS' || group.version !== undefined);
  const first = others.flatMap((group) => group.firstRequests(WARM_UP_TARGETS));
  for (const request of first.slice(0, WARM_UP_TARGETS)) {
    const outcome = await exchange({ ...request, timeoutMs: Math.min(request.timeoutMs, WARM_UP_LIMIT_MS) }, gauge);
    if (!('latencyMs' in outcome)) return;
  }
}

interface Clients {
  readonly sampled: readonly ReturnType<typeof clientLane>[];
  readonly unresolved: readonly string[];
}

/** A name that does not resolve costs its own view and no other measurement; the report says so. */
async function resolveClients(plan: ProbePlan, gauge: LoopGauge): Promise<Clients> {
  const probes = plan.clients ?? [];
  const found = await Promise.allSettled(probes.map((probe) => resolveAddresses(probe.host, probe.timeoutMs)));
  const lanes = probes.map((probe, index) => {
    const result = found[index];
    if (result?.status === 'fulfilled') return clientLane(probe, result.value, gauge, plan.startWindowMs);
    return `no client view of ${probe.groupArn}: ${String(result?.reason)}`;
  });
  return { sampled: lanes.filter((lane) => typeof lane !== 'string'), unresolved: lanes.filter((lane) => typeof lane === 'string') };
}

function withUnresolved(health: ProberHealth, unresolved: readonly string[]): ProberHealth {
  if (unresolved.length === 0) return health;
  return { ...health, why: [...(health.why === undefined ? [] : [health.why]), ...unresolved].join('; ') };
}
