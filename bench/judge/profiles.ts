import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Latency quantiles of one operation, ms, on the common grid: healthy, and after each kind of
 * injected fault.
 */
export interface Profile {
  readonly p50: number;
  readonly healthy: readonly number[];
  readonly faults: Readonly<Record<string, readonly number[]>>;
}

interface ProfileFile {
  readonly grid: readonly number[];
  readonly profiles: Readonly<Record<string, Profile>>;
}

const FILE = JSON.parse(readFileSync(join(__dirname, '..', 'profiles.json'), 'utf8')) as ProfileFile;

export const QUIET = [
  'ob-getcart',
  'ob-getquote',
  'tt-config',
  'tt-route',
  'tt-price',
  'tt-train',
  'tt-payment',
  'tt-contacts',
  'tt-station',
];
export const MIDDLE = ['ob-getproduct', 'ob-recommend', 'ob-getads', 'ob-placeorder', 'tt-login', 'tt-order'];
export const HEAVY = ['ob-convert', 'tt-seat', 'tt-travel'];
export const WITH_FAULT = Object.entries(FILE.profiles).flatMap(([name, p]) =>
  Object.keys(p.faults).length > 0 && name !== 'ob-convert' ? [name] : [],
);

/** Throws for a name that is not in profiles.json. */
export function profile(name: string): Profile {
  const found = FILE.profiles[name];
  if (found === undefined) throw new Error(`unknown profile "${name}", known: ${Object.keys(FILE.profiles).join(', ')}`);
  return found;
}

/** The `u` quantile of a table, interpolated in the logarithm. */
export function quantileAt(table: readonly number[], u: number): number {
  const { grid } = FILE;
  const i = bisectRight(grid, u) - 1;
  const from = table[i] ?? 0;
  if (i >= grid.length - 1) return table.at(-1) ?? 0;
  const low = grid[i] ?? 0;
  const w = (u - low) / ((grid[i + 1] ?? 1) - low);
  return Math.exp(Math.log(Math.max(from, 1e-3)) * (1 - w) + Math.log(Math.max(table[i + 1] ?? 0, 1e-3)) * w);
}

function bisectRight(values: readonly number[], x: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (x < (values[middle] ?? 0)) high = middle;
    else low = middle + 1;
  }
  return low;
}
