import type { Scene } from '../scene';
import { byCron, shopOn } from './shared';

/** The host has memory enough; the group that both are in has not. */
export const imagesIndex: Scene = {
  title: "uWSGI reads images: a job from cron runs in the service's control group and takes four fifths of its memory",
  trees: ['loop-disk', 'images', 'jobs'],
  ...shopOn(8000, 12),
  strike: byCron('/opt/jobs/count_images'),
  truth: {
    causes: ['memory-pressure', 'disk-io'],
    culprit: 'count_images',
    story:
      'count_images, started by cron, holds 320 of the 400 MB that shop.service of app-3 may use: its images do not stay in the page cache',
  },
};
