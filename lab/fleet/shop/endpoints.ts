/**
 * The shop's lesser pages. Each has a mistake of the kind that gets through review and sleeps until
 * somebody calls it in the wrong way.
 */
import { open } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { JOURNAL } from './journal';
import { pool } from './pool';

/** Orders as a file. The mistake: an unknown format throws before the connection is given back. */
export async function exportOrders(url: URL, response: ServerResponse): Promise<void> {
  const client = await pool.connect();
  const { rows } = await client.query<{ amount: string }>('SELECT amount FROM orders WHERE user_id = $1', [
    Number(url.searchParams.get('user') ?? 0),
  ]);
  const format = url.searchParams.get('format') ?? 'csv';
  if (format !== 'csv') throw new Error(`format is "${format}", expected csv`);
  response.end(rows.map(({ amount }) => amount).join('\n'));
  client.release();
}

/**
 * A receipt as written in the journal. The mistake: the file is closed only where the receipt is
 * found.
 */
export async function receipt(url: URL, response: ServerResponse): Promise<void> {
  const file = await open(JOURNAL, 'r');
  const { buffer, bytesRead } = await file.read(Buffer.alloc(4096), 0, 4096, 0);
  const line = buffer
    .subarray(0, bytesRead)
    .toString()
    .split('\n')
    .find((entry) => entry.includes(` cart ${url.searchParams.get('user')} `));
  if (line === undefined) {
    leaked.push(file);
    return void response.writeHead(404).end();
  }
  await file.close();
  response.end(line);
}
const leaked: unknown[] = []; // the "recently viewed" list that holds on to each handle
