import type { PoolReading } from '../model';
import type { Evidence } from './confidence';
import { fullness } from './pools';
import type { View } from './view';

/**
 * A pool this full has nothing to give to the next request. One connection of ten may be on its way
 * back.
 */
const FULL_FROM = 0.9;
/** A peer below this has room: three tenths of its pool are free. */
const ROOM_BELOW = 0.7;
/** guardrails.md: when a third of the inspected peers are near full too, it is shared. */
const SHARED_FROM = 1 / 3;

export function isFull(pool: PoolReading): boolean {
  return fullness(pool) >= FULL_FROM || ((pool.waiting ?? 0) > 0 && fullness(pool) >= ROOM_BELOW);
}

export function hasRoom(pool: PoolReading): boolean {
  return fullness(pool) < ROOM_BELOW && (pool.waiting ?? 0) === 0;
}

/** "pool 20/20, 45 waiting". */
export function poolText(pool: PoolReading): string {
  return `pool ${pool.active}/${pool.max}${pool.waiting === undefined ? '' : `, ${pool.waiting} waiting`}`;
}

/** A pool without a queue keeps nobody waiting, however full it is. */
export function nobodyWaits(pool: PoolReading): Evidence[] {
  return pool.waiting === 0 ? [{ weight: 'moderate', summary: 'nobody waits for the pool' }] : [];
}

/** "peers 6 to 8". */
export function peersText(pools: readonly PoolReading[]): string {
  const used = pools.map(({ active }) => active);
  const [low, high] = [Math.min(...used), Math.max(...used)];
  return low === high ? `peers ${low}` : `peers ${low} to ${high}`;
}

/** The sick host's pool is full, and not one as full is the rule among its peers. */
export function isFullHereOnly({ sickPool, peerPools }: View): boolean {
  if (sickPool === undefined || peerPools.length === 0) return false;
  return isFull(sickPool) && peerPools.filter(isFull).length < peerPools.length * SHARED_FROM && peerPools.some(hasRoom);
}

/** The sick host's pool is full, and so are a third of its peers' or more. */
export function isFullEverywhere({ sickPool, peerPools }: View): boolean {
  if (sickPool === undefined || peerPools.length === 0) return false;
  return isFull(sickPool) && peerPools.filter(isFull).length >= peerPools.length * SHARED_FROM;
}
