import type { Scene } from '../scene';
import { byCron, shopOn } from './shared';

/**
 * A file without a name takes the room of the database: its commits wait until there is room again.
 */
export const mariadbFull: Scene = {
  title: 'php-fpm and MariaDB on each host: a job from cron fills the volume of the database with a deleted file',
  trees: ['php', 'mariadb', 'local-db', 'jobs', 'small-disk'],
  ...shopOn(8080, 20),
  strike: byCron('/opt/jobs/audit_trace'),
  truth: {
    causes: ['disk-full'],
    culprit: 'audit_trace',
    story:
      'audit_trace, started by cron, has filled /var/lib/mysql with a file that it deleted and holds open; MariaDB waits for room in its binary log',
  },
};
