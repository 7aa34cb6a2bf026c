import type { Scene } from '../scene';
import { everyMinute, shopOn } from './shared';

/** Each command is short; there is always one under way. */
export const redisKeys: Scene = {
  title: 'gunicorn and a Redis beside it: a job from cron lists all keys again and again',
  trees: ['redis', 'jobs'],
  ...shopOn(8000, 20),
  ownCore: true,
  strike: async (sick) => {
    await sick.sh(
      `redis-cli eval "for i = 1, 1500000 do redis.call('set', 'session:' .. i, i) end" 0 > /dev/null; ${everyMinute('/opt/jobs/count_sessions')}`,
    );
  },
  truth: {
    causes: ['pool-starvation', 'slow-dependency', 'cpu-saturation'],
    culprit: 'count_sessions',
    story: 'count_sessions, started by cron, has Redis of app-3 list a million keys again and again; every request waits for it',
  },
};
