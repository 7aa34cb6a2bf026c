import type { Scene } from '../scene';
import { shopOn } from './shared';

/** Set while it runs: no file was changed for it, and no command. */
export const redisFsync: Scene = {
  title: 'gunicorn and a Redis beside it: somebody has Redis of one host write each command to its disk',
  trees: ['redis', 'loop-disk', 'redis-disk'],
  ...shopOn(8000, 20),
  strike: async (sick) => {
    await sick.sh('redis-cli config set appendfsync always; redis-cli config set appendonly yes');
  },
  truth: {
    causes: ['disk-io', 'slow-dependency', 'config-drift'],
    story:
      'Redis of app-3 appends each command to a file and waits for the disk, which takes 25 writes a second; those of its peers keep all in memory',
  },
};
