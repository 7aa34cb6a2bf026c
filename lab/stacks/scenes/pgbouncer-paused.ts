import { POSTGRES } from '../sides';
import type { Scene } from '../scene';
import { shopOn } from './shared';

/** It takes connections as ever, and answers none: it was told to for a change of the database. */
export const pgbouncerPaused: Scene = {
  title: 'Puma, Sequel, pgbouncer, PostgreSQL: the bouncer of one host was paused, and nobody resumed it',
  trees: ['puma'],
  sides: [POSTGRES],
  ...shopOn(9292, 30),
  strike: async (sick) => void (await sick.sh('pkill -USR1 pgbouncer')),
  truth: {
    causes: ['slow-dependency', 'config-drift'],
    story: 'pgbouncer of app-3 is paused (SIGUSR1): it takes queries and passes none of them on to PostgreSQL',
  },
};
