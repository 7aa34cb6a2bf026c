import { COLD_REPLICA, POSTGRES, REPLICA } from '../sides';
import type { Scene } from '../scene';
import { PYTHON_SHOP } from './shared';

/** The name of the replicas leads this host to another one than its peers. */
export const replicaCold: Scene = {
  ...PYTHON_SHOP,
  title: 'gunicorn, SQLAlchemy: one host reads from another replica than its peers, a cold one',
  trees: ['python', 'replicas'],
  sides: [POSTGRES, REPLICA, COLD_REPLICA],
  names: { 'orders-ro.internal': REPLICA.address },
  strike: async (sick) => {
    await sick.sh(`echo '${COLD_REPLICA.address} orders-ro.internal' >> /etc/hosts; pkill -HUP -o gunicorn`);
  },
  truth: {
    causes: ['slow-dependency', 'config-drift'],
    story: 'app-3 reads from 10.0.1.22, which takes 0.7 s a query, and its peers from 10.0.1.21',
  },
};
