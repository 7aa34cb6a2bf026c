import { POSTGRES, STORE } from '../sides';
import type { Scene } from '../scene';
import { byCron, shopOn } from './shared';

/** No CPU, disk or lock: the one thing that is short is the way out of the host. */
export const rsyncLink: Scene = {
  title: 'Starman, DBI, PostgreSQL: rsync from cron fills the link of one host',
  trees: ['starman', 'link', 'jobs'],
  sides: [POSTGRES, STORE],
  ...shopOn(8000, 12),
  strike: byCron('/opt/jobs/ship_archive'),
  truth: {
    causes: ['slow-dependency'],
    culprit: 'ship_archive',
    story:
      'ship_archive, started by cron, has rsync send all that the link of app-3 takes; each packet to db-1 and to users queues behind it',
  },
};
