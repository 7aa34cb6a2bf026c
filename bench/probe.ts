/**
 * How true the prober's measurements are: `npx tsx bench/probe.ts [--json] [--runs N]`. A server in a process of its own waits known
 * times and says how long it really waited; what the prober measures beyond that is its error. Prober and server get a core each.
 * With more runs every figure is the median over the runs.
 */
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { canPin } from './probe/children';
import { medianOfRuns } from './probe/figures';
import { measure, type Figures } from './probe/measure';
import { describeFigures } from './probe/table';

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { json: { type: 'boolean', default: false }, runs: { type: 'string', default: '1' } } });
  const count = Number(values.runs);
  if (!Number.isInteger(count) || count < 1) throw new RangeError(`--runs is ${values.runs}; allowed: an integer from 1`);
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  if (!canPin()) say('taskset is not installed: prober and server share the cores');
  const runs: Figures[] = [];
  for (let run = 1; run <= count; run++) {
    say(`run ${run} of ${count}; load ${loadavg()[0]?.toFixed(2)}`);
    runs.push(await measure(say));
  }
  const figures = medianOfRuns(runs);
  process.stdout.write(values.json ? `${JSON.stringify(figures)}\n` : `${describeFigures(figures)}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 3;
});
