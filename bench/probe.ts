/**
 * How true the prober's measurements are: `npx --no-install tsx bench/probe.ts [--json] [--runs
 * N]`. A server in a process of its own waits known times and says how long it really waited; what
 * the prober measures beyond that is its error. Prober and server get a core each. With more runs
 * every figure is the median over the runs.
 */
import { loadavg } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import { canPin } from './probe/children';
import { medianOfRuns } from './probe/figures';
import { measure, type Figures } from './probe/measure';
import { describeFigures } from './probe/table';

interface Options {
  readonly json: boolean;
  readonly runs: number;
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError(`got "${text}", allowed: a whole number from 1`);
  return value;
}

function program(): Command {
  return new Command('bench:probe')
    .description('how true the measurements of the prober are, beside a loop of curls and a closed loop of fetches')
    .option('--runs <number>', 'every figure is the median of so many runs, about 100 s each', wholeNumber, 1)
    .option('--json', 'print JSON', false)
    .addHelpText('after', '\nExit: 0 measured, 2 usage, 3 could not measure.')
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
}

async function main(): Promise<void> {
  const { json, runs: count } = program().parse().opts<Options>();
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  if (!canPin()) say('taskset is not installed: prober and server share the cores');
  const runs: Figures[] = [];
  for (let run = 1; run <= count; run++) {
    say(`run ${run} of ${count}; load ${loadavg()[0]?.toFixed(2)}`);
    runs.push(await measure(say));
  }
  const figures = medianOfRuns(runs);
  process.stdout.write(json ? `${JSON.stringify(figures)}\n` : `${describeFigures(figures)}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 3;
});
