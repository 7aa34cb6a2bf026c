import { hostname } from 'node:os';
import { Pool } from 'pg';

export const POOL_MAX = 20;
/**
 * How long a request waits for a connection, and as long again at most for its page: then the stale
 * one is served.
 */
export const DEADLINE_MS = 10_000;

/**
 * No lock time-out and no statement time-out: what holds a lock in the database holds these
 * connections.
 */
export const pool = new Pool({
  host: 'db.shop.internal',
  user: 'app',
  database: 'shop',
  application_name: hostname(),
  max: POOL_MAX,
  connectionTimeoutMillis: DEADLINE_MS,
  idleTimeoutMillis: 3_000,
});
pool.on('error', (cause) => console.error(new Date().toISOString(), 'idle connection lost', cause.message));
