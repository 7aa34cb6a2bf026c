import { POSTGRES } from '../sides';
import type { Scene } from '../scene';
import { shopOn } from './shared';

/** The peers were changed, and the sick host is as it always was. */
export const starmanHalf: Scene = {
  title: 'Starman, DBI, PostgreSQL: a release was copied to all hosts but one, whose old code asks for each order by itself',
  trees: ['starman-orders'],
  sides: [POSTGRES],
  ...shopOn(8000, 6),
  strike: async (sick, peers) => {
    await sick.sh("touch -d '40 days ago' /srv/shop/shop.psgi /opt/releases/shop.psgi");
    for (const peer of peers) await peer.sh('cp /opt/releases/shop.psgi /srv/shop/shop.psgi; kill -HUP "$(cat /tmp/shop.pid)"');
  },
  truth: {
    causes: ['release-drift', 'config-drift'],
    story: 'app-3 runs the release before: fifteen hundred queries a page, where its peers need one',
  },
};
