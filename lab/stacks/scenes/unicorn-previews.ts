import type { Scene } from '../scene';
import { shopOn } from './shared';

/** Nobody came from outside: the application has started what takes its CPU. */
export const unicornPreviews: Scene = {
  title: 'unicorn: programs that the application has started for one document never end, and take the CPU',
  trees: ['unicorn'],
  ...shopOn(8000, 8),
  ownCore: true,
  strike: async (sick) => {
    await sick.sh('for click in 1 2 3 4 5 6 7 8 9 10 11 12; do curl -s -o /dev/null http://127.0.0.1:8000/preview; done');
  },
  truth: {
    causes: ['cpu-saturation'],
    culprit: 'render_preview',
    story: 'a worker of unicorn has started render_preview twelve times for a document whose pages do not end; each computes for ever',
  },
};
