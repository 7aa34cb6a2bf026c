/**
 * Builds what the npm package holds, before `npm pack` and `npm publish` (`prepack`):
 *
 *     npm run build:package [-- --outdir DIR]        DIR is dist when not given
 *
 *     dist/handlers    the functions, as `npm run build` makes them
 *     dist/index.js    the constructs. aws-cdk-lib and constructs are the app's own (peerDependencies); zod is a dependency
 *     dist/cli.js      `sickbay`, whole: the SDK in it, with its full credential chain, for it runs where people have profiles
 *     dist/types       declarations
 *     dist/THIRD-PARTY-NOTICES.txt, dist/handlers/THIRD-PARTY-NOTICES.txt    the licences of what is bundled
 */
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build, type BuildOptions } from 'esbuild';
import { NOTICES_FILE } from '../lambda/contract';
import { BUNDLING, buildHandlers } from './build';
import { notices } from './notices';

const ROOT = path.join(__dirname, '..');

/**
 * Readable, for it runs on people's own machines: neither its size nor its import time is anybody's
 * cold start.
 */
const NODE = { ...BUNDLING, minify: false, alias: {} } satisfies BuildOptions;

/** @throws esbuild's BuildFailure, or when the declarations do not compile. */
export async function buildPackage(outDir: string): Promise<void> {
  const [constructs, commandLine] = await Promise.all([
    bundle('lib/index.ts', path.join(outDir, 'index.js'), ['aws-cdk-lib', 'constructs', 'zod']),
    bundle('bin/sickbay.ts', path.join(outDir, 'cli.js'), ['aws-cdk-lib']),
    buildHandlers(path.join(outDir, 'handlers')),
  ]);
  await writeFile(path.join(outDir, NOTICES_FILE), await notices([constructs.metafile, commandLine.metafile]));
  const tsc = path.join(path.dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');
  const args = [tsc, '-p', path.join(ROOT, 'tsconfig.package.json'), '--outDir', path.join(outDir, 'types')];
  execFileSync(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] });
}

function bundle(source: string, outfile: string, external: string[]) {
  return build({ ...NODE, entryPoints: [path.join(ROOT, source)], outfile, external });
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { outdir: { type: 'string', default: path.join(ROOT, 'dist') } } });
  await buildPackage(path.resolve(values.outdir));
}

if (require.main === module) {
  main().catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
}
