import type { Scene } from '../scene';
import { MARIADB } from '../sides';
import { byCron, shopOn } from './shared';

/**
 * A job of this host asks its own application for slow pages until every worker is busy with one.
 */
export const phpExport: Scene = {
  title: 'nginx, php-fpm, MariaDB: a job from cron uses up pm.max_children with slow pages',
  trees: ['php', 'jobs'],
  sides: [MARIADB],
  ...shopOn(8080, 20),
  strike: byCron('/opt/jobs/export_orders'),
  truth: {
    causes: ['pool-starvation'],
    culprit: 'export_orders',
    story: 'export_orders, started by cron, holds all eight workers of php-fpm with exports; pages queue at its socket',
  },
};
