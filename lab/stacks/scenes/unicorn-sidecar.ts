import { STOCK } from '../sides';
import type { Scene } from '../scene';
import { shopOn } from './shared';

/** The application itself speaks with its own host alone, where nothing is lost. */
export const unicornSidecar: Scene = {
  title: 'unicorn asks another service by way of an HAProxy on its host: a third of what the HAProxy of one host sends is lost',
  trees: ['unicorn-stock'],
  sides: [STOCK],
  ...shopOn(8000, 12),
  strike: async (sick) => {
    await sick.sh(`nft add table ip link
nft 'add chain ip link out { type filter hook output priority 0; }'
nft add rule ip link out ip daddr 10.0.1.30 numgen random mod 100 '<' 33 drop`);
  },
  truth: {
    causes: ['slow-dependency'],
    story: 'what app-3 sends to stock-1 is lost one time in three, behind the proxy that the application asks',
  },
};
