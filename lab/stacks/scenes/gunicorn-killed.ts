import type { Scene } from '../scene';
import { shopOn } from './shared';

/** Whoever is killed is started again at once, and is as well as before until its turn comes. */
export const gunicornKilled: Scene = {
  title: 'gunicorn with gevent: the memory of one host is too small for its workers, and the kernel kills one every few seconds',
  trees: ['gevent'],
  ...shopOn(8000, 20),
  strike: async (sick) => {
    await sick.sh(
      'echo 110M > /etc/shop.memory; pkill -f app:app; sleep 8; until curl -s -o /dev/null http://127.0.0.1:8000/health; do sleep 0.2; done',
    );
  },
  truth: {
    causes: ['memory-pressure', 'config-drift'],
    story:
      'shop.service of app-3 may use 110 MB, those of its peers 500: its workers are killed for it again and again, and take three seconds to start',
  },
};
