import type { Scene } from '../scene';
import { byCron, shopOn } from './shared';

/** Nobody waits: the server says at once that it has too many connections. */
export const mariadbConnections: Scene = {
  title: 'php-fpm and MariaDB on each host: a job from cron takes every connection that the database allows',
  trees: ['php', 'mariadb', 'local-db', 'jobs'],
  ...shopOn(8080, 20),
  strike: byCron('/opt/jobs/sync_customers'),
  truth: {
    causes: ['pool-starvation', 'slow-dependency'],
    culprit: 'sync_customers',
    story:
      'sync_customers, started by cron, holds the 151 connections that MariaDB of app-3 allows; each page is told that there are too many',
  },
};
