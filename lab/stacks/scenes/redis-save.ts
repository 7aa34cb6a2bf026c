import type { Scene } from '../scene';
import { everyMinute, shopOn } from './shared';

/** SAVE is what BGSAVE is not: the server itself writes, and answers nobody meanwhile. */
export const redisSave: Scene = {
  title: 'gunicorn and a Redis beside it: a job from cron has it save all keys, again and again',
  trees: ['redis', 'jobs'],
  ...shopOn(8000, 20),
  ownCore: true,
  strike: async (sick) => {
    await sick.sh(
      `redis-cli eval "for i = 1, 1500000 do redis.call('set', 'session:' .. i, i) end" 0 > /dev/null; ${everyMinute('/opt/jobs/snapshot_sessions')}`,
    );
  },
  truth: {
    causes: ['pool-starvation', 'slow-dependency', 'cpu-saturation', 'disk-io'],
    culprit: 'snapshot_sessions',
    story:
      'snapshot_sessions, started by cron, has Redis of app-3 write all of its keys to a file again and again; every request waits for it',
  },
};
