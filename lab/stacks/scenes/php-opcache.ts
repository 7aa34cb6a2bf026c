import type { Scene } from '../scene';
import { shopOn } from './shared';

/** Here a module is missing, where xdebug-left has one too many. */
export const phpOpcache: Scene = {
  title: 'nginx, php-fpm: the opcache is missing from the modules of one host, which compiles all of its code for each page',
  trees: ['php', 'php-classes'],
  ...shopOn(8080, 8),
  ownCore: true,
  strike: async (sick) => {
    await sick.sh('rm /etc/php/8.2/fpm/conf.d/10-opcache.ini; pkill -USR2 -o php-fpm');
  },
  truth: {
    causes: ['config-drift', 'release-drift', 'cpu-saturation'],
    story: 'php-fpm of app-3 was started without the opcache: each page reads and compiles 150 files',
  },
};
