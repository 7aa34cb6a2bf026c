import type { Scene } from '../scene';
import { shopOn } from './shared';

/**
 * A line in the configuration of the proxy; nothing on the host is busy, and nobody waits for it.
 */
export const nginxRate: Scene = {
  title: 'nginx, php-fpm: nginx of one host was left with a limit on its rate',
  trees: ['php', 'php-large'],
  ...shopOn(8080, 12),
  strike: async (sick) => {
    await sick.sh("sed -i 's/access_log off;/access_log off; limit_rate 40k;/' /etc/nginx/nginx.conf; nginx -s reload");
  },
  truth: {
    causes: ['config-drift', 'release-drift'],
    story: 'nginx.conf of app-3 was changed: it passes 40 KB a second on to a client',
  },
};
