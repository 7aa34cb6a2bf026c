import type { PoolReading } from '../model';
import type { Inspection } from './inspection';
import type { MetricSample } from './metrics';

/** Where a pool's numbers stand. A name matches itself and with any prefix that ends in `_` (`ruby_active_record_...`). */
export interface PoolMetricNames {
  readonly active: string;
  readonly max: string;
  readonly waiting?: string;
  /** Only samples with this label value count as active, where one metric counts every state. */
  readonly activeState?: string;
}

/** The names that the common pools export, most specific first. */
const KNOWN: readonly PoolMetricNames[] = [
  // Micrometer's HikariCP binder, and HikariCP's own PrometheusMetricsTracker
  { active: 'hikaricp_connections_active', max: 'hikaricp_connections_max', waiting: 'hikaricp_connections_pending' },
  { active: 'hikaricp_active_connections', max: 'hikaricp_max_connections', waiting: 'hikaricp_pending_threads' },
  // Go: client_golang collectors.NewDBStatsCollector, and dlmiddlecote/sqlstats. sql.DBStats counts waits, it has no queue length.
  { active: 'go_sql_in_use_connections', max: 'go_sql_max_open_connections' },
  { active: 'go_sql_stats_connections_in_use', max: 'go_sql_stats_connections_max_open' },
  // @christiangalsterer/node-postgres-prometheus-exporter
  { active: 'pg_pool_active_connections', max: 'pg_pool_max', waiting: 'pg_pool_waiting_connections' },
  // prometheus_exporter (ruby, ActiveRecordCollector), yabeda-activerecord
  {
    active: 'active_record_connection_pool_busy',
    max: 'active_record_connection_pool_size',
    waiting: 'active_record_connection_pool_waiting',
  },
  {
    active: 'activerecord_connection_pool_busy',
    max: 'activerecord_connection_pool_size',
    waiting: 'activerecord_connection_pool_waiting',
  },
  // OpenTelemetry semantic conventions, old and new: Npgsql before and since 10, MySqlConnector, the Java agent
  {
    active: 'db_client_connections_usage',
    max: 'db_client_connections_max',
    waiting: 'db_client_connections_pending_requests',
    activeState: 'used',
  },
  {
    active: 'db_client_connection_count',
    max: 'db_client_connection_max',
    waiting: 'db_client_connection_pending_requests',
    activeState: 'used',
  },
  // Micrometer's DataSourcePoolMetrics: Tomcat JDBC, DBCP2, any Spring DataSource
  { active: 'jdbc_connections_active', max: 'jdbc_connections_max' },
  // SQLAlchemy has no exporter of its own; these follow QueuePool.checkedout() and size()
  { active: 'sqlalchemy_pool_checked_out', max: 'sqlalchemy_pool_size' },
  { active: 'sqlalchemy_pool_checkedout', max: 'sqlalchemy_pool_size' },
  { active: 'db_pool_checked_out', max: 'db_pool_size' },
  // prometheus-community/pgbouncer_exporter
  {
    active: 'pgbouncer_pools_server_active_connections',
    max: 'pgbouncer_databases_pool_size',
    waiting: 'pgbouncer_pools_client_waiting_connections',
  },
  // the story's own
  { active: 'connection_pool_active', max: 'connection_pool_max', waiting: 'connection_pool_wait' },
  { active: 'connection_pool_busy', max: 'connection_pool_size', waiting: 'connection_pool_waiting' },
];

/** Labels that tell the pools of one application apart, and are the same on every host. */
const POOL_LABELS = ['pool', 'pool_name', 'db_client_connection_pool_name', 'name', 'db_name', 'database'];

interface NamedPool extends PoolReading {
  readonly name: string;
}

function matches(name: string, wanted: string): boolean {
  return name === wanted || name.endsWith(`_${wanted}`);
}

function poolLabel(labels: Readonly<Record<string, string>>): string {
  const label = POOL_LABELS.find((one) => labels[one] !== undefined);
  return label === undefined ? '' : (labels[label] ?? '');
}

/** Sums the samples of one metric by pool: worker processes report their shares. */
function byPool(samples: readonly MetricSample[], wanted: string, state?: string): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { name, labels, value } of samples) {
    if (!matches(name, wanted) || value < 0) continue;
    if (state !== undefined && !Object.values(labels).includes(state)) continue;
    sums.set(poolLabel(labels), (sums.get(poolLabel(labels)) ?? 0) + value);
  }
  return sums;
}

function readNamed(host: string, samples: readonly MetricSample[], names: PoolMetricNames): NamedPool[] {
  const active = byPool(samples, names.active, names.activeState);
  const max = byPool(samples, names.max);
  const waiting = names.waiting === undefined ? new Map<string, number>() : byPool(samples, names.waiting);
  return [...active].flatMap(([name, used]) => {
    const size = max.get(name) ?? (max.size === 1 ? [...max.values()][0] : undefined);
    if (size === undefined || size <= 0) return [];
    const queue = waiting.get(name) ?? (waiting.size === 1 ? [...waiting.values()][0] : undefined);
    return [{ host, name, active: used, max: size, ...(queue === undefined ? {} : { waiting: queue }) }];
  });
}

/** Every pool a host reports. The user's own names come before the known ones. */
function poolsOf(inspection: Inspection, own?: PoolMetricNames): NamedPool[] {
  const tables = own === undefined ? KNOWN : [own, ...KNOWN];
  for (const names of tables) {
    const found = readNamed(inspection.host, inspection.metrics, names);
    if (found.length > 0) return found;
  }
  return [];
}

/** How full a pool is, 0 to 1 and above where a pool may overflow. */
export function fullness(pool: PoolReading): number {
  return pool.active / pool.max;
}

function fullest(pools: readonly NamedPool[]): NamedPool | undefined {
  return pools.reduce<NamedPool | undefined>(
    (best, pool) => (best === undefined || fullness(pool) > fullness(best) ? pool : best),
    undefined,
  );
}

function reading({ host, active, max, waiting }: NamedPool): PoolReading {
  return { host, active, max, ...(waiting === undefined ? {} : { waiting }) };
}

/**
 * One pool reading a host: the sick host's fullest pool, and the pool of that name on its peers (their fullest where none has the name).
 * Hosts whose metrics name no pool are left out.
 */
export function poolReadings(sick: Inspection | undefined, peers: readonly Inspection[], own?: PoolMetricNames): PoolReading[] {
  const worst = sick === undefined ? undefined : fullest(poolsOf(sick, own));
  const ofPeers = peers.flatMap((peer) => {
    const pools = poolsOf(peer, own);
    const pool = pools.find((one) => one.name === worst?.name) ?? fullest(pools);
    return pool === undefined ? [] : [reading(pool)];
  });
  return worst === undefined ? ofPeers : [reading(worst), ...ofPeers];
}
