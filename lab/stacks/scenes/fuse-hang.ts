import type { Scene } from '../scene';
import { shopOn } from './shared';

/** As an s3fs or an sshfs that has lost its other side: every open waits for the program. */
export const fuseHang: Scene = {
  title: 'uWSGI reads its prices over FUSE: the program behind the mount does not answer any more',
  trees: ['fuse'],
  ...shopOn(8000, 12),
  strike: async (sick) => void (await sick.sh('pkill -STOP bindfs')),
  truth: {
    causes: ['slow-dependency', 'disk-io'],
    story: 'bindfs of app-3 is suspended: who reads below /srv/prices waits for it',
  },
};
