import { MARIADB } from '../sides';
import type { Scene } from '../scene';
import { shopOn } from './shared';

/**
 * The server knows its limit and stays below it: no call fails, and connections are left where they
 * are.
 */
export const lighttpdDescriptors: Scene = {
  title: 'lighttpd, php-fpm, MariaDB: lighttpd of one host was started by hand from a shell with a small ulimit -n',
  trees: ['php', 'lighttpd'],
  sides: [MARIADB],
  ...shopOn(8080, 40),
  strike: async (sick) => {
    await sick.sh('pkill lighttpd; sleep 1; ulimit -n 14; setsid sh /etc/lab/web > /var/log/lab-again.log 2>&1 < /dev/null &');
  },
  truth: {
    causes: ['fd-exhaustion', 'config-drift', 'accept-queue-overflow'],
    story: 'lighttpd of app-3 may open 14 descriptors, those of its peers a thousand: it accepts a connection when another one has ended',
  },
};
