/** The usual way: so many fetches at once, each followed by the next. */
import type { FetchJob, Timed } from './messages';
import { serveJobs } from './worker';

async function fetchAll({ urls, concurrency }: FetchJob): Promise<readonly Timed[]> {
  const timed: Timed[] = Array.from({ length: urls.length });
  let next = 0;
  const loop = async (): Promise<void> => {
    while (next < urls.length) {
      const index = next++;
      timed[index] = await fetchOne(urls[index] ?? '');
    }
  };
  await Promise.all(Array.from({ length: concurrency }, loop));
  return timed;
}

async function fetchOne(url: string): Promise<Timed> {
  const startedMs = performance.now();
  const response = await fetch(url);
  await response.arrayBuffer();
  return { address: new URL(url).hostname, latencyMs: performance.now() - startedMs };
}

serveJobs(fetchAll);
