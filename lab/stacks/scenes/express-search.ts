import type { Scene } from '../scene';
import { byCron, shopOn } from './shared';

/** The client is on the host itself; what it asks for is a page of the application. */
export const expressSearch: Scene = {
  title: 'Express: a job from cron asks for a search whose regular expression takes seconds',
  trees: ['express-search', 'jobs'],
  ...shopOn(8000, 20),
  strike: byCron('/opt/jobs/check_search'),
  truth: {
    causes: ['event-loop-block', 'cpu-saturation', 'pool-starvation'],
    culprit: 'check_search',
    story: 'check_search, started by cron, asks app-3 for a search that keeps its one thread busy for seconds; all pages wait meanwhile',
  },
};
