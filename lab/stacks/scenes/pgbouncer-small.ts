import { POSTGRES } from '../sides';
import type { Scene } from '../scene';
import { shopOn } from './shared';

/** The application is as it was, and the database too: what lies between them was reloaded. */
export const pgbouncerSmall: Scene = {
  title: 'Puma, Sequel, pgbouncer, PostgreSQL: the bouncer of one host has a single connection to the database',
  trees: ['puma'],
  sides: [POSTGRES],
  ...shopOn(9292, 30),
  strike: async (sick) => {
    await sick.sh(
      "sed -i 's/default_pool_size = 6/default_pool_size = 1/' /etc/pgbouncer/pgbouncer.ini; pkill pgbouncer; sleep 1; setsid setpriv --reuid=postgres --regid=postgres --clear-groups pgbouncer /etc/pgbouncer/pgbouncer.ini > /var/log/lab-again.log 2>&1 < /dev/null &",
    );
  },
  truth: {
    causes: ['config-drift', 'pool-starvation'],
    story: 'default_pool_size of the pgbouncer of app-3 is 1 and 6 on its peers: transactions wait for one another there',
  },
};
