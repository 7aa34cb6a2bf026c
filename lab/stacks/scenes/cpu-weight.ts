import type { Scene } from '../scene';
import { shopOn } from './shared';

/** The same work beside the service on every host: it is told apart by who goes first. */
export const cpuWeight: Scene = {
  title: "gunicorn beside a batch that every host runs: the service's control group of one host has a thirtieth of the weight",
  trees: ['batch-beside'],
  ...shopOn(8000, 10),
  ownCore: true,
  strike: async (sick) => {
    await sick.sh(
      `if [ -e /sys/fs/cgroup/cpu ]; then echo 34 > /sys/fs/cgroup/cpu/shop.service/cpu.shares
else echo 3 > /sys/fs/cgroup/shop.service/cpu.weight; fi`,
    );
  },
  truth: {
    causes: ['config-drift', 'cpu-saturation'],
    story: 'shop.service of app-3 has a CPU weight of 34, those of its peers 1024: the batch, which runs everywhere, goes first here',
  },
};
