/**
 * Builds the handlers and synthesises the stack into a directory of the drill's own: what `cdk
 * deploy` would deploy.
 */
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { ConfigInput } from '../../core/config';
import { loadAssembly } from '../boot/assembly';
import type { Assembly } from '../boot/descriptions';

const ROOT = path.join(__dirname, '..', '..');
const run = promisify(execFile);
/** Nine seconds on two idle cores; a loaded machine takes its time, and a hang must end. */
const SYNTH_TIMEOUT_MS = 300_000;

/** @throws with what the build or the synthesis wrote. */
export async function synthesise(directory: string, config: ConfigInput): Promise<Assembly> {
  const handlersDir = path.join(directory, 'handlers');
  const configFile = path.join(directory, 'drill-config.json');
  const out = path.join(directory, 'cdk.out');
  await mkdir(directory, { recursive: true });
  await writeFile(configFile, JSON.stringify(config, null, 2));
  await program(['scripts/build.ts', '--outdir', handlersDir]);
  await program(['bin/app.ts'], { CDK_OUTDIR: out, CDK_CONTEXT_JSON: JSON.stringify({ config: configFile, handlers: handlersDir }) });
  return loadAssembly(out);
}

async function program(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<void> {
  await run(process.execPath, ['--require', 'tsx/cjs', ...argv], { cwd: ROOT, env: { ...process.env, ...env }, timeout: SYNTH_TIMEOUT_MS });
}
