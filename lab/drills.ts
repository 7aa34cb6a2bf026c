/**
 * Every scene, one after the other, and a table of what was expected and what was found.
 *
 *     npm run drills [-- --json] [--out DIR] [SCENE ...]
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { table } from '../core/report/text';
import type { Case } from '../core/model';
import { SCENES } from './drill/scenes';
import type { Summary } from './drill/facts';

interface Row {
  readonly scene: string;
  readonly expected: string;
  readonly found: string;
  /** Where the expected cause stands among the findings, from 1; 0 when it is not there. */
  readonly rank: number;
  readonly seconds: number;
  readonly ok: boolean;
}

function knownScene(name: string, before: string[] = []): string[] {
  if (Object.hasOwn(SCENES, name)) return [...before, name];
  throw new InvalidArgumentError(`got "${name}"; allowed: ${Object.keys(SCENES).join(', ')}`);
}

/** What a drill prints is a few hundred KB. */
const MAX_OUTPUT = 64 * 1024 * 1024;

/**
 * Plays one scene in a process of its own. A drill that could not be played at all is a row too.
 * `keptIn`: where the files of each scene, and what it printed, are kept.
 */
function play(scene: string, keptIn: string | undefined): Row {
  const out = keptIn === undefined ? mkdtempSync(path.join(tmpdir(), 'sickbay-drills-')) : path.join(keptIn, scene);
  mkdirSync(out, { recursive: true });
  const startedAt = performance.now();
  try {
    const argv = ['--require', 'tsx/cjs', path.join(__dirname, 'drill.ts'), '--scene', scene, '--out', out];
    const { status, stdout } = spawnSync(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: MAX_OUTPUT });
    if (keptIn !== undefined) writeFileSync(path.join(out, 'drill.txt'), stdout);
    return row(scene, out, Math.round((performance.now() - startedAt) / 1000), status);
  } finally {
    if (keptIn === undefined) rmSync(out, { recursive: true, force: true });
  }
}

function row(scene: string, out: string, seconds: number, status: number | null): Row {
  const expected = SCENES[scene]?.cause ?? '';
  const file = path.join(out, 'summary.json');
  if (!existsSync(file)) return { scene, expected, found: `not played (exit ${status})`, rank: 0, seconds, ok: false };
  const summary = JSON.parse(readFileSync(file, 'utf8')) as Summary;
  const incident = JSON.parse(readFileSync(path.join(out, 'case.json'), 'utf8')) as Case | null;
  const rank = (incident?.diagnosis?.findings ?? []).findIndex((finding) => finding.cause === expected) + 1;
  return { scene, expected, found: summary.topFinding?.cause ?? 'nothing', rank, seconds, ok: status === 0 };
}

function commandLine(): Command {
  return new Command('drills')
    .description('plays every scene, or the ones named, and prints what was expected and what was found')
    .argument('[scene...]', `of ${Object.keys(SCENES).join(', ')}`, knownScene)
    .option('--json', 'print the table as JSON', false)
    .option('--out <dir>', 'keep the files of each scene there, and what it printed')
    .addHelpText(
      'after',
      '\nExample: npm run drills -- --out /tmp/drills pool-starvation stop\nExit: 0 all as expected, 1 one is not, 2 usage.',
    )
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
    .parse();
}

function main(): number {
  const command = commandLine();
  const named = command.args;
  const { json, out } = command.opts<{ json: boolean; out?: string }>();
  const rows = (named.length > 0 ? named : Object.keys(SCENES)).map((scene) => {
    console.error(`playing ${scene} ...`);
    return play(scene, out);
  });
  if (json) console.log(JSON.stringify(rows, null, 2));
  else for (const line of table([['scene', 'expected', 'found', 'rank', 'seconds', ''], ...rows.map(cells)])) console.log(line);
  return rows.every(({ ok }) => ok) ? 0 : 1;
}

function cells({ scene, expected, found, rank, seconds, ok }: Row): string[] {
  return [scene, expected, found, String(rank), String(seconds), ok ? 'ok' : 'NOT as expected'];
}

process.exitCode = main();
