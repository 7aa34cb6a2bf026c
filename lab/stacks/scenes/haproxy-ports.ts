import { STOCK } from '../sides';
import type { Scene } from '../scene';
import { byCron, shopOn } from './shared';

/** A closed connection keeps its local port for a minute. */
export const haproxyPorts: Scene = {
  title: 'HAProxy before another service: a job from cron uses up the local ports towards it',
  trees: ['haproxy', 'jobs'],
  sides: [STOCK],
  ...shopOn(8000, 12),
  strike: byCron('/opt/jobs/poll_stock'),
  truth: {
    causes: ['socket-leak'],
    culprit: 'poll_stock',
    story: 'poll_stock, started by cron, leaves four thousand sockets to stock-1 in TIME_WAIT: HAProxy has no local port left towards it',
  },
};
