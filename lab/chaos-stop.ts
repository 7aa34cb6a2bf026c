/**
 * Chaos for stops: the real function that stops on a small model of what it needs, with everything
 * going wrong that may (docs/safety.md, "Stopping a culprit").
 *
 *     npm run chaos:stop -- [--seed S] [--runs N] [--mutations]
 */
import { Command, InvalidArgumentError } from 'commander';
import { STOP_MUTATIONS, STOP_UNCOVERED, playStopMutation } from './chaos-stop/mutations';
import { runStopChaos } from './chaos-stop/run';

interface Options {
  readonly seed: number;
  readonly runs: number;
  readonly mutations: boolean;
}

const EXIT = { fine: 0, findings: 1, usage: 2 } as const;
const PROGRESS_EVERY = 100;

/** Seeds that a mutation is played with until it is noticed. */
const MUTATION_RUNS = 300;

function integer(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError(`got "${text}"; allowed: an integer from 0 to 999999999`);
}

function program(): Command {
  return new Command('chaos:stop')
    .description('plays stops under faults, crashes and changes, and checks what has to hold after every call')
    .option('--seed <number>', 'the first seed', integer, 1)
    .option('--runs <number>', 'runs, with the seeds from there on', integer, 200)
    .option('--mutations', 'take each guard away in turn: the runs must notice', false)
    .addHelpText(
      'after',
      '\nExample: npm run chaos:stop -- --seed 7 --runs 1\nExit: 0 nothing violated and each guard noticed, 1 otherwise, 2 usage.',
    )
    .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.fine : EXIT.usage));
}

async function main(): Promise<number> {
  const options = program().parse().opts<Options>();
  return options.mutations ? mutations(options.seed) : runs(options);
}

async function runs({ seed, runs: count }: Options): Promise<number> {
  const total = { proposals: 0, stops: 0, verified: 0, faults: 0, violations: 0 };
  for (let run = 0; run < count; run++) {
    const result = await runStopChaos(seed + run);
    for (const { invariant, says } of result.violations) console.log(`seed ${result.seed}: ${invariant}: ${says}`);
    total.proposals += result.proposals;
    total.stops += result.stops;
    total.verified += result.verified;
    total.faults += result.faults;
    total.violations += result.violations.length;
    if ((run + 1) % PROGRESS_EVERY === 0) process.stderr.write(`runs: ${run + 1} of ${count}\n`);
  }
  console.log(
    `${count} runs, ${total.proposals} proposals, ${total.stops} stops, ${total.verified} verified, ${total.faults} faults: ${total.violations} violations`,
  );
  return total.violations === 0 ? EXIT.fine : EXIT.findings;
}

async function mutations(seed: number): Promise<number> {
  let missed = 0;
  for (const mutation of STOP_MUTATIONS) {
    const noticed = await playStopMutation(mutation, seed, MUTATION_RUNS);
    if (noticed === undefined) missed++;
    console.log(
      `${mutation.name}: ${noticed === undefined ? 'NOT NOTICED' : `noticed with seed ${noticed.seed}`} (without ${mutation.takenAway})`,
    );
  }
  for (const [name, why] of Object.entries(STOP_UNCOVERED)) console.log(`${name}: not played: ${why}`);
  return missed === 0 ? EXIT.fine : EXIT.findings;
}

void main().then((code) => process.exit(code));
