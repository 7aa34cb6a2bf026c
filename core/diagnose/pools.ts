import type { PoolReading } from '../model';
import type { Inspection } from './inspection';
import { median } from './compare';
import type { MetricSample } from './metrics';

/**
 * Where a pool's numbers stand. A name matches itself and with any prefix that ends in `_`
 * (`ruby_active_record_...`).
 */
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
  // Go: client_golang collectors.NewDBStatsCollector, and dlmiddlecote/sqlstats. sql.DBStats counts
  // waits, it has no queue length.
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
  // OpenTelemetry semantic conventions, old and new: Npgsql before and since 10, MySqlConnector,
  // the Java agent
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

/**
 * Words by which an application's own metrics name what a pool gives out, how much it has, and who
 * waits for it.
 */
const GENERIC = {
  active: /^(?:active|in_use|inuse|busy|used|acquired|checked_?out|borrowed|leased)$/,
  max: /^(?:max|maximum|size|limit|capacity|max_size|max_open|max_connections|max_conns)$/,
  waiting: /^(?:wait|waiting|waiters|pending|queued?|waiting_requests|pending_requests)$/,
} as const;
type Role = keyof typeof GENERIC;

/** A pool of something else: of threads, of connections to other services. */
const NOT_A_DATABASE = /http|thread|executor|worker|grpc|amqp|kafka|buffer|memory|heap|tcp/;

/** What is left of a name without the words that every pool has. */
function stemOf(words: readonly string[]): string {
  return words.filter((word) => !/^(?:connections?|conns?|total|count|current)$/.test(word)).join('_');
}

/**
 * The role of a metric's name and what is left of the name: `shop_db_pool_in_use` is `active` of
 * `shop_db_pool`.
 */
function roleOf(name: string): { readonly role: Role; readonly stem: string } | undefined {
  if (!/pool|conn/.test(name) || NOT_A_DATABASE.test(name)) return undefined;
  const words = name.split('_');
  for (const length of [2, 1]) {
    for (let at = words.length - length; at >= 0; at -= 1) {
      const word = words.slice(at, at + length).join('_');
      const role = (Object.keys(GENERIC) as Role[]).find((one) => GENERIC[one].test(word));
      if (role !== undefined) return { role, stem: stemOf([...words.slice(0, at), ...words.slice(at + length)]) };
    }
  }
  return undefined;
}

/**
 * One metric for every state of a connection, told apart by a label:
 * `shop_db_pool_connections{state="in_use"}`.
 */
function stateOf({ name, labels }: MetricSample): { readonly stem: string; readonly state: string } | undefined {
  if (!/pool|conn/.test(name) || NOT_A_DATABASE.test(name)) return undefined;
  const state = [labels['state'], labels['status']].find((value) => value !== undefined && GENERIC.active.test(value));
  return state === undefined ? undefined : { stem: stemOf(name.split('_')), state };
}

interface PartialNames extends Partial<Record<Role, string>> {
  readonly activeState?: string;
}

function namesIn(sample: MetricSample): (PartialNames & { readonly stem: string }) | undefined {
  const state = stateOf(sample);
  if (state !== undefined) return { stem: state.stem, active: sample.name, activeState: state.state };
  const found = roleOf(sample.name);
  return found === undefined ? undefined : { stem: found.stem, [found.role]: sample.name };
}

/**
 * Names of a pool that no exporter of ours has, by their words: the same stem in both roles, and in
 * the third where there is one.
 */
function genericNames(samples: readonly MetricSample[]): PoolMetricNames[] {
  const byStem = new Map<string, PartialNames>();
  for (const { stem, ...found } of samples.flatMap((sample) => namesIn(sample) ?? [])) byStem.set(stem, { ...found, ...byStem.get(stem) });
  return [...byStem.values()].flatMap(({ active, max, waiting, activeState }) =>
    active === undefined || (max === undefined && waiting === undefined)
      ? []
      : [{ active, max: max ?? '', ...(waiting === undefined ? {} : { waiting }), ...(activeState === undefined ? {} : { activeState }) }],
  );
}

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
    const queue = waiting.get(name) ?? (waiting.size === 1 ? [...waiting.values()][0] : undefined);
    const size = max.get(name) ?? (max.size === 1 ? [...max.values()][0] : undefined) ?? Number.NaN;
    if (size <= 0) return [];
    return [{ host, name: `${names.active} ${name}`, active: used, max: size, ...(queue === undefined ? {} : { waiting: queue }) }];
  });
}

