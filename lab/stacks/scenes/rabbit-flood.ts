import type { Scene } from '../scene';
import { byCron, shopOn } from './shared';

/** A broker that is short of memory reads no more from whoever publishes. */
export const rabbitFlood: Scene = {
  title: 'gunicorn, pika and a RabbitMQ beside it: a job from cron fills the broker, which blocks every publisher',
  trees: ['rabbit', 'jobs'],
  ...shopOn(8000, 12),
  strike: byCron('/opt/jobs/replay_events'),
  truth: {
    causes: ['pool-starvation', 'slow-dependency'],
    culprit: 'replay_events',
    story:
      'replay_events, started by cron, has filled the memory of the RabbitMQ of app-3: it blocks those who publish, and pages wait for it',
  },
};
