import type { Scene } from '../scene';
import { shopOn } from './shared';

/** V8 collects its whole heap again and again where little room is left below the limit. */
export const expressHeap: Scene = {
  title: 'Express with a catalogue in its heap: one host has a limit that was right for an older catalogue',
  trees: ['express-catalog'],
  ...shopOn(8000, 12),
  ownCore: true,
  strike: async (sick) => {
    await sick.sh(
      `node=$(pidof node); rss=$(awk '/VmRSS/{print int($2/1024)}' /proc/$node/status); echo "NODE_OPTIONS=--max-old-space-size=$((rss - 48))" > /etc/default/shop; kill "$node"; sleep 1; setsid sh /etc/lab/start.d/30-shop.sh > /var/log/lab-again.log 2>&1 < /dev/null & sleep 5`,
    );
  },
  truth: {
    causes: ['memory-pressure', 'config-drift', 'event-loop-block'],
    story: 'NODE_OPTIONS of app-3 leaves the heap no room beside the catalogue: the collector takes the time of each page',
  },
};
