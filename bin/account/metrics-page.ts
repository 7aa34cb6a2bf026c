/** Whether an application's metrics can be read and recognised, from where the command runs. */
import { parseMetrics } from '../../core/diagnose/metrics';
import { poolNames, type PoolMetricNames } from '../../core/diagnose/pools';
import { getPage, type PageRequest } from './get-page';

export interface MetricsPage {
  /** Undefined: on no port. */
  readonly port: number | undefined;
  /** Metrics of pools that the diagnosis recognises. */
  readonly pools: readonly string[];
  readonly why: string;
}

const TIMEOUT_MS = 1_500;
export const METRICS_PATH = '/metrics';

type Where = Pick<PageRequest, 'protocol' | 'address'>;

/**
 * The first of these ports with metrics in the Prometheus text format; undefined where the host
 * cannot be reached from here on any of them.
 */
export async function findMetrics(
  where: Where,
  ports: readonly number[],
  path = METRICS_PATH,
  own?: PoolMetricNames,
): Promise<MetricsPage | undefined> {
  let reached = false;
  for (const port of new Set(ports)) {
    const page = await getPage({ ...where, port, path, timeoutMs: TIMEOUT_MS });
    reached ||= !('unreachable' in page) || page.unreachable === 'ECONNREFUSED';
    if (!('status' in page) || page.status !== 200) continue;
    const samples = parseMetrics(page.text);
    if (samples.length === 0) continue;
    return { port, pools: poolNames(samples, own), why: `${where.address}:${port}${path} has ${samples.length} metrics` };
  }
  return reached
    ? { port: undefined, pools: [], why: `${where.address} has no metrics at ${path} on ports ${[...new Set(ports)].join(', ')}` }
    : undefined;
}
