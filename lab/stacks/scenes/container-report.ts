import type { Scene } from '../scene';
import { byCron, PYTHON_SHOP } from './shared';

/** The application is in a container, the job on its host. */
export const containerReport: Scene = {
  ...PYTHON_SHOP,
  title: 'gunicorn in a docker container: a report from the cron of its host holds the locks',
  trees: ['python', 'docker', 'reports'],
  strike: byCron('/opt/reports/monthly_report --month previous'),
  truth: {
    causes: ['pool-starvation'],
    culprit: 'monthly_report',
    story: 'monthly_report, started by cron on app-3 outside the container, holds row locks; the pool inside waits for them',
  },
};
