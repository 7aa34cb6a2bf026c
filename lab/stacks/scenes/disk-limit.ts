import type { Scene } from '../scene';
import { shopOn } from './shared';

/** The disk has nothing to do: it is the control group that may not use it. */
export const diskLimit: Scene = {
  title: 'uWSGI writes each order to a disk: the control group of one host may write ten times a second',
  trees: ['uwsgi-journal', 'loop-disk', 'own-disk'],
  ...shopOn(8000, 20),
  strike: async (sick) => {
    await sick.sh(`device=$(mountpoint -d /srv/data)
if [ -e /sys/fs/cgroup/blkio ]; then echo "$device 10" > /sys/fs/cgroup/blkio/blkio.throttle.write_iops_device
else echo "$device wiops=10" > /sys/fs/cgroup/io.max; fi`);
  },
  truth: {
    causes: ['config-drift', 'disk-io'],
    story:
      'the control group of app-3 may write ten times a second, those of its peers as often as they like: each order waits for its turn',
  },
};
