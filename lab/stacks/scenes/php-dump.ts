import type { Scene } from '../scene';
import { byCron, shopOn } from './shared';

/** A dump locks the tables of the database on this host. */
export const phpDump: Scene = {
  title: 'nginx, php-fpm and MariaDB on each host: mysqldump from cron holds the locks',
  trees: ['php', 'mariadb', 'local-db', 'jobs'],
  ...shopOn(8080, 20),
  strike: byCron('/opt/jobs/nightly_dump'),
  truth: {
    causes: ['pool-starvation', 'slow-dependency'],
    culprit: 'dump',
    story: 'nightly_dump runs mysqldump --lock-all-tables; every worker of php-fpm waits for the lock',
  },
};
