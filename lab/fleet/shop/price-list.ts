import { closeSync, mkdirSync, openSync, readSync, writeFileSync } from 'node:fs';

/** The price list is kept in this many files, all open at once while a cart is priced. */
const SEGMENTS = 32;
const DIRECTORY = 'data/prices';
const path = (segment: number): string => `${DIRECTORY}/${segment}.bin`;

/** Writes the price list, once at the start. */
export function writePriceList(): void {
  mkdirSync(DIRECTORY, { recursive: true });
  for (let segment = 0; segment < SEGMENTS; segment++) writeFileSync(path(segment), Buffer.from([segment]));
}

/**
 * Reads one price from every segment. @throws `EMFILE` where the process may not open so many files
 */
export function readPrices(): number {
  const files: number[] = [];
  try {
    for (let segment = 0; segment < SEGMENTS; segment++) files.push(openSync(path(segment), 'r'));
    const buffer = Buffer.alloc(1);
    return files.reduce((sum, file) => sum + (readSync(file, buffer, 0, 1, 0) > 0 ? (buffer[0] ?? 0) : 0), 0);
  } finally {
    for (const file of files) closeSync(file);
  }
}
