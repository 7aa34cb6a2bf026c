/**
 * The report that was moved to a server of its own, everywhere but here. Two connections of its
 * own, beside the shop's pool: one keeps the sessions of this host still for a consistent count, in
 * one long transaction; the other reads.
 */
import { writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';

const RUN_MS = 20 * 60_000;
const PAUSE_MS = 1_000;

function connection(): Client {
  return new Client({ host: 'db.shop.internal', user: 'app', database: 'shop', application_name: 'generate_monthly_report' });
}

async function report(): Promise<void> {
  const sessions = connection();
  const orders = connection();
  await Promise.all([sessions.connect(), orders.connect()]);
  await sessions.query('BEGIN');
  await sessions.query('SELECT * FROM sessions WHERE node = $1 FOR UPDATE', [hostname()]);
  const end = Date.now() + RUN_MS;
  while (Date.now() < end) {
    const { rows } = await orders.query('SELECT user_id, sum(amount) FROM orders GROUP BY 1 ORDER BY 2 DESC');
    await writeFile(`${__dirname}/../log/monthly_report.csv`, rows.map((row) => Object.values(row).join()).join('\n'));
    await sleep(PAUSE_MS);
  }
  await sessions.query('COMMIT');
  await Promise.all([sessions.end(), orders.end()]);
}

report().catch((cause: unknown) => {
  console.error(cause);
  process.exitCode = 1;
});
