import type { Scene } from '../scene';
import { shopOn } from './shared';

/** The workers themselves are at it: nobody else has anything to do with it. */
export const unicornLoops: Scene = {
  title: 'unicorn: three of the four workers of one host compute without end for orders whose total is not reached',
  trees: ['unicorn', 'unicorn-orders'],
  ...shopOn(8000, 11),
  ownCore: true,
  strike: async (sick) => {
    await sick.sh('for order in 1 2 3; do curl -s -m 1 -o /dev/null http://127.0.0.1:8000/order || true; done');
  },
  truth: {
    causes: ['cpu-saturation', 'event-loop-block', 'pool-starvation'],
    story: 'three workers of unicorn on app-3 are in a loop that does not end; one is left for the pages, and has a quarter of the CPU',
  },
};
