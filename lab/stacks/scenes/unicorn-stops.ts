import type { Scene } from '../scene';
import { byCron, shopOn } from './shared';

/** As cpulimit(1) does: no quota, niceness or tracer tells of it. */
export const unicornStops: Scene = {
  title: 'unicorn: a job from cron stops and continues its processes, to leave CPU to others',
  trees: ['unicorn', 'jobs'],
  ...shopOn(8000, 8),
  strike: byCron('/opt/jobs/cap_cpu'),
  truth: {
    causes: ['cpu-saturation', 'tracer-attached'],
    culprit: 'cap_cpu',
    story: 'cap_cpu, started by cron on app-3, has all processes of unicorn stopped (SIGSTOP) for 2.9 of each 3 seconds',
  },
};
