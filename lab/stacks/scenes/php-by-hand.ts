import { MARIADB } from '../sides';
import type { Scene } from '../scene';
import { shopOn } from './shared';

/** No clock started it, and no script: somebody has left a client open. */
export const phpByHand: Scene = {
  title: 'nginx, php-fpm, MariaDB: somebody looks at rows of the shop from a shell on one host, in a transaction that is left open',
  trees: ['php'],
  sides: [MARIADB],
  ...shopOn(8080, 20),
  strike: async (sick) => {
    await sick.sh(`cat > /root/look.sql <<SQL
BEGIN;
SELECT * FROM sessions WHERE node = '$(hostname)' FOR UPDATE;
SELECT SLEEP(900);
SQL
setsid sh -c 'mariadb -h db-1.internal -ushop -pcorrecthorse shop < /root/look.sql' > /var/log/lab-look.log 2>&1 < /dev/null &`);
  },
  truth: {
    causes: ['pool-starvation', 'slow-dependency'],
    culprit: 'mariadb',
    story: 'a client of MariaDB, started by hand on app-3, holds the locks of the rows of this host',
  },
};
