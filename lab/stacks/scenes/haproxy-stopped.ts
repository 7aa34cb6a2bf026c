import type { Scene } from '../scene';
import { shopOn } from './shared';

/** One instance of three goes on: every third request is as quick as ever. */
export const haproxyStopped: Scene = {
  title: 'HAProxy before three gunicorns: two of those of one host were stopped, to look into them, and left so',
  trees: ['haproxy-gunicorn', 'haproxy-three'],
  ...shopOn(8000, 20),
  strike: async (sick) => void (await sick.sh('for port in 9001 9002; do pkill -STOP -f "127.0.0.1:$port"; done')),
  onsetS: 300,
  truth: {
    causes: ['slow-dependency', 'tracer-attached', 'pool-starvation'],
    story: 'two of the three gunicorns of app-3 are stopped (state T), and HAProxy sends them two requests of three',
  },
};
