import type { Scene } from '../scene';
import { CATALOG } from '../sides';
import { shopOn } from './shared';

/** The limit of a client's connections stands in a file of the application, and nowhere else. */
export const expressAgent: Scene = {
  title: "Express and Node's HTTP agent: one host may open a single connection to another service",
  trees: ['express-client'],
  sides: [CATALOG],
  ...shopOn(8000, 20),
  strike: async (sick) => {
    await sick.sh(
      "sed -i 's/32/1/' /srv/shop/config.json; pkill -f shop.js; sleep 1; setsid sh /etc/lab/start.d/30-shop.sh > /var/log/lab-again.log 2>&1 < /dev/null &",
    );
  },
  truth: {
    causes: ['config-drift'],
    story: 'config.json of app-3 allows one connection to stock-1, those of its peers 32: requests queue in the agent',
  },
};
