/**
 * What a cold start has to read and run: the bytes of each bundled handler and the time its import
 * takes, in fresh processes.
 *
 *     npm run bench:bundle [-- --json] [--runs N]
 *
 * The bytes are held by test/scripts/build.host.test.ts; the times depend on the machine and are
 * printed only.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { parseConfig } from '../core/config';
import { table } from '../core/report/text';
import { CONFIG_FILE, ENV } from '../lambda/contract';
import { BYTES_ALLOWED, HANDLERS, buildHandlers } from '../scripts/build';
import { config } from '../sickbay.config';

interface Measured {
  readonly handler: string;
  readonly bytes: number;
  readonly allowedBytes: number;
  readonly gzipBytes: number;
  /** Median over fresh processes: `require` of the bundle, which builds its clients, in ms. */
  readonly importMs: number;
  /** Median resident set right after it, in MiB. */
  readonly rssMb: number;
}

/** Prints what one import took; run in a process of its own. */
const CHILD = `const t = performance.now(); require(process.argv[1]);
process.stdout.write(JSON.stringify({ importMs: performance.now() - t, rssMb: process.memoryUsage.rss() / 2 ** 20 }));`;

/** Not set where everything in the configuration is known at synth, as in `sickbay.config.ts`. */
const { deployTimeValues: _unset, ...NAMES } = ENV;

/** What Lambda would set. The names lead nowhere: nothing is called. */
const ENVIRONMENT = {
  // The SDK's word on Node versions, once a process; the functions run on Node 24.
  NODE_NO_WARNINGS: '1',
  PATH: process.env['PATH'],
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
  ...Object.fromEntries(Object.values(NAMES).map((name) => [name, 'bench'])),
};

function imported(file: string): { readonly importMs: number; readonly rssMb: number } {
  const out = execFileSync(process.execPath, ['-e', CHILD, file], { env: ENVIRONMENT, encoding: 'utf8' });
  return JSON.parse(out) as { importMs: number; rssMb: number };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function measure(directory: string, handler: (typeof HANDLERS)[number], runs: number): Measured {
  const file = path.join(directory, handler, 'index.js');
  writeFileSync(path.join(path.dirname(file), CONFIG_FILE), JSON.stringify(parseConfig(config)));
  const bundle = readFileSync(file);
  const imports = Array.from({ length: runs }, () => imported(file));
  return {
    handler,
    bytes: bundle.length,
    allowedBytes: BYTES_ALLOWED[handler],
    gzipBytes: gzipSync(bundle).length,
    importMs: median(imports.map(({ importMs }) => importMs)),
    rssMb: median(imports.map(({ rssMb }) => rssMb)),
  };
}

function describeBundles(measured: readonly Measured[]): string {
  const kib = (bytes: number): string => `${(bytes / 1024).toFixed(0)} KiB`;
  const rows = measured.map((row) => [
    row.handler,
    kib(row.bytes),
    kib(row.allowedBytes),
    kib(row.gzipBytes),
    `${row.importMs.toFixed(0)} ms`,
    `${row.rssMb.toFixed(0)} MiB`,
  ]);
  return table([['handler', 'bytes', 'allowed', 'gzip', 'import (median)', 'resident after it'], ...rows]).join('\n');
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { json: { type: 'boolean', default: false }, runs: { type: 'string', default: '11' } } });
  const directory = mkdtempSync(path.join(tmpdir(), 'sickbay-bundle-'));
  try {
    await buildHandlers(directory);
    const measured = HANDLERS.map((handler) => measure(directory, handler, Number(values.runs)));
    console.log(values.json ? JSON.stringify({ node: process.version, measured }, undefined, 2) : describeBundles(measured));
    if (measured.some(({ bytes, allowedBytes }) => bytes > allowedBytes)) process.exitCode = 1;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
