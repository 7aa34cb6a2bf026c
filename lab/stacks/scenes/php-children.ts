import { MARIADB } from '../sides';
import type { Scene } from '../scene';
import { shopOn } from './shared';

/** As it is set for a small machine, in a file that no peer has so. */
export const phpChildren: Scene = {
  title: 'nginx, php-fpm, MariaDB: php-fpm of one host was left with a single child',
  trees: ['php'],
  sides: [MARIADB],
  ...shopOn(8080, 40),
  strike: async (sick) => {
    await sick.sh("sed -i 's/max_children = 8/max_children = 1/' /etc/php/8.2/fpm/pool.d/www.conf; pkill -USR2 -o php-fpm");
  },
  truth: {
    causes: ['config-drift', 'pool-starvation', 'accept-queue-overflow'],
    story: 'pm.max_children is 1 on app-3 and 8 on its peers: requests queue at the socket of php-fpm',
  },
};
