import type { Scene } from '../scene';
import { shopOn } from './shared';

/** Nobody runs anything: the database of one host reads a whole table for each query. */
export const mariadbIndex: Scene = {
  title: 'php-fpm and MariaDB on each host: the database of one host has lost an index',
  trees: ['php', 'mariadb', 'local-db', 'php-customer'],
  ...shopOn(8080, 12),
  ownCore: true,
  strike: async (sick) => void (await sick.sh('mariadb shop -e "ALTER TABLE customers DROP INDEX name"')),
  truth: {
    causes: ['slow-dependency', 'cpu-saturation'],
    story: 'MariaDB of app-3 has no index on the name of a customer, those of its peers have: it reads the table for each query',
  },
};
