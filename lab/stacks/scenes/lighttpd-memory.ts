import type { Scene } from '../scene';
import { everyMinute, PYTHON_PARAMETERS } from './shared';

/** Nothing swaps and nothing is killed: what is lost is the page cache, and the disk has to be read again. */
export const lighttpdMemory: Scene = {
  title: 'lighttpd, gunicorn, pictures on a disk: an indexer from cron takes the memory that held them',
  trees: ['lighttpd', 'catalog-disk', 'jobs'],
  port: 8000,
  page: '/cart',
  users: 12,
  thinkMs: 900,
  parameters: PYTHON_PARAMETERS,
  secrets: ['correcthorse'],
  strike: async (sick, peers) => {
    // As much memory as each host uses, and a little: a namespace has none of its own.
    const limit = `if [ -e /sys/fs/cgroup/memory/memory.limit_in_bytes ]; then
  echo $(($(cat /sys/fs/cgroup/memory/memory.usage_in_bytes) + 30000000)) > /sys/fs/cgroup/memory/memory.limit_in_bytes
else
  echo $(($(cat /sys/fs/cgroup/memory.current) + 30000000)) > /sys/fs/cgroup/memory.max
fi`;
    for (const host of [sick, ...peers]) await host.sh(limit);
    await sick.sh(everyMinute('/opt/jobs/build_index'));
  },
  onsetS: 200,
  truth: {
    causes: ['memory-pressure', 'disk-io'],
    culprit: 'build_index',
    story: 'build_index, started by cron, takes 140 MB of app-3: the pictures are dropped from the page cache, and each page reads them again',
  },
};
