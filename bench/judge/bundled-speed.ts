import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import type * as Bundled from './speed';

/**
 * `measureSpeed` of the judge bundled as the functions are: under a TypeScript loader, which names
 * every closure anew, it takes half as long again.
 */
export async function measureBundled(targets: number): Promise<Bundled.Speed> {
  const folder = mkdtempSync(join(tmpdir(), 'sickbay-speed-'));
  const outfile = join(folder, 'speed.cjs');
  buildSync({ entryPoints: [join(__dirname, 'speed.ts')], outfile, bundle: true, platform: 'node', target: 'node20', minify: true });
  const { measureSpeed } = (await import(outfile)) as typeof Bundled;
  rmSync(folder, { recursive: true });
  return measureSpeed(targets);
}
