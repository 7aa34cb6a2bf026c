import { PRICES } from '../sides';
import type { Scene } from '../scene';
import { byCron, shopOn } from './shared';

/** What is used up belongs to the host's address, and is counted by somebody else. */
export const uwsgiQuota: Scene = {
  title: 'uWSGI before a partner that serves 40 requests a second to each address: a job from cron takes them',
  trees: ['uwsgi-api', 'jobs'],
  sides: [PRICES],
  ...shopOn(8000, 12),
  strike: byCron('/opt/jobs/sync_prices'),
  truth: {
    causes: ['pool-starvation', 'slow-dependency'],
    culprit: 'sync_prices',
    story: 'sync_prices, started by cron, uses up what prices-1 serves to the address of app-3; the workers of uWSGI wait for their turn',
  },
};
