import { STOCK } from '../sides';
import type { Scene } from '../scene';
import { everyMinute, PYTHON_PARAMETERS } from './shared';

/** A closed connection keeps its local port for a minute. */
export const haproxyPorts: Scene = {
  title: 'HAProxy before another service: a job from cron uses up the local ports towards it',
  trees: ['haproxy', 'jobs'],
  sides: [STOCK],
  port: 8000,
  page: '/cart',
  users: 12,
  thinkMs: 900,
  parameters: PYTHON_PARAMETERS,
  strike: async (sick) => void (await sick.sh(everyMinute('/opt/jobs/poll_stock'))),
  onsetS: 200,
  truth: {
    causes: ['socket-leak'],
    culprit: 'poll_stock',
    story: 'poll_stock, started by cron, leaves four thousand sockets to stock-1 in TIME_WAIT: HAProxy has no local port left towards it',
  },
};
