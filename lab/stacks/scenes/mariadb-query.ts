import type { Scene } from '../scene';
import { byCron, shopOn } from './shared';

/** The job itself hardly runs: the server, which every peer has as well, burns the CPU for it. */
export const mariadbQuery: Scene = {
  title: 'php-fpm and MariaDB on each host: a report from cron has the database compute without end',
  trees: ['php', 'mariadb', 'local-db', 'php-total', 'jobs'],
  ...shopOn(8080, 12),
  ownCore: true,
  strike: byCron('/opt/jobs/report_sales'),
  truth: {
    causes: ['cpu-saturation', 'pool-starvation', 'slow-dependency'],
    culprit: 'report_sales',
    story: 'report_sales, started by cron, keeps MariaDB of app-3 on its one core with a join without an index',
  },
};
