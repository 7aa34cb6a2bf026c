import type { Scene } from '../scene';
import { byCron, PYTHON_SHOP } from './shared';

/**
 * The story on other people's software: a report from cron locks the rows that this host's requests
 * write.
 */
export const gunicornReport: Scene = {
  ...PYTHON_SHOP,
  title: 'gunicorn, SQLAlchemy, PostgreSQL: a report from cron holds the locks that the pool waits for',
  trees: ['python', 'reports'],
  strike: byCron('/opt/reports/monthly_report --month previous'),
  truth: {
    causes: ['pool-starvation'],
    culprit: 'monthly_report',
    story: 'monthly_report, started by cron on app-3 alone, holds row locks; every connection of the pool waits for them',
  },
};
