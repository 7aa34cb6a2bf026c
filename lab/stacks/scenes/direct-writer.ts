import type { Scene } from '../scene';
import { byCron, shopOn } from './shared';

/** Nothing but the process itself and its control group tells of what it writes past the cache. */
export const directWriter: Scene = {
  title: 'uWSGI keeps a journal on a disk of its own: a backup from cron writes there past the page cache',
  trees: ['uwsgi-journal', 'loop-disk', 'own-disk', 'jobs'],
  ...shopOn(8000, 12),
  strike: byCron('/opt/jobs/backup_volume'),
  truth: {
    causes: ['disk-io'],
    culprit: 'backup_volume',
    story: 'backup_volume, started by cron, takes all that the disk of app-3 writes, by O_DIRECT; each page waits for its fsync',
  },
};
