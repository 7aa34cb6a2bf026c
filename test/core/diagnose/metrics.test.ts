import * as fc from 'fast-check';
import { diagnose } from '../../../core/diagnose/diagnose';
import { parseMetrics } from '../../../core/diagnose/metrics';
import type { PoolMetricNames } from '../../../core/diagnose/pools';

/** A page as each exporter prints it: 9 in use, 12 the most, 3 waiting where the exporter tells. */
const PAGES: Readonly<Record<string, { readonly page: string; readonly waiting?: number }>> = {
  'the story': { page: 'connection_pool_active 9\nconnection_pool_max 12\nconnection_pool_wait 3', waiting: 3 },
  'HikariCP by Micrometer': {
    page: 'hikaricp_connections_active{pool="main",} 9.0\nhikaricp_connections_max{pool="main",} 12.0\nhikaricp_connections_pending{pool="main",} 3.0',
    waiting: 3,
  },
  'HikariCP by itself': {
    page: 'hikaricp_active_connections{pool="main"} 9\nhikaricp_max_connections{pool="main"} 12\nhikaricp_pending_threads{pool="main"} 3',
    waiting: 3,
  },
  'Go sql.DBStats': {
    page: 'go_sql_in_use_connections{db_name="shop"} 9\ngo_sql_max_open_connections{db_name="shop"} 12\ngo_sql_wait_count_total{db_name="shop"} 311',
  },
  'Go sqlstats': { page: 'go_sql_stats_connections_in_use{db_name="shop"} 9\ngo_sql_stats_connections_max_open{db_name="shop"} 12' },
  'node-postgres exporter': {
    page: 'pg_pool_size{host="db:5432",database="shop"} 10\npg_pool_max{host="db:5432",database="shop"} 12\npg_pool_active_connections{host="db:5432",database="shop"} 9\npg_pool_waiting_connections{host="db:5432",database="shop"} 3',
    waiting: 3,
  },
  SQLAlchemy: { page: 'sqlalchemy_pool_checked_out{pool="default"} 9\nsqlalchemy_pool_size{pool="default"} 12' },
  'Npgsql before 10': {
    page: 'db_client_connections_usage{pool_name="shop",state="idle"} 2\ndb_client_connections_usage{pool_name="shop",state="used"} 9\ndb_client_connections_max{pool_name="shop"} 12\ndb_client_connections_pending_requests{pool_name="shop"} 3',
    waiting: 3,
  },
  'Npgsql since 10': {
    page: 'db_client_connection_count{db_client_connection_pool_name="shop",db_client_connection_state="used"} 9\ndb_client_connection_count{db_client_connection_pool_name="shop",db_client_connection_state="idle"} 1\ndb_client_connection_max{db_client_connection_pool_name="shop"} 12\ndb_client_connection_pending_requests{db_client_connection_pool_name="shop"} 3',
    waiting: 3,
  },
  'Tomcat JDBC by Micrometer': { page: 'jdbc_connections_active{name="dataSource"} 9.0\njdbc_connections_max{name="dataSource"} 12.0' },
  ActiveRecord: {
    page: 'ruby_active_record_connection_pool_busy{pool_name="main",pid="11"} 5\nruby_active_record_connection_pool_busy{pool_name="main",pid="12"} 4\nruby_active_record_connection_pool_size{pool_name="main",pid="11"} 6\nruby_active_record_connection_pool_size{pool_name="main",pid="12"} 6\nruby_active_record_connection_pool_waiting{pool_name="main",pid="11"} 3',
    waiting: 3,
  },
  pgbouncer: {
    page: 'pgbouncer_databases_pool_size{name="shop",database="shop",host="db"} 12\npgbouncer_pools_server_active_connections{database="shop",user="app"} 9\npgbouncer_pools_client_waiting_connections{database="shop",user="app"} 3',
    waiting: 3,
  },
};

function printed(page: string): string {
  const lines = page.split('\n').map((line) => `m\t${line}`);
  return ['sickbay-inspection 1', '## metrics ok', ...lines, '## end ok'].join('\n');
}

function poolsOf(page: string, own?: PoolMetricNames) {
  return diagnose({
    sick: { host: 'a', stdout: printed(page), capturedAt: 0 },
    peers: [],
    now: 0,
    ...(own === undefined ? {} : { poolMetrics: own }),
  }).pools;
}

