/** How busy the inspected hosts were, with the time of each reading. */
import type { HostCapture, HostLoad } from '../model';
import { parseInspection } from './parse';
import { fullestPools, type PoolMetricNames } from './pools';
import { busyFraction } from './readings';

/**
 * One entry for each host that could be read and told anything of its load. Never throws on
 * anything a host may print.
 */
export function hostLoads(captures: readonly HostCapture[], poolMetrics?: PoolMetricNames): HostLoad[] {
  const inspections = captures.flatMap((capture) => parseInspection(capture) ?? []);
  const told = fullestPools(inspections, poolMetrics).filter(({ active, max }) => Number.isFinite(active) && Number.isFinite(max));
  const pools = new Map(told.map((pool) => [pool.host, pool]));
  return inspections.flatMap((inspection): HostLoad[] => {
    const pool = pools.get(inspection.host);
    const cpuBusy = busyFraction(inspection);
    if (pool === undefined && cpuBusy === undefined) return [];
    return [
      {
        host: inspection.host,
        capturedAt: inspection.capturedAt,
        ...(pool === undefined ? {} : { pool: { active: pool.active, max: pool.max } }),
        ...(cpuBusy === undefined ? {} : { cpuBusy }),
      },
    ];
  });
}
