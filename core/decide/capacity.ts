/** Would the survivors carry the load? Projected by the best source there is: pools, CPU, then the request rate; none: unknown, and unknown blocks. */
import { busiestPerSecond } from '../balancer-view';
import type { BalancerView, Diagnosis, GuardrailCheck } from '../model';

export interface CapacityInput {
  readonly diagnosis: Diagnosis | undefined;
  /** The sick host: its own use says nothing about the survivors. */
  readonly sickHost: string;
  /** Requests a second that one target can serve, as the operator declared it, and what the load balancer counted. */
  readonly declared: DeclaredCapacity | undefined;
  /** Targets serving now, and after the removal. */
  readonly servingNow: number;
  readonly servingAfter: number;
  /** 0 to 1. */
  readonly ceiling: number;
}

export interface DeclaredCapacity {
  readonly requestsPerSecondPerTarget: number;
  /** Undefined: nothing that is fresh enough. */
  readonly view: BalancerView | undefined;
}

/**
 * The survivors' mean use, times servingNow / servingAfter (the removed target's share spread evenly: 8 of 20 on four targets becomes
 * 8 x 4/3 = 10.7 of 20 on three), against the ceiling. The mean and not the busiest one: a gauge read once jumps about, and what is
 * projected is the load of all. One survivor that is full already is the shared-cause guardrail's business; sticky or hashed load
 * spreads less evenly: the ceiling is for that.
 */
export function capacityCheck(input: CapacityInput): GuardrailCheck {
  const limit = percent(input.ceiling);
  if (input.servingAfter < 1) return { guardrail: 'capacity-projection', value: 'nobody left', limit, passed: false };
  const source = poolSource(input) ?? cpuSource(input) ?? rateSource(input);
  if (source === undefined) return { guardrail: 'capacity-unknown', value: unknown(input), limit: 'one source', passed: false };
  const projected = (source.use * input.servingNow) / input.servingAfter;
  const value = `${percent(projected)} (${source.says} x ${input.servingNow}/${input.servingAfter})`;
  return { guardrail: 'capacity-projection', value, limit, passed: projected <= input.ceiling };
}

interface Source {
  readonly use: number;
  readonly says: string;
}

function poolSource({ diagnosis, sickHost }: CapacityInput): Source | undefined {
  const pools = (diagnosis?.pools ?? []).filter((pool) => pool.host !== sickHost && pool.max > 0);
  const active = pools.reduce((sum, pool) => sum + pool.active, 0);
  const max = pools.reduce((sum, pool) => sum + pool.max, 0);
  return max === 0 ? undefined : { use: active / max, says: `pools ${active} of ${max} on ${pools.length} survivors` };
}

function cpuSource({ diagnosis, sickHost }: CapacityInput): Source | undefined {
  const readings = (diagnosis?.cpu ?? []).filter((reading) => reading.host !== sickHost);
  if (readings.length === 0) return undefined;
  const use = readings.reduce((sum, reading) => sum + reading.busyFraction, 0) / readings.length;
  return { use, says: `CPU ${percent(use)} on ${readings.length} survivors` };
}

/** The rate of the busiest minute over what all that serve now can carry together: the removed target's share goes to the others. */
function rateSource({ declared, servingNow }: CapacityInput): Source | undefined {
  const perSecond = declared?.view === undefined ? undefined : busiestPerSecond(declared.view);
  if (declared === undefined || perSecond === undefined) return undefined;
  const { requestsPerSecondPerTarget: each } = declared;
  return { use: perSecond / (each * servingNow), says: `${perSecond.toFixed(1)} requests/s of ${each} x ${servingNow} declared` };
}

function unknown({ declared }: CapacityInput): string {
  const rate = declared === undefined ? 'no capacity declared' : 'no whole minute of requests that CloudWatch told of lately';
  return `no pool and no CPU reading of a survivor, ${rate}`;
}

function percent(value: number): string {
  return `${Math.round(value * 100)} %`;
}
