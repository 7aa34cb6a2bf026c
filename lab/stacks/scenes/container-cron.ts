import type { Scene } from '../scene';
import { everyMinute, PYTHON_SHOP } from './shared';

/** The job runs in the container, from a cron of its own; cgroups as the ECS agent makes them. */
export const containerCron: Scene = {
  ...PYTHON_SHOP,
  title: 'gunicorn in a container of an ECS task: a report from the cron inside holds the locks',
  trees: ['python', 'docker', 'ecs', 'reports'],
  strike: async (sick) => {
    await sick.sh(`/usr/bin/docker exec shop sh -c "${everyMinute('/opt/reports/monthly_report --month previous')}"`);
  },
  truth: {
    causes: ['pool-starvation'],
    culprit: 'monthly_report',
    story: 'monthly_report, started by the cron in the container of app-3, holds row locks; the pool beside it waits for them',
  },
};
