import type { Scene } from '../scene';
import { byCron, shopOn } from './shared';

/** Reads, where direct-writer writes: by programs that live for one file each. */
export const mojoChecksums: Scene = {
  title: 'Mojolicious under hypnotoad reads images: a job from cron reads all files of the disk for their checksums',
  trees: ['loop-disk', 'mojo', 'jobs'],
  ...shopOn(8000, 12),
  strike: byCron('/opt/jobs/verify_media'),
  truth: {
    causes: ['disk-io'],
    culprit: 'verify_media',
    story: 'verify_media, started by cron, reads all that the disk gives, past the page cache; the images of a page wait behind it',
  },
};
