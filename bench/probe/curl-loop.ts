import { spawnSync } from 'node:child_process';
import type { Timed } from './messages';

/** Whether curl can be run here. */
export function hasCurl(): boolean {
  return spawnSync('curl', ['--version']).status === 0;
}

/**
 * The story's loop: one curl after the other, straight to each target.
 * @throws Error when a curl fails.
 */
export function curlLoop(addresses: readonly string[], port: number, path: string): readonly Timed[] {
  return addresses.map((address) => {
    const url = `http://${address}:${port}${path}`;
    const args = ['-s', '-o', '/dev/null', '-w', '%{time_total}', '-H', 'Host: shop.example.test', url];
    const run = spawnSync('curl', args, { encoding: 'utf8' });
    if (run.status !== 0) throw new Error(`curl ${url} ended with ${run.status}: ${run.stderr}`);
    return { address, latencyMs: Number(run.stdout) * 1000 };
  });
}
