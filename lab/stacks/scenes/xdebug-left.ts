import type { Scene } from '../scene';
import { shopOn } from './shared';

/**
 * A module that one host loads and its peers do not: neither the command nor the environment tells.
 */
export const xdebugLeft: Scene = {
  title: 'nginx, php-fpm: Xdebug was left on in one host',
  trees: ['php', 'php-catalog'],
  ...shopOn(8080, 8),
  ownCore: true,
  strike: async (sick) => {
    await sick.sh(`cat /etc/php/8.2/mods-available/xdebug.ini - > /etc/php/8.2/fpm/conf.d/20-xdebug.ini <<'INI'
xdebug.mode = develop,trace
xdebug.start_with_request = yes
xdebug.output_dir = /tmp
INI
pkill -USR2 -o php-fpm`);
  },
  truth: {
    causes: ['config-drift', 'release-drift', 'tracer-attached'],
    story: 'php-fpm of app-3 loads Xdebug and traces each request to a file; those of its peers do not',
  },
};