/**
 * Every pool a host reports: by the user's own names, else by the first of the known ones that it
 * has, else by the words of its names. A size that the host does not tell is NaN.
 */
function poolsOf(inspection: Pick<Inspection, 'host' | 'metrics'>, own?: PoolMetricNames): NamedPool[] {
  const tables = own === undefined ? KNOWN : [own, ...KNOWN];
  for (const names of tables) {
    const found = readNamed(inspection.host, inspection.metrics, names);
    if (found.length > 0) return found;
  }
  return genericNames(inspection.metrics).flatMap((names) => readNamed(inspection.host, inspection.metrics, names));
}

/** The metrics by which pools are recognised in a page of metrics, and each pool's own name. */
export function poolNames(metrics: readonly MetricSample[], own?: PoolMetricNames): string[] {
  return poolsOf({ host: '', metrics }, own).map(({ name }) => name.trim());
}

/**
 * Pools with a size. Where no host tells it, a queue does: a pool that keeps somebody waiting has
 * given out all it has, and the same application has the same size on its other hosts.
 */
function sized(hosts: readonly (readonly NamedPool[])[]): NamedPool[][] {
  const told = new Map<string, number>();
  for (const { name, active, max, waiting } of hosts.flat()) {
    const least = Number.isNaN(max) && (waiting ?? 0) > 0 ? active : max;
    if (!Number.isNaN(least)) told.set(name, Math.max(least, told.get(name) ?? 0));
  }
  return hosts.map((pools) =>
    pools.flatMap((pool) => {
      const max = Number.isNaN(pool.max) ? Math.max(told.get(pool.name) ?? 0, pool.active) : pool.max;
      return max > 0 && (told.has(pool.name) || !Number.isNaN(pool.max)) ? [{ ...pool, max }] : [];
    }),
  );
}

/** How full a pool is, 0 to 1 and above where a pool may overflow. */
export function fullness(pool: PoolReading): number {
  return pool.active / pool.max;
}

/** A pool with a queue is fuller than full. */
function strain(pool: PoolReading): number {
  return fullness(pool) + Math.min(1, (pool.waiting ?? 0) / pool.max);
}

/**
 * The pool by which this host stands out most: one that is as full on every peer is not what makes
 * it sick.
 */
function mostTelling(pools: readonly NamedPool[], peers: readonly (readonly NamedPool[])[]): NamedPool | undefined {
  const excess = (pool: NamedPool): number =>
    strain(pool) - (median(peers.flatMap((own) => own.filter(({ name }) => name === pool.name).map(strain))) ?? 0);
  return [...pools].sort((a, b) => excess(b) - excess(a) || strain(b) - strain(a))[0];
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
 * One pool reading a host: the pool by which the sick host stands out most, and the pool of that
 * name on its peers (their fullest where none has the name). Hosts whose metrics name no pool are
 * left out.
 */
export function poolReadings(sick: Inspection | undefined, peers: readonly Inspection[], own?: PoolMetricNames): PoolReading[] {
  const [here = [], ...elsewhere] = sized([sick, ...peers].map((host) => (host === undefined ? [] : poolsOf(host, own))));
  const worst = mostTelling(here, elsewhere);
  const ofPeers = elsewhere.flatMap((pools) => {
    const pool = pools.find((one) => one.name === worst?.name) ?? fullest(pools);
    return pool === undefined ? [] : [reading(pool)];
  });
  return worst === undefined ? ofPeers : [reading(worst), ...ofPeers];
}

/**
 * The fullest pool of each host that reports one, whatever its name: what is the first to be short
 * there.
 */
export function fullestPools(hosts: readonly Inspection[], own?: PoolMetricNames): PoolReading[] {
  return sized(hosts.map((host) => poolsOf(host, own))).flatMap((pools) => {
    const pool = fullest(pools);
    return pool === undefined ? [] : [reading(pool)];
  });
}
