import type { ServerResponse } from 'node:http';

const CATALOGUE = Array.from({ length: 2_000 }, (_, i) => `article ${i.toString(36).padStart(8, 'x')}`);

/** Levenshtein's distance, row by row. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replace, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/**
 * The closest article. The mistake: nobody limits the length of the term, and all of it is compared
 * before anything else is served.
 */
export function search(url: URL, response: ServerResponse): void {
  const term = url.searchParams.get('q') ?? '';
  const found = CATALOGUE.map((name) => ({ name, far: distance(term, name) })).reduce((best, next) => (next.far < best.far ? next : best));
  response.end(found.name);
}
