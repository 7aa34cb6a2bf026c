import type { Scene } from '../scene';
import { shopOn } from './shared';

/** As systemd's CPUQuota= in the unit of one host. */
export const expressQuota: Scene = {
  title: "Express: the service's control group has a sixtieth of a CPU on one host",
  trees: ['express'],
  ...shopOn(8000, 12),
  strike: async (sick) => {
    await sick.sh(`if [ -e /sys/fs/cgroup/cpu ]; then
  mkdir /sys/fs/cgroup/cpu/shop.service; cd /sys/fs/cgroup/cpu/shop.service; echo 1500 > cpu.cfs_quota_us
else
  mkdir /sys/fs/cgroup/shop.service; cd /sys/fs/cgroup/shop.service; echo '1500 100000' > cpu.max
fi
for pid in $(pidof node); do echo "$pid" > cgroup.procs; done`);
  },
  truth: {
    causes: ['cpu-saturation', 'config-drift'],
    story: 'shop.service of app-3 may use 1.5 ms of CPU in 100; it needs more and is throttled',
  },
};