describe('pool metrics', () => {
  test.each(Object.entries(PAGES))('the names that %s exports are recognised', (_, { page, waiting }) => {
    expect(poolsOf(page)).toEqual([{ host: 'a', active: 9, max: 12, ...(waiting === undefined ? {} : { waiting }) }]);
  });

  test("the user's own names come first", () => {
    const page = `shop_db_busy 9\nshop_db_limit 12\nshop_db_queue 3\n${PAGES['the story']?.page.replaceAll('9', '1')}`;
    expect(poolsOf(page, { active: 'shop_db_busy', max: 'shop_db_limit', waiting: 'shop_db_queue' })).toEqual([
      { host: 'a', active: 9, max: 12, waiting: 3 },
    ]);
  });

  test('the fullest of several pools counts', () => {
    const page = ['read', 'write']
      .map((name) => `hikaricp_connections_active{pool="${name}"} ${name === 'read' ? 1 : 9}\nhikaricp_connections_max{pool="${name}"} 10`)
      .join('\n');
    expect(poolsOf(page)).toEqual([{ host: 'a', active: 9, max: 10 }]);
  });

  test.each([
    ['db_pool_in_use 9\ndb_pool_size 12\ndb_pool_waiting 3'],
    ['shop_database_connections_active 9\nshop_database_connections_max 12\nshop_database_connections_pending 3'],
    ['pgxpool_acquired_conns 9\npgxpool_max_conns 12\npgxpool_waiting 3'],
    [
      'http_pool_active 1\nhttp_pool_max 1\nmysql_pool_busy{worker="1"} 5\nmysql_pool_busy{worker="2"} 4\nmysql_pool_limit 12\nmysql_pool_queue 3',
    ],
    ['db_pool_connections{state="idle"} 1\ndb_pool_connections{state="in_use"} 9\ndb_pool_max_connections 12\ndb_pool_pending_requests 3'],
    ['dbcp_connections_borrowed{app="x"} 9\ndbcp_connections_maximum{app="x"} 12\ndbcp_connections_waiters{app="x"} 3'],
  ])('a pool that no exporter of ours has is known by its words: %s', (page) => {
    expect(poolsOf(page)).toEqual([{ host: 'a', active: 9, max: 12, waiting: 3 }]);
  });

  test('threads and HTTP clients are no pool of a database', () => {
    expect(poolsOf('http_client_connections_active 9\nhttp_client_connections_max 9\nthread_pool_active 9\nthread_pool_size 9')).toEqual(
      [],
    );
  });

  test('a pool of unknown size that keeps somebody waiting has given out all it has, and its peers have the same', () => {
    const page = (active: number, waiting: number) => `db_pool_active ${active}\ndb_pool_waiting ${waiting}`;
    const host = (name: string, active: number, waiting: number) => ({ host: name, stdout: printed(page(active, waiting)), capturedAt: 0 });
    const { pools, findings } = diagnose({ sick: host('a', 20, 45), peers: [host('b', 6, 0), host('c', 8, 0)], now: 0 });
    expect(pools).toEqual([
      { host: 'a', active: 20, max: 20, waiting: 45 },
      { host: 'b', active: 6, max: 20, waiting: 0 },
      { host: 'c', active: 8, max: 20, waiting: 0 },
    ]);
    expect(findings[0]?.cause).not.toBe('shared-dependency');
    expect(diagnose({ sick: host('a', 5, 0), peers: [host('b', 6, 0)], now: 0 }).pools).toEqual([]);
  });

  test('of several pools the one counts by which the host stands out, not one that is full on every host', () => {
    const page = (main: number) =>
      `hikaricp_connections_active{pool="admin"} 1\nhikaricp_connections_max{pool="admin"} 1\nhikaricp_connections_active{pool="main"} ${main}\nhikaricp_connections_max{pool="main"} 20`;
    const host = (name: string, main: number) => ({ host: name, stdout: printed(page(main)), capturedAt: 0 });
    const { pools } = diagnose({ sick: host('a', 20), peers: [host('b', 6), host('c', 8)], now: 0 });
    expect(pools.map(({ active, max }) => [active, max])).toEqual([
      [20, 20],
      [6, 20],
      [8, 20],
    ]);
  });

  test('a pool without an upper limit is no pool that can be full', () => {
    expect(poolsOf('go_sql_in_use_connections 9\ngo_sql_max_open_connections 0')).toEqual([]);
  });

  test('garbage between samples costs the garbage, not the samples', () => {
    const page = 'connection_pool_active 9\nx{ 1\n{}{}\nnull\ny{a=b} 1\nconnection_pool_max 12\nconnection_pool_wait NaN';
    expect(poolsOf(page)).toEqual([{ host: 'a', active: 9, max: 12 }]);
  });

  test('arbitrary text never throws', () => {
    const nasty = fc.stringMatching(/^[a-z_]{0,5}[{}="\\ ,#0-9.a-zA-Z\n]{0,60}$/);
    fc.assert(
      fc.property(fc.oneof(fc.string(), nasty), (text) => expect(Array.isArray(parseMetrics(text))).toBe(true)),
      { numRuns: 1000 },
    );
  });
});
