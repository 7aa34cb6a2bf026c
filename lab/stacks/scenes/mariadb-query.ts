import type { Scene } from '../scene';
import { everyMinute, PHP_PARAMETERS } from './shared';

/** The job itself hardly runs: the server, which every peer has as well, burns the CPU for it. */
export const mariadbQuery: Scene = {
  title: 'php-fpm and MariaDB on each host: a report from cron has the database compute without end',
  trees: ['php', 'mariadb', 'local-db', 'php-total', 'jobs'],
  port: 8080,
  page: '/cart',
  users: 12,
  thinkMs: 900,
  ownCore: true,
  parameters: PHP_PARAMETERS,
  secrets: ['correcthorse'],
  strike: async (sick) => void (await sick.sh(everyMinute('/opt/jobs/report_sales'))),
  truth: {
    causes: ['cpu-saturation', 'pool-starvation', 'slow-dependency'],
    culprit: 'report_sales',
    story: 'report_sales, started by cron, keeps MariaDB of app-3 on its one core with a join without an index',
  },
};
