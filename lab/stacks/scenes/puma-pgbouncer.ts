import type { Scene } from '../scene';
import { POSTGRES } from '../sides';
import { byCron, shopOn } from './shared';

/** The bouncer's server connections are held by a job that goes over it, too. */
export const pumaPgbouncer: Scene = {
  title: 'Puma, Sequel, pgbouncer, PostgreSQL: a job from cron holds all server connections of the bouncer',
  trees: ['puma', 'jobs'],
  sides: [POSTGRES],
  ...shopOn(9292, 20),
  strike: byCron('/opt/jobs/sync_inventory'),
  truth: {
    causes: ['pool-starvation'],
    culprit: 'sync_inventory',
    story: 'sync_inventory, started by cron, holds the six server connections of pgbouncer in open transactions',
  },
};
