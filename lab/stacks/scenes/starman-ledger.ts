import type { Scene } from '../scene';
import { byCron, shopOn } from './shared';

/** flock(2): who waits sleeps in the kernel. */
export const starmanLedger: Scene = {
  title: 'Starman and a ledger in a file: a job from cron holds the lock of the file',
  trees: ['starman-ledger', 'jobs'],
  ...shopOn(8000, 12),
  strike: byCron('/opt/jobs/close_books'),
  truth: {
    causes: ['pool-starvation'],
    culprit: 'close_books',
    story: 'close_books, started by cron, holds the lock of the ledger; every worker of Starman waits for it',
  },
};
