import type { Scene } from '../scene';
import { shopOn } from './shared';

/** Threads and memory are there; what is missing is the right to one more process. */
const STRIKE = `group=/sys/fs/cgroup/pids/shop.service
[ -d "$group" ] || group=/sys/fs/cgroup/shop.service
for look in $(seq 20); do cat "$group/pids.current"; sleep 0.1; done | sort -n | head -n 1 > "$group/pids.max"`;

export const sinatraTasks: Scene = {
  title: 'Puma, Sinatra: each page starts a program, and the service of one host was left with too small a limit of tasks',
  trees: ['sinatra-tasks'],
  ...shopOn(9292, 12),
  strike: async (sick) => void (await sick.sh(STRIKE)),
  truth: {
    causes: ['config-drift'],
    story: 'the control group of the service on app-3 allows as many tasks as Puma has threads (pids.max): no page can start its program',
  },
};
