import type { Scene } from '../scene';
import { shopOn } from './shared';

/** Nothing is killed and nothing swaps: what was read from the disk is thrown away at once. */
export const memoryLimit: Scene = {
  title: "uWSGI reads images: the service's control group has a sixth of the memory on one host",
  trees: ['loop-disk', 'images'],
  ...shopOn(8000, 12),
  strike: async (sick) => {
    await sick.sh(
      `if [ -e /sys/fs/cgroup/memory ]; then cd /sys/fs/cgroup/memory/shop.service; echo 1 > memory.force_empty; echo 64M > memory.limit_in_bytes
else echo 64M > /sys/fs/cgroup/shop.service/memory.max; fi`,
    );
  },
  truth: {
    causes: ['memory-pressure', 'config-drift', 'disk-io'],
    story:
      'shop.service of app-3 may use 64 MB, those of its peers 400: its images do not stay in the page cache, and each page reads the disk',
  },
};
