import type { Scene } from '../scene';
import { byCron, shopOn } from './shared';

/** One command after the other blocks the only thread of Redis. */
export const redisScript: Scene = {
  title: 'gunicorn and a Redis beside it: a script from cron blocks Redis',
  trees: ['redis', 'jobs'],
  ...shopOn(8000, 20),
  ownCore: true,
  strike: byCron('/opt/jobs/purge_sessions'),
  truth: {
    causes: ['pool-starvation', 'slow-dependency'],
    culprit: 'purge_sessions',
    story: 'purge_sessions, started by cron, keeps Redis busy with one long script after the other; every request waits for it',
  },
};
