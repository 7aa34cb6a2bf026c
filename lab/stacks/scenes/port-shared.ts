import type { Scene } from '../scene';
import { shopOn } from './shared';

/** Whoever binds a port with SO_REUSEPORT, too, gets a share of its connections. */
export const portShared: Scene = {
  title: 'nginx, php-fpm: a copy of both, started by hand to try things out, shares the port',
  trees: ['php', 'php-partner'],
  ...shopOn(8080, 20),
  strike: async (sick) => {
    await sick.sh(
      'setsid php-fpm8.2 --nodaemonize --fpm-config /root/test/fpm.conf > /var/log/lab-test.log 2>&1 < /dev/null & setsid nginx -c /root/test/nginx.conf >> /var/log/lab-test.log 2>&1 < /dev/null &',
    );
  },
  truth: {
    causes: ['pool-starvation', 'config-drift', 'accept-queue-overflow', 'release-drift'],
    culprit: '/root/test',
    story: 'a second nginx of app-3 listens on 8080 as well and takes three of four connections; the php-fpm behind it has a single worker',
  },
};
