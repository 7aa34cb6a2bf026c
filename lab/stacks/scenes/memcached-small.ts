import { POSTGRES } from '../sides';
import type { Scene } from '../scene';
import { shopOn } from './shared';

/** Everything answers at once; what is asked for is not there any more. */
export const memcachedSmall: Scene = {
  title: 'uWSGI, memcached, PostgreSQL: memcached of one host was started by hand with a thirtieth of the memory',
  trees: ['uwsgi-shelf'],
  sides: [POSTGRES],
  ...shopOn(8000, 12),
  strike: async (sick) => {
    await sick.sh(
      'pkill memcached; sleep 1; setsid memcached -u www-data -l 127.0.0.1 -m 2 > /var/log/lab-again.log 2>&1 < /dev/null & sleep 30',
    );
  },
  truth: {
    causes: ['config-drift', 'slow-dependency'],
    story: 'memcached of app-3 may keep 2 MB, those of its peers 64: four of five shelves of a page are not in it, and are asked of db-1',
  },
};
