/**
 * Scenes on services that others wrote: Debian's own PostgreSQL, MariaDB, Redis, nginx, php-fpm,
 * gunicorn, Tomcat, Puma, pgbouncer, cron and rsyslog, in hosts of their own. Each has a truth; the
 * table says what the diagnosis made of it. Needs root and Debian.
 *
 *     npm run stacks [-- --json] [--out DIR] [--keep-layer] [SCENE ...]
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { diagnosisText } from '../bin/diagnose/text';
import { table } from '../core/report/text';
import { currentEnclosure, enclose, type Enclosure } from './fleet/enclose';
import { preflight } from './fleet/preflight';
import { CGROUP, removeCgroup } from './fleet/cgroups';
import { layerWith } from './stacks/layer';
import { PACKAGES } from './stacks/packages';
import { play } from './stacks/play';
import { SCENES } from './stacks/scenes';
import { failedScore, scoreOf, type Score } from './stacks/score';

const ROOT = path.join(__dirname, '..');
const EXIT = { fine: 0, wrong: 1, usage: 2, machine: 3 } as const;
const HANG_MS = 420_000;

interface Options {
  readonly json: boolean;
  readonly out?: string;
  readonly keepLayer: boolean;
  readonly list: boolean;
  readonly play?: string;
  readonly layer?: string;
}

function knownScene(name: string, before: string[] = []): string[] {
  if (Object.hasOwn(SCENES, name)) return [...before, name];
  throw new InvalidArgumentError(`got "${name}"; allowed: ${Object.keys(SCENES).join(', ')}`);
}

function program(): Command {
  const names = Object.keys(SCENES);
  return new Command('stacks')
    .description('plays every scene on real services, or the ones named, and prints what was expected and what was found')
    .argument('[scene...]', `of ${names.join(', ')}`, knownScene)
    .option('--json', 'print the table as JSON', false)
    .option('--out <dir>', 'write each scene there: captures, diagnosis, score', (dir) => path.resolve(dir))
    .option('--keep-layer', 'keep the installed packages for the next time (about 700 MB below the temporary directory)', false)
    .option('--list', 'print the names of the scenes and what happens in each', false)
    .option('--play <scene>', 'play one scene in this process (used by the command itself)')
    .option('--layer <dir>', 'the layer of packages to play on (used by the command itself)')
    .addHelpText(
      'after',
      '\nExample: npm run stacks -- --keep-layer --out /tmp/stacks gunicorn-report\n\nExit: 0 all right, 1 one is not, 2 usage, 3 the machine lacks something (root, Debian, namespaces).',
    )
    .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.fine : EXIT.usage));
}

async function main(): Promise<number> {
  const command = program().parse();
  const options = command.opts<Options>();
  const named = command.args;
  if (options.list) return listScenes();
  const enclosure = currentEnclosure();
  if (enclosure !== undefined) return playHere(enclosure, options);
  if (options.play !== undefined) return enclosed(options);
  const lacks = lacking();
  if (lacks !== undefined) {
    console.error(`this machine cannot play the stacks: ${lacks}`);
    return EXIT.machine;
  }
  return playAll(named.length > 0 ? named : Object.keys(SCENES), options);
}

function lacking(): string | undefined {
  if (process.getuid?.() !== 0) return "it takes root: packages are installed into a layer over the machine's own files";
  if (!existsSync('/etc/debian_version') || !existsSync('/usr/bin/apt-get')) return 'it takes Debian and apt-get';
  const checked = preflight(ROOT);
  return 'problems' in checked ? checked.problems.map(({ what, remedy }) => `${what} (${remedy})`).join('; ') : undefined;
}

function listScenes(): number {
  for (const line of table(Object.entries(SCENES).map(([name, { title }]) => [name, title]))) console.log(line);
  return EXIT.fine;
}

async function playAll(names: readonly string[], options: Options): Promise<number> {
  const cache = path.join(tmpdir(), 'sickbay-stacks');
  console.error('packages ...');
  const layer = await layerWith(PACKAGES, cache);
  const out = options.out ?? mkdtempSync(path.join(tmpdir(), 'sickbay-stacks-out-'));
  try {
    const scores: Score[] = [];
    for (const name of names) scores.push(await playApart(name, layer, out));
    if (options.json) console.log(JSON.stringify(scores, null, 2));
    else for (const line of table([HEAD, ...scores.map(cells)])) console.log(line);
    return scores.every(({ ok }) => ok) ? EXIT.fine : EXIT.wrong;
  } finally {
    if (options.out === undefined) rmSync(out, { recursive: true, force: true });
    if (!options.keepLayer) rmSync(cache, { recursive: true, force: true });
  }
}

/** In a process of its own, which ends with everything it started. */
async function playApart(name: string, layer: string, out: string): Promise<Score> {
  console.error(`playing ${name} ...`);
  const argv = ['--require', 'tsx/cjs', __filename, '--play', name, '--layer', layer, '--out', path.join(out, name)];
  const file = path.join(out, name, 'score.json');
  rmSync(file, { force: true });
  const cgroup = `sickbay-stacks-${process.pid}`;
  const env = { ...process.env, [CGROUP]: cgroup };
  const { status } = spawnSync(process.execPath, argv, { stdio: ['ignore', 'inherit', 'inherit'], timeout: HANG_MS, env });
  await removeCgroup(cgroup);
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Score;
  const scene = SCENES[name];
  if (scene === undefined) throw new Error(`no scene ${name}`);
  return failedScore(name, scene, `exit ${status}`);
}

async function enclosed(options: Options): Promise<number> {
  mkdirSync(options.out ?? '', { recursive: true });
  const checked = preflight(ROOT, [options.layer ?? '', options.out ?? '']);
  if ('problems' in checked) return EXIT.machine;
  return enclose({ ...checked, mode: 'root' });
}

async function playHere(enclosure: Enclosure, { play: name = '', layer = '', out = '' }: Options): Promise<number> {
  const scene = SCENES[name];
  if (scene === undefined) throw new Error(`no scene "${name}", allowed: ${Object.keys(SCENES).join(', ')}`);
  const startedAt = performance.now();
  const tell = (text: string) => console.error(`  ${((performance.now() - startedAt) / 1000).toFixed(0).padStart(4)} s ${text}`);
  const write = (file: string, text: string) => writeFileSync(path.join(out, file), text);
  try {
    const played = await play(scene, enclosure, layer, tell);
    for (const capture of played.captures) write(`${capture.host}.json`, `${JSON.stringify(capture, null, 2)}\n`);
    write('diagnosis.txt', diagnosisText(played.diagnosis));
    write('truth.json', `${JSON.stringify(scene.truth, null, 2)}\n`);
    const score = scoreOf(name, scene, played);
    write('score.json', `${JSON.stringify(score, null, 2)}\n`);
    tell(`found ${score.found} (${score.confidence}), culprit ${score.culprit}`);
    return EXIT.fine;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    tell(`not played: ${why}`);
    write('score.json', `${JSON.stringify(failedScore(name, scene, why), null, 2)}\n`);
    return EXIT.wrong;
  }
}

const HEAD = ['scene', 'expected', 'found', 'conf.', 'rank', 'culprit', 'leaks', 'slow x', 's', 'bytes', ''];

function cells({ scene, expected, found, confidence, rank, culprit, leaks, ratio, seconds, bytes, ok }: Score): string[] {
  return [scene, expected, found, confidence, rank, culprit, leaks, ratio, seconds, bytes, ok ? 'ok' : 'NOT'].map(String);
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(`the stacks failed: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(EXIT.wrong);
  },
);
