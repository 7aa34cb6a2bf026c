import type { Scene } from '../scene';
import { shopOn } from './shared';

/** Whoever paused it has gone: there is no process to blame. */
export const redisPause: Scene = {
  title: 'gunicorn and a Redis beside it: somebody paused its clients and left',
  trees: ['redis'],
  ...shopOn(8000, 20),
  strike: async (sick) => void (await sick.sh('redis-cli client pause 900000 all')),
  truth: {
    causes: ['slow-dependency'],
    story: 'the Redis of app-3 answers no client for a quarter of an hour, as somebody told it',
  },
};
