/**
 * Bundles the handlers once, before synth: the stack, the lab and the npm package use the same
 * files.
 *
 *     npx --no-install tsx scripts/build.ts [--outdir DIR]        DIR is dist/handlers when not given
 *
 * What is done to the code, and why (`npm run bench:bundle` measures it,
 * test/scripts/build.host.test.ts holds the bytes):
 *
 * - The SDK is bundled, from its ES modules (`mainFields`): half the bytes and half the import time
 * of its CommonJS build.
 * - The SDK's credential chain is replaced by lambda/aws/environment-credentials.ts (`alias`): a
 * handler's credentials come from its environment and from nowhere else. That is a fifth of the
 * bytes.
 * - Schemas of operations that nobody calls are left out (pure-schemas.ts): more than half of the
 * sweeper's bytes.
 * - The licences of what is bundled go beside the bundles (notices.ts): minified code carries none.
 * - Everything is minified, and functions and classes keep their names (`keepNames`), so that a
 * stack trace in a log still names them without a source map, which would have to be loaded at
 * run time.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build, type BuildFailure, type BuildOptions } from 'esbuild';
import { NOTICES_FILE } from '../lambda/contract';
import { inspectionScript } from './inspection-script';
import { notices } from './notices';
import { pureSchemas } from './pure-schemas';
import { stopProgram } from './stop-program';

const ROOT = path.join(__dirname, '..');
export const HANDLERS = [
  'sweep',
  'probe',
  'respond',
  'restore',
  'review',
  'report',
  'stop',
  'delete-guard',
  'kill-switch',
  'widget',
] as const;
/** What runs on hosts. */
const PROGRAMS = { 'inspect.sh': () => inspectionScript(), 'stop.py': () => stopProgram() };
const CREDENTIALS = path.join(ROOT, 'lambda', 'aws', 'environment-credentials.ts');

/**
 * Bytes that each bundle may have: a cold start reads, parses and runs all of them. The sweeper's
 * goal is 700 KiB; these lie about a tenth above what is measured.
 */
export const BYTES_ALLOWED: Readonly<Record<(typeof HANDLERS)[number], number>> = {
  sweep: 500 * 1024,
  probe: 80 * 1024,
  respond: 1080 * 1024,
  restore: 280 * 1024,
  review: 560 * 1024,
  stop: 700 * 1024,
  report: 380 * 1024,
  'delete-guard': 325 * 1024,
  'kill-switch': 265 * 1024,
  widget: 350 * 1024,
};

/** How code for Lambda is bundled. */
export const BUNDLING = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  mainFields: ['module', 'main'],
  minify: true,
  keepNames: true,
  alias: { '@aws-sdk/credential-provider-node': CREDENTIALS },
  plugins: [pureSchemas],
  legalComments: 'none',
  metafile: true,
  logLevel: 'silent',
} satisfies BuildOptions;

/** A file that was written, and its size. */
export interface Written {
  readonly file: string;
  readonly bytes: number;
}

/**
 * Bundles `lambda/*.handler.ts` into `<outDir>/<name>/index.js`; beside them go the programs for
 * hosts and the notices of all bundles. Each file appears whole under its final name, so that two
 * builds at once cannot tear one.
 * @throws esbuild's BuildFailure when a handler does not bundle or does not exist.
 */
export async function buildHandlers(outDir: string, lambdaDir = path.join(ROOT, 'lambda')): Promise<Written[]> {
  const { outputFiles, metafile } = await build({
    entryPoints: Object.fromEntries(HANDLERS.map((name) => [`${name}/index`, path.join(lambdaDir, `${name}.handler.ts`)])),
    outdir: outDir,
    write: false,
    ...BUNDLING,
  });
  const bundles = outputFiles.map((bundle) => appear(bundle.path, (temporary) => writeFile(temporary, bundle.contents)));
  const programs = Object.entries(PROGRAMS).map(([name, text]) =>
    appear(path.join(outDir, name), (temporary) => writeFile(temporary, text())),
  );
  const text = await notices([metafile]);
  const told = appear(path.join(outDir, NOTICES_FILE), (temporary) => writeFile(temporary, text));
  return Promise.all([...bundles, ...programs, told]);
}

/**
 * Lets `write` make a temporary file in the same directory and renames it: a reader sees the old
 * file or the new one, whole.
 */
async function appear(file: string, write: (temporary: string) => Promise<void>): Promise<Written> {
  const temporary = `${file}.${randomUUID()}.tmp`;
  await mkdir(path.dirname(file), { recursive: true });
  try {
    await write(temporary);
    await rename(temporary, file);
  } finally {
    await rm(temporary, { force: true });
  }
  return { file, bytes: (await stat(file)).size };
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && 'errors' in error;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { outdir: { type: 'string', default: path.join(ROOT, 'dist', 'handlers') } } });
  for (const { file, bytes } of await buildHandlers(path.resolve(values.outdir))) {
    console.log(`${String(bytes).padStart(9)} bytes  ${path.relative(process.cwd(), file)}`);
  }
}

if (require.main === module) {
  main().catch((error: unknown) => {
    console.error(isBuildFailure(error) ? error.errors.map(({ text }) => text).join('\n') : error);
    process.exitCode = 1;
  });
}
