import type { Scene } from '../scene';
import { everyMinute, PYTHON_PARAMETERS } from './shared';

/** flock(2): who waits sleeps in the kernel. */
export const starmanLedger: Scene = {
  title: 'Starman and a ledger in a file: a job from cron holds the lock of the file',
  trees: ['starman-ledger', 'jobs'],
  port: 8000,
  page: '/cart',
  users: 12,
  thinkMs: 900,
  parameters: PYTHON_PARAMETERS,
  secrets: ['correcthorse'],
  strike: async (sick) => void (await sick.sh(everyMinute('/opt/jobs/close_books'))),
  onsetS: 200,
  truth: {
    causes: ['pool-starvation'],
    culprit: 'close_books',
    story: 'close_books, started by cron, holds the lock of the ledger; every worker of Starman waits for it',
  },
};
