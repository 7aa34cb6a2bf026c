import { POSTGRES } from '../sides';
import type { Scene } from '../scene';
import { shopOn } from './shared';

/**
 * The loop of one host waits for each query itself: no thread is busy, and no connection waits for
 * long.
 */
export const uvicornBlocking: Scene = {
  title: 'uvicorn, FastAPI, PostgreSQL: a release that asks the database from the event loop was copied to one host',
  trees: ['uvicorn'],
  sides: [POSTGRES],
  ...shopOn(8000, 30),
  strike: async (sick) => {
    await sick.sh(
      'sed -i "s/await run_in_threadpool(total)/total()/" /srv/shop/app.py; pkill uvicorn; sleep 2; setsid sh /etc/lab/start.d/30-shop.sh > /var/log/lab-again.log 2>&1 < /dev/null &',
    );
  },
  truth: {
    causes: ['event-loop-block', 'release-drift', 'config-drift'],
    story: 'app.py of app-3 is another one: its handler waits for PostgreSQL on the event loop, one page after the other',
  },
};
