import type { Scene } from '../scene';
import { byCron, PYTHON_SHOP } from './shared';

/** Thirty-two small processes at a time, each gone after a second: together they take the core. */
export const gzipXargs: Scene = {
  ...PYTHON_SHOP,
  title: 'thirty-two gzips under xargs from cron take the CPU',
  trees: ['python', 'busy-page', 'jobs'],
  ownCore: true,
  users: 12,
  strike: byCron('/opt/jobs/archive_logs'),
  truth: {
    causes: ['cpu-saturation'],
    culprit: 'archive_logs',
    story: 'archive_logs, started by cron, keeps thirty-two pipelines of gzip running on the one core of app-3',
  },
};
