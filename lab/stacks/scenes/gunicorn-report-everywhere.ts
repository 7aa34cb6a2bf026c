import type { Scene } from '../scene';
import { everyMinute, PYTHON_SHOP } from './shared';

/**
 * As in the story, but every host has the report in its crontab; tonight it runs on one of them.
 */
export const gunicornReportEverywhere: Scene = {
  ...PYTHON_SHOP,
  title: 'the same report is in every crontab, and runs now on one host alone',
  trees: ['python', 'reports'],
  strike: async (sick, peers) => {
    const line = '30 3 1 * * flock -n /run/job.lock /opt/reports/monthly_report --month previous';
    for (const peer of peers) await peer.sh(`echo '${line}' | crontab -`);
    await sick.sh(everyMinute('/opt/reports/monthly_report --month previous'));
  },
  truth: {
    causes: ['pool-starvation'],
    culprit: 'monthly_report',
    story: 'monthly_report runs on app-3 alone just now and holds row locks; its peers would run it on another day',
  },
};
