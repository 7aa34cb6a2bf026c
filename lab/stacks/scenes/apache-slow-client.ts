import type { Scene } from '../scene';
import { byCron, shopOn } from './shared';

/** A worker belongs to its connection until the request has come whole. */
export const apacheSlowClient: Scene = {
  title: 'Apache with mod_php: a job from cron holds every worker with requests that it never finishes',
  trees: ['apache', 'jobs'],
  ...shopOn(8080, 20),
  strike: byCron('/opt/jobs/check_links'),
  truth: {
    causes: ['pool-starvation', 'accept-queue-overflow'],
    culprit: 'check_links',
    story: 'check_links, started by cron, holds the forty workers of Apache with half a request on each; pages wait in the backlog',
  },
};
