import type { Scene } from '../scene';
import { byCron, shopOn } from './shared';

/** memcached accepts nobody beyond its limit: who connects waits in the backlog of the kernel. */
export const memcachedSlots: Scene = {
  title: 'uWSGI and a memcached beside it: a job from cron holds all its connections',
  trees: ['uwsgi-cache', 'jobs'],
  ...shopOn(8000, 12),
  strike: byCron('/opt/jobs/warm_cache'),
  truth: {
    causes: ['pool-starvation', 'slow-dependency'],
    culprit: 'warm_cache',
    story: 'warm_cache, started by cron, holds the forty connections that memcached takes; pages wait for theirs until they give up',
  },
};
