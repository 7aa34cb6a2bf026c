import type { Scene } from '../scene';
import { byCron, shopOn } from './shared';

/** Who asks the server behind the cache is no client of the port that users come to. */
export const varnishBackend: Scene = {
  title: 'Varnish before Apache with mod_php: a job from cron asks the Apache behind it, and takes its workers',
  trees: ['apache', 'varnish', 'jobs'],
  ...shopOn(8000, 20),
  strike: byCron('/opt/jobs/print_catalog'),
  truth: {
    causes: ['pool-starvation', 'accept-queue-overflow'],
    culprit: 'print_catalog',
    story:
      'print_catalog, started by cron, keeps the twenty-four workers of Apache busy on port 8081; what Varnish asks waits in the backlog',
  },
};
