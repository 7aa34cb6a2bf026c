import { COLLECTOR } from '../sides';
import type { Scene } from '../scene';
import { shopOn } from './shared';

/** Who is slow is two steps away: what reads the JVM's output waits for another machine. */
export const tomcatLogPipe: Scene = {
  title: 'Tomcat prints to a pipe into logger(1), whose way to the log collector is cut on one host',
  trees: ['tomcat-audit'],
  sides: [COLLECTOR],
  ...shopOn(8080, 20),
  strike: async (sick) => {
    await sick.sh(`nft add table ip cut
nft 'add chain ip cut out { type filter hook output priority 0; }'
nft add rule ip cut out ip daddr 10.0.1.41 drop`);
  },
  truth: {
    causes: ['slow-dependency'],
    story: 'nothing of app-3 reaches logs-1: logger(1) waits, the pipe is full, and the threads of Tomcat wait to print',
  },
};
