import type { Scene } from '../scene';
import { byCron, shopOn } from './shared';

/** Neither the application nor its threads wait for the lock: programs do that it has started. */
export const sinatraLabels: Scene = {
  title: 'Puma, Sinatra: each page starts a program, and a job from cron holds the lock that the program takes',
  trees: ['sinatra-labels', 'jobs'],
  ...shopOn(9292, 12),
  strike: byCron('/opt/jobs/reprint_labels'),
  truth: {
    causes: ['pool-starvation'],
    culprit: 'reprint_labels',
    story: 'reprint_labels, started by cron, holds printer.lock; the programs that Puma has started wait for it, and its threads for them',
  },
};
