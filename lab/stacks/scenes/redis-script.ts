import type { Scene } from '../scene';
import { everyMinute } from './shared';

/** One command after the other blocks the only thread of Redis. */
export const redisScript: Scene = {
  title: 'gunicorn and a Redis beside it: a script from cron blocks Redis',
  trees: ['redis', 'jobs'],
  port: 8000,
  page: '/cart',
  users: 20,
  thinkMs: 900,
  ownCore: true,
  parameters: { appPort: '8000', healthPort: '8000', metricsPath: '-', probePath: '/cart' },
  strike: async (sick) => void (await sick.sh(everyMinute('/opt/jobs/purge_sessions'))),
  truth: {
    causes: ['pool-starvation', 'slow-dependency'],
    culprit: 'purge_sessions',
    story: 'purge_sessions, started by cron, keeps Redis busy with one long script after the other; every request waits for it',
  },
};
