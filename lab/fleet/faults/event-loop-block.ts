import { setTimeout as sleep } from 'node:timers/promises';
import { SHOP_PORT, type Host } from '../hosts';
import { view } from '../view';
import { Background } from './background';
import type { Fault } from './fault';

/**
 * How long one search keeps the shop from doing anything else, about; less than the time-out of any
 * health check.
 */
const BLOCK_MS = 1_000;
const PAUSE_MS = 200;
const FIRST_LETTERS = 1_000;
/** The request line must fit into Node's 16 KiB of headers. */
const MAX_LETTERS = 14_000;
const scraper = new Background();

/**
 * One search; returns the length of the next, so that it takes `BLOCK_MS` on this machine: the time
 * grows with the length.
 */
async function search(host: Host, letters: number): Promise<number> {
  const { latencyMs } = await view(host.address, SHOP_PORT, `/api/search?q=${'z'.repeat(letters)}`);
  return Math.min(MAX_LETTERS, Math.max(FIRST_LETTERS, Math.round((letters * BLOCK_MS) / latencyMs)));
}

/** A scraper pastes whole documents into the search box, one after the other. */
export const eventLoopBlock: Fault = {
  start: async (_, host) => {
    const measured = await search(host, FIRST_LETTERS);
    scraper.begin(host, async (signal) => {
      for (let letters = measured; !signal.aborted; letters = await search(host, letters)) await sleep(PAUSE_MS);
    });
  },
  stop: (_, host) => scraper.end(host),
};
