import { STOCK } from '../sides';
import type { Scene } from '../scene';
import { shopOn } from './shared';

/**
 * Connections of an HTTP client that are not given back: the other side hangs up, the slot stays
 * taken.
 */
export const httpSlots: Scene = {
  title: 'gunicorn and urllib3: answers that nobody reads hold the sixteen connections to another service',
  trees: ['http-client'],
  sides: [STOCK],
  ...shopOn(8000, 30),
  strike: async (sick) => void (await sick.sh('touch /run/previews')),
  truth: {
    causes: ['socket-leak'],
    story: 'a feature that is on here only keeps answers of stock-1 unread: sixteen sockets in CLOSE_WAIT, and every page waits for a slot',
  },
};
