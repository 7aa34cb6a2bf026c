import type { Scene } from '../scene';
import { shopOn } from './shared';

/** What is missing does the harm: nobody runs, and nothing was changed that a page reads. */
export const phpVisits: Scene = {
  title: 'nginx, php-fpm: the job that clears a directory away is missing from the cron of one host',
  trees: ['php', 'php-visits'],
  ...shopOn(8080, 8),
  ownCore: true,
  strike: async (sick) => {
    await sick.sh('rm /etc/cron.d/shop-visits; touch /etc/cron.d');
    for (let week = 0; week < 5; week++) {
      const visits = `for n in range(30000): open(f'/srv/shop/visits/${week}-{n}', 'w').close()`;
      await sick.sh(`setpriv --reuid=www-data --regid=www-data --clear-groups python3 -c "${visits}"`);
    }
  },
  onsetS: 240,
  truth: {
    causes: ['config-drift', 'cpu-saturation'],
    story: 'the crontab that clears /srv/shop/visits is missing on app-3: each page goes through 150,000 files',
  },
};
