import { restartShop } from '../engineer';
import { SHOP_PORT, type Host } from '../hosts';
import { view } from '../view';
import type { Fault } from './fault';

const POOL_MAX = 20;

async function leak(host: Host): Promise<void> {
  const { status } = await view(host.address, SHOP_PORT, '/api/export?format=xlsx');
  if (status !== 500) throw new Error(`the export on ${host.name} answered ${status}, expected the mistake's 500`);
}

/**
 * Somebody exports in a format that the shop does not know; each time a connection of the pool is
 * not given back.
 */
export const poolLeak: Fault = {
  start: async (_, host) => void (await Promise.all(Array.from({ length: POOL_MAX }, () => leak(host)))),
  stop: (_, host) => restartShop(host),
};
