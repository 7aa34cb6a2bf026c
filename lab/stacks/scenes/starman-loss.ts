import { POSTGRES } from '../sides';
import type { Scene } from '../scene';
import { shopOn } from './shared';

/** The way to the database loses packets, on one host only. */
export const starmanLoss: Scene = {
  title: 'Starman, DBI, PostgreSQL: a third of the packets that one host sends to the database is lost',
  trees: ['starman'],
  sides: [POSTGRES],
  ...shopOn(8000, 12),
  strike: async (sick) => {
    await sick.sh(`nft add table ip link
nft 'add chain ip link out { type filter hook output priority 0; }'
nft add rule ip link out ip daddr 10.0.1.20 numgen random mod 100 '<' 33 drop`);
  },
  truth: {
    causes: ['slow-dependency'],
    story: 'what app-3 sends to db-1 is lost one time in three, and sent again after 200 ms and more',
  },
};
