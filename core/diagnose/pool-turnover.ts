/**
 * Whether connections are given back to a pool: from the two looks at a metrics page, a second
 * apart.
 */
import { seen, type Evidence } from './confidence';
import { contrast, rangeText } from './contrast';
import type { Inspection } from './inspection';
import type { MetricSample } from './metrics';
import type { View } from './view';

/**
 * Counters that grow when a connection is given back, for they count how long each was used:
 * HikariCP's `usage` (Micrometer: hikaricp_connections_usage_seconds_count; HikariCP's own tracker:
 * hikaricp_connection_usage_millis_count), and `use_time` of OpenTelemetry ("the time between
 * borrowing a connection and returning it to the pool": semantic conventions, database metrics).
 */
const GIVEN_BACK = /(?:pool|conn)\w*_(?:usage|use_time)(?:_[a-z]+)?_count$/;

/** Fewer than this on a peer within a second, and none here would be no wonder. */
const ENOUGH = 3;

function total(samples: readonly MetricSample[]): number | undefined {
  const found = samples.filter(({ name }) => GIVEN_BACK.test(name));
  return found.length === 0 ? undefined : found.reduce((sum, { value }) => sum + value, 0);
}

/**
 * Connections of all its pools that were given back between the two looks; undefined where the page
 * does not tell, or its process was started again meanwhile.
 */
export function givenBack({ metrics, metricsBefore = [] }: Inspection): number | undefined {
  const [before, after] = [total(metricsBefore), total(metrics)];
  return before === undefined || after === undefined || after < before ? undefined : after - before;
}

/** For a leak: nothing comes back here, while it does on every peer that tells. */
export function nothingComesBack(view: Pick<View, 'sick' | 'alike'>): Evidence[] {
  const { here, peers } = contrast(view, givenBack);
  if (here !== 0 || peers.length === 0 || Math.min(...peers) < ENOUGH) return [];
  return [seen('moderate', `no connection was given back to the pool between two looks; on peers ${rangeText(peers, String)}`)];
}

/** Against it: some do come back. */
export function someComeBack({ sick }: Pick<View, 'sick'>): Evidence[] {
  const here = givenBack(sick) ?? 0;
  return here === 0 ? [] : [seen('moderate', `${here} connections were given back to the pool between two looks`)];
}
