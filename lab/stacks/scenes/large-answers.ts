import { POSTGRES } from '../sides';
import type { Scene } from '../scene';
import { shopOn } from './shared';

/**
 * As behind a tunnel whose "fragmentation needed" never comes back: small packets pass, full ones
 * do not.
 */
export const largeAnswers: Scene = {
  title: 'Starman, DBI, PostgreSQL: full packets of the database do not reach one host',
  trees: ['starman', 'starman-catalog'],
  sides: [POSTGRES],
  ...shopOn(8000, 12),
  strike: async (sick) => {
    await sick.sh(`nft add table ip tunnel
nft 'add chain ip tunnel in { type filter hook input priority 0; }'
nft add rule ip tunnel in ip saddr 10.0.1.20 meta length '>' 1300 drop`);
  },
  truth: {
    causes: ['slow-dependency'],
    story: 'packets of db-1 above 1,300 bytes do not reach app-3: connections are made and small answers come, those of a list never do',
  },
};
