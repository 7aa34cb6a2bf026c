/**
 * Whether the remaining targets can carry the load, projected from the best source there is: pools,
 * CPU, then the request rate. Without any it is unknown, which blocks.
 */
import { busiestPerSecond } from '../balancer-view';
import type { BalancerView, GuardrailCheck, HostLoad } from '../model';

export interface CapacityInput {
  /** Readings of the inspected hosts, of any age. */
  readonly loads: readonly HostLoad[];
  /** Ids of the hosts that serve now and stay. Readings of others say nothing about them. */
  readonly survivors: ReadonlySet<string>;
  /** Why Container Insights told none of tasks; undefined: it was not asked, or did. */
  readonly tasksUnread?: string | undefined;
  readonly now: number;
  /** Readings of this age or older do not count, ms. */
  readonly keptMs: number;
  /**
   * Requests a second that one target can serve, as the operator declared it, and what the load
   * balancer counted.
   */
  readonly declared: DeclaredCapacity | undefined;
  /** Targets serving now, and after the removal. */
  readonly servingNow: number;
  readonly servingAfter: number;
  /** 0 to 1. */
  readonly ceiling: number;
}

export interface DeclaredCapacity {
  readonly requestsPerSecondPerTarget: number;
  /** Undefined: no reading is recent enough. */
  readonly view: BalancerView | undefined;
}

/**
 * The use of the fullest survivor, times servingNow / servingAfter (the removed target's share
 * spread evenly: 9 of 20 on one of four targets becomes 9 x 4/3 = 12 of 20 on one of three),
 * against the ceiling. The fullest and not the mean, which one large idle host lowers for three
 * full ones. A gauge that is read once jumps about: too high a reading delays a removal by one
 * inspection, too low a mean would overload a host that is well. Sticky or hashed load spreads less
 * evenly: the ceiling is for that.
 */
export function capacityCheck(input: CapacityInput): GuardrailCheck {
  const limit = percent(input.ceiling);
  if (input.servingAfter < 1) return { guardrail: 'capacity-projection', value: 'no target left', limit, passed: false };
  const source = hostSource(input) ?? rateSource(input);
  if (source === undefined)
    return { guardrail: 'capacity-unknown', value: unknown(input), limit: 'at least one source of load', passed: false };
  const projected = (source.use * input.servingNow) / input.servingAfter;
  const value = `${percent(projected)} (${source.summary} x ${input.servingNow}/${input.servingAfter})`;
  return { guardrail: 'capacity-projection', value, limit, passed: projected <= input.ceiling };
}

interface Source {
  readonly use: number;
  readonly summary: string;
}

/**
 * The fullest of the remaining hosts that were read lately: each by its pool, or by its CPU where
 * it exposes no pool.
 */
function hostSource({ loads, survivors, now, keptMs }: CapacityInput): Source | undefined {
  const fresh = freshLoads(loads, now, keptMs).filter(({ host }) => survivors.has(host));
  const sources = fresh.flatMap((load) => hostUse(load) ?? []).sort((a, b) => b.use - a.use);
  const [fullest] = sources;
  if (fullest === undefined) return undefined;
  const read = new Set(fresh.map(({ host }) => host)).size;
  return { ...fullest, summary: `${fullest.summary}, the fullest of ${read} read` };
}

/**
 * Readings of less than `keptMs` ago. One from as far in the future comes from a wrong clock and
 * does not count.
 */
export function freshLoads(loads: readonly HostLoad[], now: number, keptMs: number): HostLoad[] {
  return loads.filter(({ capturedAt }) => Math.abs(now - capturedAt) < keptMs);
}

function hostUse({ host, pool, cpuBusy, from }: HostLoad): Source | undefined {
  if (pool !== undefined && pool.max > 0) return { use: pool.active / pool.max, summary: `pool ${pool.active} of ${pool.max} on ${host}` };
  const where = from === undefined ? host : `${host} by Container Insights`;
  return cpuBusy === undefined ? undefined : { use: cpuBusy, summary: `CPU ${percent(cpuBusy)} on ${where}` };
}

/**
 * The rate of the busiest minute over the declared capacity of all that serve now: the removed
 * target's share goes to the others.
 */
function rateSource({ declared, servingNow }: CapacityInput): Source | undefined {
  const perSecond = declared?.view === undefined ? undefined : busiestPerSecond(declared.view);
  if (declared === undefined || perSecond === undefined) return undefined;
  const { requestsPerSecondPerTarget: each } = declared;
  return { use: perSecond / (each * servingNow), summary: `${perSecond.toFixed(1)} requests/s of ${each} x ${servingNow} declared` };
}

function unknown({ declared, keptMs, tasksUnread }: CapacityInput): string {
  const rate = declared === undefined ? 'no capacity declared' : 'no recent whole minute of requests from CloudWatch';
  return `no pool or CPU reading of a remaining target within ${Math.round(keptMs / 1000)} s, ${rate}${tasksUnread === undefined ? '' : `; ${tasksUnread}`}`;
}

function percent(value: number): string {
  return `${Math.round(value * 100)} %`;
}
