import type { Scene } from '../scene';
import { everyMinute, PHP_PARAMETERS } from './shared';

/** A dump locks the tables of the database on this host. */
export const phpDump: Scene = {
  title: 'nginx, php-fpm and MariaDB on each host: mysqldump from cron holds the locks',
  trees: ['php', 'mariadb', 'local-db', 'jobs'],
  port: 8080,
  page: '/cart',
  users: 20,
  thinkMs: 900,
  parameters: PHP_PARAMETERS,
  secrets: ['correcthorse'],
  strike: async (sick) => void (await sick.sh(everyMinute('/opt/jobs/nightly_dump'))),
  truth: {
    causes: ['pool-starvation', 'slow-dependency'],
    culprit: 'dump',
    story: 'nightly_dump runs mysqldump --lock-all-tables; every worker of php-fpm waits for the lock',
  },
};
