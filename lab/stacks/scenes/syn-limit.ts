import { MARIADB } from '../sides';
import type { Scene } from '../scene';
import { shopOn } from './shared';

/** Whoever is connected notices nothing, and this application connects for each page. */
export const synLimit: Scene = {
  title: 'php-fpm, MariaDB: a rule that lets three new connections a second through was left on one host',
  trees: ['php'],
  sides: [MARIADB],
  ...shopOn(8080, 20),
  strike: async (sick) => {
    await sick.sh(`nft add table ip guard
nft 'add chain ip guard out { type filter hook output priority 0; }'
nft add rule ip guard out ip daddr 10.0.1.20 tcp flags syn limit rate over 3/second burst 1 packets drop`);
  },
  truth: {
    causes: ['slow-dependency', 'config-drift'],
    story: 'a rule of app-3 drops new connections to db-1 beyond three a second: their SYN is sent again after a second, and after two',
  },
};
