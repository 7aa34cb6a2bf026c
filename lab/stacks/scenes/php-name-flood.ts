import { MARIADB, RESOLVER } from '../sides';
import type { Scene } from '../scene';
import { byCron, shopOn } from './shared';

/** The resolver on the host may ask for 150 names at a time, as dnsmasq does by default. */
export const phpNameFlood: Scene = {
  title: 'php-fpm, MariaDB, dnsmasq on each host: a job from cron looks up so many names that dnsmasq refuses more',
  trees: ['php', 'local-resolver', 'crowded-resolver', 'jobs'],
  sides: [MARIADB, RESOLVER],
  ...shopOn(8080, 20),
  strike: byCron('/opt/jobs/name_visitors'),
  truth: {
    causes: ['dns'],
    culprit: 'name_visitors',
    story:
      'name_visitors, started by cron, asks dnsmasq of app-3 for 250 names at a time that nobody answers for; the lookups of each page are refused',
  },
};
