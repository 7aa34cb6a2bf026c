import { POSTGRES } from '../sides';
import type { Scene } from '../scene';
import { shopOn } from './shared';

/** The number stands in a variable that the server's own configuration reads. */
export const pumaThreads: Scene = {
  title: 'Puma, Sequel, PostgreSQL: the threads of Puma were set to one on one host, by a variable',
  trees: ['puma', 'puma-variable'],
  sides: [POSTGRES],
  ...shopOn(9292, 20),
  strike: async (sick) => {
    await sick.sh(
      'echo MAX_THREADS=1 > /etc/default/shop; pkill puma; pkill -f config.ru; sleep 2; setsid sh /etc/lab/shop > /var/log/lab-again.log 2>&1 < /dev/null &',
    );
  },
  truth: {
    causes: ['config-drift', 'pool-starvation'],
    story: 'MAX_THREADS is 1 on app-3 and 16 on its peers: one request is served at a time',
  },
};
