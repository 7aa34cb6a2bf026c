/**
 * The drill: plays an incident on a real local fleet and lets the deployed stack handle it.
 *
 *     npm run drill [-- --scene NAME] [--out DIR] [--json]
 */
import path from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { targetKey } from '../core/model';
import { Phases } from './drill/phases';
import { DEFAULT_SCENE, SCENES, type Scene } from './drill/scenes';
import { setStage, showConfig, strike, type Stage } from './drill/stage';
import { CHARTED, liveLines } from './drill/live-view';
import { LiveScreen, PlainScreen, type Screen } from './drill/screen';
import type { Summary } from './drill/facts';
import { summarise } from './drill/summary';
import { writeOut } from './drill/write-out';
import { currentEnclosure, enclose, type Enclosure } from './fleet/enclose';
import { preflight, type Problem } from './fleet/preflight';

/**
 * The lab is a developer's tool: that the SDK will ask for a newer Node is said in package.json,
 * not in the drill's output.
 */
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

const ROOT = path.join(__dirname, '..');
const EXIT = { fine: 0, failed: 1, usage: 2, machine: 3 } as const;
/** A drill that takes longer hangs. */
const HANG_S = 480;
const DRAWN_EVERY_MS = 1_000;

interface Options {
  readonly scene: string;
  readonly out?: string;
  readonly json: boolean;
  readonly listScenes: boolean;
}

function program(): Command {
  const names = Object.keys(SCENES);
  return new Command('drill')
    .description('plays an incident on a real local fleet and lets Sickbay handle it')
    .option('--scene <name>', `one of ${names.join(', ')}`, knownScene, DEFAULT_SCENE)
    .option('--out <dir>', 'write summary, case, rounds, alerts, events, report and AWS calls there, as files', (dir) => path.resolve(dir))
    .option('--json', 'print the summary as JSON and nothing else', false)
    .option('--list-scenes', 'print the names of the scenes, one a line', false)
    .addHelpText(
      'after',
      `\nScenes:\n${names.map((name) => `  ${name.padEnd(20)} ${SCENES[name]?.title}`).join('\n')}\n\nExit: 0 every expectation holds, 1 one does not, 2 usage, 3 the machine lacks something.`,
    )
    .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.fine : EXIT.usage));
}

function knownScene(name: string): string {
  if (Object.hasOwn(SCENES, name)) return name;
  throw new InvalidArgumentError(`got "${name}"; allowed: ${Object.keys(SCENES).join(', ')}`);
}

async function main(): Promise<number> {
  const options = program().parse().opts<Options>();
  if (options.listScenes) return listScenes();
  const enclosure = currentEnclosure();
  if (enclosure !== undefined) return play(enclosure, options);
  const checked = preflight(ROOT, options.out === undefined ? [] : [options.out]);
  return 'problems' in checked ? lacking(checked.problems) : enclose(checked);
}

function listScenes(): number {
  for (const name of Object.keys(SCENES)) console.log(name);
  return EXIT.fine;
}

function lacking(problems: readonly Problem[]): number {
  console.error('this machine cannot run the drill:');
  for (const problem of problems) console.error(`  ${problem.what}: ${problem.why}\n    remedy: ${problem.remedy}`);
  return EXIT.machine;
}

function failIfItHangs(phases: Phases): NodeJS.Timeout {
  return setTimeout(() => {
    console.error(`the drill took longer than ${HANG_S} s; last phase: ${phases.last}`);
    process.exit(EXIT.failed);
  }, HANG_S * 1000);
}

async function play(enclosure: Enclosure, options: Options): Promise<number> {
  const scene = SCENES[options.scene];
  if (scene === undefined) throw new Error(`no scene ${options.scene}`);
  const screen = await screenFor(options);
  const phases = new Phases(screen);
  phases.phase(`scene ${options.scene}: ${scene.title}`);
  const hang = failIfItHangs(phases);
  const summary = await onStage(enclosure, options, scene, { phases, screen });
  clearTimeout(hang);
  screen.close();
  if (options.json) console.log(JSON.stringify(summary, null, 2));
  else report(summary, phases);
  return summary.expectations.every((expectation) => expectation.ok) ? EXIT.fine : EXIT.failed;
}

/**
 * A terminal gets a table that updates in place; a pipe gets lines; whoever asks for JSON, that.
 */
async function screenFor({ json }: Options): Promise<Screen> {
  if (json) return new PlainScreen(() => undefined);
  if (!process.stdout.isTTY) return new PlainScreen();
  const { default: update } = await import('log-update');
  return new LiveScreen(update, undefined, () => process.stdout.columns ?? Infinity);
}

async function onStage(
  enclosure: Enclosure,
  options: Options,
  scene: Scene,
  { phases, screen }: { readonly phases: Phases; readonly screen: Screen },
): Promise<Summary> {
  showConfig(phases, scene);
  const stage = await setStage(enclosure, phases, scene);
  const watching = screen instanceof LiveScreen ? watch(stage, screen) : undefined;
  const played = await scene.script(stage, scene.fault);
  clearInterval(watching);
  const summary = summarise(stage, options.scene, scene, played);
  if (options.out !== undefined) await writeOut(options.out, stage, summary, played);
  await strike(stage, enclosure);
  return summary;
}

/** Draws the newest rounds again and again. */
function watch({ cloud, fleet, phases }: Stage, screen: LiveScreen): NodeJS.Timeout {
  const hosts = fleet.hosts.map((host) => ({ name: host.name, key: targetKey(fleet.target(host)) }));
  const draw = async (): Promise<void> => {
    const rounds = await cloud.rounds(CHARTED);
    screen.show(liveLines(hosts, rounds, `[${phases.elapsedS().toFixed(0)} s] ${phases.last}`, process.stdout.columns));
  };
  return setInterval(
    () => draw().catch((error: unknown) => phases.phase(`the table could not be drawn: ${String(error)}`)),
    DRAWN_EVERY_MS,
  );
}

function report(summary: Summary, phases: Phases): void {
  const { timings, client } = summary;
  phases.show('Summary', [
    `sick: ${summary.sick.id} (${summary.sick.ip}); ejected: ${summary.ejected.join(', ') || 'nobody'}; restored: ${summary.restored.join(', ') || 'nobody'}`,
    `onset to conviction ${timings.onsetToConvictionS ?? '-'} s; conviction to ejection ${timings.convictionToEjectionS ?? '-'} s; cause gone to restore ${timings.causeGoneToRestoreS ?? '-'} s; all ${timings.totalS} s`,
    `slow for clients: ${client.slowFractionBefore ?? '-'} before, ${client.slowFractionAfter ?? '-'} after; memory of the whole lab: ${summary.memoryMb} MB`,
  ]);
  if (summary.times !== undefined) phases.show('Seconds since the report began', summary.times);
  phases.show(
    'Expectations',
    summary.expectations.map((expectation) => `${expectation.ok ? 'ok ' : 'NOT'} ${expectation.name}`),
  );
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(`the drill failed: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(EXIT.failed);
  },
);
