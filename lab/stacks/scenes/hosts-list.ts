import { MARIADB } from '../sides';
import type { Scene } from '../scene';
import { shopOn } from './shared';

/** The name server is not even asked: the file is read from its beginning for each name. */
export const hostsList: Scene = {
  title: 'php-fpm, MariaDB: somebody has put a list of 800,000 blocked names into /etc/hosts of one host',
  trees: ['php'],
  sides: [MARIADB],
  ...shopOn(8080, 12),
  ownCore: true,
  strike: async (sick) => {
    await sick.sh(`seq -f '0.0.0.0 ads-%.0f.example' 800000 >> /etc/hosts`);
  },
  truth: {
    causes: ['dns', 'config-drift'],
    story: '/etc/hosts of app-3 has 800,000 lines more than those of its peers: each page reads them all to find db-1.internal',
  },
};
