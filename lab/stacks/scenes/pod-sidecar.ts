import type { Scene } from '../scene';
import { shopOn } from './shared';

/** The host has CPU to spare, and the agent runs on every host; on one of them it never rests. */
export const podSidecar: Scene = {
  title: 'Express in a pod: the container beside it, which ships logs, uses up the quota of the pod',
  trees: ['express', 'pod'],
  ...shopOn(8000, 12),
  strike: async (sick) => void (await sick.sh(`for part in 1 2 3 4; do printf '{"order": 1, "ite' > /var/spool/ship/part-$part; done`)),
  truth: {
    causes: ['cpu-saturation'],
    culprit: 'ship_logs',
    story: 'ship_logs in the pod of app-3 tries to read half lines again and again; with the shop it may use 10 ms of CPU in 100',
  },
};
