import type { Scene } from '../scene';
import { MARIADB } from '../sides';
import { everyMinute, PHP_PARAMETERS } from './shared';

/**
 * A job of this host asks its own application for slow pages until every worker is busy with one.
 */
export const phpExport: Scene = {
  title: 'nginx, php-fpm, MariaDB: a job from cron uses up pm.max_children with slow pages',
  trees: ['php', 'jobs'],
  sides: [MARIADB],
  port: 8080,
  page: '/cart',
  users: 20,
  thinkMs: 900,
  parameters: PHP_PARAMETERS,
  secrets: ['correcthorse'],
  strike: async (sick) => void (await sick.sh(everyMinute('/opt/jobs/export_orders'))),
  truth: {
    causes: ['pool-starvation'],
    culprit: 'export_orders',
    story: 'export_orders, started by cron, holds all eight workers of php-fpm with exports; pages queue at its socket',
  },
};
