import { MARIADB } from '../sides';
import type { Scene } from '../scene';
import { shopOn } from './shared';

/**
 * The resolver on the host asks one that is not there; the second line of resolv.conf answers a
 * second later.
 */
export const resolverUpstream: Scene = {
  title: 'php-fpm, MariaDB, dnsmasq on each host: the upstream of one dnsmasq is gone',
  trees: ['php', 'local-resolver'],
  sides: [MARIADB],
  ...shopOn(8080, 20),
  strike: async (sick) => {
    const again = 'UPSTREAM=10.0.1.99 setsid sh /etc/lab/start.d/15-resolver.sh > /var/log/lab-again.log 2>&1 < /dev/null &';
    await sick.sh(`pkill dnsmasq; sleep 1; ${again}`);
  },
  truth: {
    causes: ['dns'],
    story: 'each page looks db-1.internal up; on app-3 dnsmasq has no upstream, and the second name server answers after 1 s',
  },
};
