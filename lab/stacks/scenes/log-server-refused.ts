import { LOGS } from '../sides';
import type { Scene } from '../scene';
import { shopOn } from './shared';

/** The system log runs, on every host; on one of them it waits for somebody itself. */
export const logServerRefused: Scene = {
  title: 'Puma, Sinatra, rsyslog that sends to a log server: a rule of the firewall was left on one host',
  trees: ['sinatra', 'central-log'],
  sides: [LOGS],
  ...shopOn(9292, 12),
  strike: async (sick) => {
    await sick.sh(`nft add table ip audit
nft 'add chain ip audit out { type filter hook output priority 0; }'
nft add rule ip audit out ip daddr 10.0.1.43 tcp dport 6514 reject with tcp reset`);
  },
  truth: {
    causes: ['slow-dependency'],
    story: 'a rule of app-3 refuses its connections to logs-2; the queue of its rsyslogd is full, and pages wait in syslog(3)',
  },
};
