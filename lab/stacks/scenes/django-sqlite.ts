import type { Scene } from '../scene';
import { byCron, shopOn } from './shared';

/** A database without a server: who waits for it sleeps and tries again, and no socket shows it. */
export const djangoSqlite: Scene = {
  title: 'Caddy, gunicorn, Django, SQLite: an import from cron holds the database in one long transaction',
  trees: ['django', 'jobs'],
  ...shopOn(8000, 12),
  strike: byCron('/opt/jobs/import_prices'),
  truth: {
    causes: ['pool-starvation', 'slow-dependency'],
    culprit: 'import_prices',
    story: 'import_prices, started by cron, holds the exclusive lock of shop.db while it waits for rows; each page tries again for 10 s',
  },
};
