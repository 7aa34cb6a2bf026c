/**
 * Chaos: the real sweep and responder on the lab's world model, with everything going wrong that
 * may.
 *
 *     npm run chaos -- [--seed S] [--runs N] [--workers W] [--json] [--trace] [--mutations]
 */
import { Command, InvalidArgumentError, Option } from 'commander';
import { BASE_PLANS } from './chaos/base-plans';
import { SERVICE_PLANS } from './chaos/base-plans-service';
import { mutationTable, playMutations } from './chaos/mutations';
import { EMPTY, crashRunNamed, crashRuns, drawnRuns, together, type Report } from './chaos/report';
import type { Plan } from './chaos/happenings';
import { draw, drawWithNetwork, drawWithService, type Draw } from './chaos/random-plan';
import { traceOf } from './chaos/trace';
import { inWorkers, shares } from './chaos/workers';

process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

const EXIT = { fine: 0, violations: 1, usage: 2 } as const;
const PROGRESS_EVERY = 100;

interface Options {
  readonly seed: number;
  readonly runs: number;
  readonly json: boolean;
  readonly crashPoints: boolean;
  readonly workers: number;
  readonly part?: { readonly part: number; readonly of: number };
  readonly point?: string;
  readonly services: boolean;
  readonly network: boolean;
  readonly mutations: boolean;
  readonly trace: boolean;
}

function program(): Command {
  return new Command('chaos')
    .description('plays incidents on the world model under faults and crashes, and checks what has to hold after every call')
    .option('--seed <number>', 'the first seed', integer, 1)
    .option('--runs <number>', 'runs, with the seeds from there on', integer, 200)
    .option('--workers <number>', 'processes that share the runs', positive, 1)
    .addOption(new Option('--part <i/n>', 'one share of the crash points').argParser(part).hideHelp())
    .option('--no-crash-points', 'leave out the crash before and after every call of the base plans')
    .option('--point <name>', 'play one crash point again and nothing else, such as recovers:crash-after:68')
    .option('--services', 'play the plans with a service of ECS, and nothing else', false)
    .option('--network', 'play drawn plans behind Network Load Balancers, and nothing else', false)
    .option('--trace', 'tell the run of --seed step by step and play nothing else', false)
    .option('--mutations', 'take each guard away in turn: the runs must notice', false)
    .option('--json', 'print the result as JSON and nothing else', false)
    .addHelpText(
      'after',
      '\nA violation names its seed: --seed THAT --runs 1 --no-crash-points plays it again.\nExit: 0 nothing violated, 1 violations, 2 usage.',
    )
    .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.fine : EXIT.usage));
}

function integer(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError(`got "${text}"; allowed: an integer from 0 to 999999999`);
}

function positive(text: string): number {
  if (/^([1-9]|[1-5]\d|6[0-4])$/.test(text)) return Number(text);
  throw new InvalidArgumentError(`got "${text}"; allowed: an integer from 1 to 64`);
}

function part(text: string): { part: number; of: number } {
  const [, index, of] = /^(\d{1,2})\/(\d{1,2})$/.exec(text) ?? [];
  if (index !== undefined && of !== undefined && Number(index) < Number(of)) return { part: Number(index), of: Number(of) };
  throw new InvalidArgumentError(`got "${text}"; allowed: i/n with i from 0 to n - 1`);
}

async function main(): Promise<number> {
  const options = program().parse().opts<Options>();
  if (options.mutations) return mutations(options);
  if (options.trace) return trace(options);
  const report = await play(options);
  if (options.json) console.log(JSON.stringify(report));
  else print(report);
  return report.violations.length === 0 ? EXIT.fine : EXIT.violations;
}

async function play(options: Options): Promise<Report> {
  if (options.point !== undefined) return crashRunNamed(options.point);
  if (options.workers > 1) return inWorkers(shares(options.seed, options.runs, options.workers), options);
  const plans = plansOf(options);
  const share = options.part ?? { part: 0, of: 1 };
  const crashed = options.crashPoints
    ? await crashRuns(share.of, (done, of) => tell(`crash points: ${done} of ${of}`, done), share.part, plans)
    : EMPTY;
  const drawn = await drawnRuns(options.seed, options.runs, (done) => tell(`runs: ${done} of ${options.runs}`, done), drawOf(options));
  return together(crashed, drawn);
}

function plansOf({ services, network }: Options): readonly Plan[] {
  if (services) return SERVICE_PLANS;
  return network ? BASE_PLANS.filter(({ groups }) => groups.some(({ protocol }) => protocol === 'TCP')) : BASE_PLANS;
}

function drawOf({ services, network }: Options): (seed: number) => Draw {
  if (services) return drawWithService;
  return network ? drawWithNetwork : draw;
}

function tell(text: string, done: number): void {
  if (done % PROGRESS_EVERY === 0) console.error(text);
}

function print(report: Report): void {
  const { runs, steps, crashPoints, removals, violations } = report;
  console.log(`${runs} runs, ${steps} steps, ${crashPoints} crash points, ${removals} removals, ${violations.length} violations`);
  for (const { seed, step, invariant, summary } of violations) console.log(`  ${invariant} (${seed}, step ${step}): ${summary}`);
}

async function trace(options: Options): Promise<number> {
  const lines = await traceOf(options.seed, drawOf(options));
  console.log(lines.join('\n'));
  return lines.some((line) => line.startsWith('VIOLATED')) ? EXIT.violations : EXIT.fine;
}

async function mutations(options: Options): Promise<number> {
  const results = await playMutations();
  console.log(options.json ? JSON.stringify(results) : mutationTable(results));
  return results.every((result) => result.noticed) ? EXIT.fine : EXIT.violations;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(EXIT.usage);
  },
);
