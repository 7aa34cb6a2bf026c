import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { restartShop } from '../engineer';
import { SHOP_PORT, type Host } from '../hosts';
import { view } from '../view';
import { Background } from './background';
import type { Fault } from './fault';

/** The shop's limit, set where it is started (host/shop-service.sh). */
const LIMIT = 400;
/**
 * Fewer than a page needs (32 files of the price list), enough to go on taking connections: the
 * health check stays content.
 */
const LEFT_FREE = 24;
const PAUSE_MS = 250;
const visitor = new Background();

async function openFiles(host: Host): Promise<number> {
  const pid = (await readFile(host.path('shop/run/server.pid'), 'utf8')).trim();
  return (await readdir(`/proc/${host.pid}/root/proc/${pid}/fd`)).length;
}

async function askForReceipts(host: Host): Promise<void> {
  for (let missing = LIMIT - LEFT_FREE - (await openFiles(host)); missing > 0; missing--) {
    await view(host.address, SHOP_PORT, '/api/receipt?user=nobody');
  }
}

/**
 * Somebody asks for receipts that do not exist, again and again; each time a descriptor stays open.
 */
export const fdExhaustion: Fault = {
  start: async (_, host) => {
    await askForReceipts(host);
    visitor.begin(host, async (signal) => {
      while (!signal.aborted) {
        await sleep(PAUSE_MS);
        await askForReceipts(host);
      }
    });
  },
  stop: async (_, host) => {
    await visitor.end(host);
    await restartShop(host);
  },
};
