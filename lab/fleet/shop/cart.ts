import { lookup } from 'node:dns/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { journal } from './journal';
import { patiently } from './patience';
import { DEADLINE_MS, pool } from './pool';
import { readPrices } from './price-list';
import { SETTLE_MS } from './release';

/** Served when the real page is not ready in time. */
export const STALE = { stale: true } as const;

export interface Page {
  readonly orders: number;
  readonly total: number;
}

/** Rows of a host's session table: a user's visits count in one of them. */
const SHARDS = 64;
const NODE = hostname();

async function read(user: number): Promise<Page & { settle_ms: number }> {
  const client = await pool.connect();
  try {
    await client.query('UPDATE sessions SET hits = hits + 1, seen_at = now() WHERE node = $1 AND shard = $2', [NODE, user % SHARDS]);
    const result = await client.query<Page & { settle_ms: number }>('SELECT * FROM cart_of($1, $2)', [NODE, user]);
    const [page] = result.rows;
    if (page === undefined) throw new Error(`no cart for user ${user}`);
    return page;
  } finally {
    client.release();
  }
}

async function build(user: number): Promise<Page> {
  await lookup('prices.shop.internal', { family: 4 });
  await patiently(readPrices);
  const { settle_ms, ...page } = await read(user);
  await sleep(SETTLE_MS + settle_ms);
  await journal(`${new Date().toISOString()} cart ${user} ${page.orders}\n`);
  return page;
}

function afterDeadline(signal: AbortSignal): Promise<typeof STALE> {
  return sleep(DEADLINE_MS, STALE, { signal });
}

/**
 * The user's page, or the stale one after 10 s. The work goes on behind a stale page: its
 * connection stays in use until it ends.
 */
export async function cart(user: number): Promise<Page | typeof STALE> {
  const timer = new AbortController();
  const work = build(user).catch((cause: unknown) => {
    console.error(new Date().toISOString(), 'cart served stale:', cause instanceof Error ? cause.message : cause);
    return STALE;
  });
  const late = afterDeadline(timer.signal).catch(() => STALE); // aborted: the work was first
  const page = await Promise.race([work, late]);
  timer.abort();
  return page;
}
