import type { Scene } from '../scene';
import { shopOn } from './shared';

/** A variable that somebody looked for a leak with, and that no file keeps. */
export const gunicornTraced: Scene = {
  title: 'gunicorn: the interpreter of one host records where each piece of memory was asked for (PYTHONTRACEMALLOC)',
  trees: ['python-prices'],
  ...shopOn(8000, 2),
  ownCore: true,
  strike: async (sick) => {
    await sick.sh(
      'pkill gunicorn; sleep 2; PYTHONTRACEMALLOC=25 setsid sh /etc/lab/start.d/30-shop.sh > /var/log/lab-again.log 2>&1 < /dev/null & until curl -s -o /dev/null http://127.0.0.1:8000/health; do sleep 0.5; done',
    );
  },
  truth: {
    causes: ['config-drift'],
    story: 'gunicorn of app-3 was started with PYTHONTRACEMALLOC=25: the same page takes many times the CPU',
  },
};
