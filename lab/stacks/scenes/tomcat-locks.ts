import type { Scene } from '../scene';
import { byCron, TOMCAT_SHOP } from './shared';

/**
 * The database's own client, below a shell, below cron, holds the locks; nothing tells of the pool.
 */
export const tomcatLocks: Scene = {
  ...TOMCAT_SHOP,
  title: 'Tomcat, HikariCP without metrics, PostgreSQL: psql from cron holds the locks',
  trees: ['tomcat', 'jobs'],
  strike: byCron('/opt/jobs/reconcile_stock'),
  truth: {
    causes: ['pool-starvation'],
    culprit: 'reconcile_stock',
    story: 'reconcile_stock, started by cron, holds row locks through psql; the ten connections of HikariCP wait for them',
  },
};
