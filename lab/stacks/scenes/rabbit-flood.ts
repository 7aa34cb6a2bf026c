import type { Scene } from '../scene';
import { everyMinute, PYTHON_PARAMETERS } from './shared';

/** A broker that is short of memory reads no more from whoever publishes. */
export const rabbitFlood: Scene = {
  title: 'gunicorn, pika and a RabbitMQ beside it: a job from cron fills the broker, which blocks every publisher',
  trees: ['rabbit', 'jobs'],
  port: 8000,
  page: '/cart',
  users: 12,
  thinkMs: 900,
  parameters: PYTHON_PARAMETERS,
  secrets: ['correcthorse'],
  strike: async (sick) => void (await sick.sh(everyMinute('/opt/jobs/replay_events'))),
  onsetS: 200,
  truth: {
    causes: ['pool-starvation', 'slow-dependency'],
    culprit: 'replay_events',
    story:
      'replay_events, started by cron, has filled the memory of the RabbitMQ of app-3: it blocks those who publish, and pages wait for it',
  },
};
