import type { Scene } from '../scene';
import { byCron, shopOn } from './shared';

/** The session that holds the lock has nothing to do, and is as idle as any of a pool. */
export const mariadbLocked: Scene = {
  title: 'php-fpm and MariaDB on each host: a backup from cron locks all tables while it copies their files',
  trees: ['php', 'mariadb', 'local-db', 'jobs'],
  ...shopOn(8080, 20),
  strike: byCron('/opt/jobs/copy_tables'),
  truth: {
    causes: ['pool-starvation', 'slow-dependency'],
    culprit: 'copy_tables',
    story:
      'copy_tables, started by cron, holds the read lock of all tables of app-3 while it copies them slowly; every page wants to write',
  },
};
