import type { Scene } from '../scene';
import { byCron, shopOn } from './shared';

/** Three quarters of the bytes are free, and no file can be made. */
export const phpInodes: Scene = {
  title: 'nginx, php-fpm: a job from cron writes small files until the volume has no inodes left',
  trees: ['php', 'loop-disk', 'php-files', 'jobs'],
  ...shopOn(8080, 12),
  strike: byCron('/opt/jobs/write_labels'),
  truth: {
    causes: ['disk-full'],
    culprit: 'write_labels',
    story:
      'write_labels, started by cron, has used up the inodes of /srv/data and tries on; a page needs a file of its own there, and tries for two seconds',
  },
};
