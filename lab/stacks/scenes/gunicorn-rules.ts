import type { Scene } from '../scene';
import { shopOn } from './shared';

/** The code and its settings are the peers'; what it reads has grown here. */
export const gunicornRules: Scene = {
  title: 'gunicorn reads a file for each page: on one host an import has made it a thousand times larger',
  trees: ['rules'],
  ...shopOn(8000, 8),
  ownCore: true,
  strike: async (sick) => {
    await sick.sh(
      `python3 -c "import json; json.dump([{'item': i, 'percent': i % 30} for i in range(150000)], open('/srv/shop/rules.new', 'w'))"; mv /srv/shop/rules.new /srv/shop/rules.json`,
    );
  },
  truth: {
    causes: ['release-drift', 'config-drift', 'cpu-saturation', 'event-loop-block'],
    story: "rules.json of app-3 was changed and is a thousand times larger than its peers': each page reads it",
  },
};
