import { MARIADB } from '../sides';
import type { Scene } from '../scene';
import { shopOn } from './shared';

/** The names are right and the name server answers; what is asked first is not. */
export const resolverSearch: Scene = {
  title: 'php-fpm, MariaDB, dnsmasq on each host: one host looks names up in a domain that is gone first',
  trees: ['php', 'local-resolver'],
  sides: [MARIADB],
  ...shopOn(8080, 20),
  strike: async (sick) => {
    const again =
      'setsid dnsmasq --keep-in-foreground --no-resolv --no-hosts --bind-interfaces --listen-address=127.0.0.1 --pid-file= --user=nobody --server=10.0.1.2 --server=/legacy.example/10.0.1.99 > /var/log/lab-again.log 2>&1 < /dev/null &';
    await sick.sh(
      `pkill dnsmasq; sleep 1; printf 'nameserver 127.0.0.1\\nsearch legacy.example\\noptions ndots:5 timeout:1 attempts:1\\n' > /etc/resolv.conf; ${again}`,
    );
  },
  truth: {
    causes: ['dns', 'config-drift'],
    story: 'resolv.conf of app-3 has db-1.internal looked up in legacy.example first, whose name server does not answer',
  },
};
