import { createWriteStream } from 'node:fs';
import { createGzip } from 'node:zlib';
import { once } from 'node:events';
import { Command, InvalidArgumentError, Option } from 'commander';
import { BASELINES, predictWith } from './judge/baselines';
import { generate, toLine } from './judge/generate';
import { generateQueueing } from './judge/queueing';
import { Digest } from './judge/digest';
import { predict } from './judge/predict';
import { classTable, methodTable } from './judge/report';
import { readScenarios, type Prediction, type Scenario } from './judge/scenario';
import { ScoreBoard } from './judge/score';
import { describeSoak, type Part, resultOf, soak } from './judge/soak';
import { soakInWorkers } from './judge/soak-workers';
import { measureBundled } from './judge/bundled-speed';
import { describeSpeed } from './judge/speed';

interface Options {
  readonly scenarios?: string;
  readonly generate?: number;
  readonly generateQueueing?: number;
  readonly soak?: number;
  readonly speed?: number;
  readonly seed: number;
  readonly workers: number;
  readonly part?: Part;
  readonly out?: string;
  readonly digest?: boolean;
  readonly json?: boolean;
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError(`got "${text}", allowed: a whole number from 0`);
  return value;
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError(`got "${text}", allowed: a whole number from 1`);
  return value;
}

function partOf(text: string): Part {
  const [part = Number.NaN, of = Number.NaN] = text.split('/').map(Number);
  if (Number.isInteger(part) && Number.isInteger(of) && part >= 0 && part < of) return { part, of };
  throw new InvalidArgumentError(`got "${text}", allowed: i/n with i from 0 to n - 1`);
}

async function main(): Promise<void> {
  const program = new Command('bench:judge')
    .description('accuracy of the judge: score scenarios, generate them, or soak benign fleets')
    .option('--scenarios <file>', 'score the scenarios of a .jsonl or .jsonl.gz file')
    .option('--generate <seed>', 'score (or with --out write) the scenarios of this seed', wholeNumber)
    .option('--generate-queueing <seed>', 'the same for the second benchmark: queues, pools, lossy networks', wholeNumber)
    .option('--soak <rounds>', 'judge this many rounds of benign fleets', wholeNumber)
    .option('--speed <targets>', 'time verdicts on a fleet of this size, and the size of its records', wholeNumber)
    .option('--seed <seed>', 'seed of the soak', wholeNumber, 1)
    .option('--workers <number>', 'processes that share the soak', positive, 1)
    .addOption(new Option('--part <i/n>', 'one process of such a soak').argParser(partOf).hideHelp())
    .option('--out <file>', 'write predictions (--scenarios) or scenarios (--generate) here; .gz is packed')
    .option('--digest', 'print the SHA-256 of all judgements instead of scores: equal before and after a change that must change none')
    .option('--json', 'print JSON')
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
    .parse();
  const options = program.opts<Options>();
  if (options.soak !== undefined) return soakRounds(options.soak, options);
  if (options.speed !== undefined) return timeVerdicts(options.speed, options);
  if (options.scenarios !== undefined) return scoreScenarios(readScenarios(options.scenarios), options, options.out);
  const scenarios = generated(options);
  if (scenarios === undefined)
    return program.error('nothing to do: give --scenarios, --generate, --generate-queueing, --soak or --speed', { exitCode: 2 });
  if (options.digest === true) return printDigest(scenarios);
  return options.out === undefined ? scoreScenarios(scenarios, options) : writeLines(options.out, lines(scenarios));
}

function printDigest(scenarios: Iterable<Scenario>): void {
  const digest = new Digest();
  for (const scenario of scenarios) predict(scenario, digest.add);
  process.stdout.write(`${digest.describe()}\n`);
}

function generated(options: Options): Iterable<Scenario> | undefined {
  if (options.generate !== undefined) return generate(options.generate);
  return options.generateQueueing === undefined ? undefined : generateQueueing(options.generateQueueing);
}

async function soakRounds(rounds: number, { seed, workers, part, json }: Options): Promise<void> {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  if (part !== undefined) return void process.stdout.write(`${JSON.stringify(soak(rounds, seed, part, say))}\n`);
  const tally = workers > 1 ? await soakInWorkers(rounds, seed, workers) : soak(rounds, seed, { part: 0, of: 1 }, say);
  const result = resultOf(seed, tally);
  process.stdout.write(json === true ? `${JSON.stringify(result)}\n` : describeSoak(result));
}

async function timeVerdicts(targets: number, options: Options): Promise<void> {
  const speed = await measureBundled(targets);
  process.stdout.write(options.json === true ? `${JSON.stringify(speed)}\n` : describeSpeed(speed));
}

async function scoreScenarios(scenarios: AsyncIterable<Scenario> | Iterable<Scenario>, options: Options, out?: string): Promise<void> {
  const ours = new ScoreBoard();
  const boards = BASELINES.map((baseline) => ({ baseline, board: new ScoreBoard() }));
  const predictions: Prediction[] = [];
  for await (const scenario of scenarios) {
    const verdicts = predict(scenario);
    if (out !== undefined) predictions.push(...verdicts);
    ours.add(scenario, verdicts);
    for (const { baseline, board } of boards) board.add(scenario, predictWith(baseline, scenario));
  }
  if (out !== undefined)
    await writeLines(
      out,
      predictions.map((prediction) => JSON.stringify(prediction)),
    );
  const rows = [
    { name: 'sickbay', score: ours.total() },
    ...boards.map(({ baseline, board }) => ({ name: baseline.name, score: board.total() })),
  ];
  if (options.json === true) process.stdout.write(`${JSON.stringify({ methods: rows, classes: Object.fromEntries(ours.classes) })}\n`);
  else process.stdout.write(`${methodTable(rows)}\n${classTable(ours.classes)}\n`);
}

function* lines(scenarios: Iterable<Scenario>): Generator<string> {
  for (const scenario of scenarios) yield toLine(scenario);
}

async function writeLines(out: string, items: Iterable<string>): Promise<void> {
  const file = createWriteStream(out);
  const stream = out.endsWith('.gz') ? createGzip() : file;
  if (stream !== file) stream.pipe(file);
  for (const item of items) if (!stream.write(`${item}\n`)) await once(stream, 'drain');
  const done = once(file, 'finish');
  stream.end();
  await done;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
