/**
 * What each rule of the judge is worth: the same scenarios and the same healthy fleets, judged with
 * it and without it.
 *
 *     npm run bench:ablate -- --generate 201,202 --generate-queueing 204      # the two benchmarks
 *     npm run bench:ablate -- --soak 200000 --seed 907                        # healthy fleets only
 *     npm run bench:ablate -- --generate 201 --rules lift --json              # some rules
 *
 * A rule is switched off by an edit of the source (bench/judge/ablations.ts): the product has no
 * switches.
 */
import { Command, InvalidArgumentError } from 'commander';
import { table } from '../core/report/text';
import { type Ablation, ABLATIONS, judgeWithout } from './judge/ablations';
import { EXPERIMENTS } from './judge/experiments';
import { generate } from './judge/generate';
import { Editions, type Variant } from './judge/editions';
import { inputOf, predictionsOf, PRODUCT } from './judge/predict';
import { generateQueueing } from './judge/queueing';
import type { Prediction, Scenario } from './judge/scenario';
import { ScoreBoard } from './judge/score';
import { soakVariants } from './judge/soak-variants';

interface Options {
  readonly generate: readonly number[];
  readonly generateQueueing: readonly number[];
  readonly soak?: number;
  readonly seed: number;
  readonly from: number;
  readonly rules: readonly Ablation[];
  readonly experiments?: boolean;
  readonly json?: boolean;
}

async function main(): Promise<void> {
  const options = new Command('bench:ablate')
    .description('what each rule of the judge is worth')
    .option('--generate <seeds>', 'seeds of the first benchmark', numbers, [])
    .option('--generate-queueing <seeds>', 'seeds of the second', numbers, [])
    .option('--soak <rounds>', 'rounds of healthy fleets', wholeNumber)
    .option('--seed <seed>', 'seed of the soak', wholeNumber, 1)
    .option('--from <fleet>', 'first fleet of the soak', wholeNumber, 0)
    .option('--rules <names>', 'comma-separated; default: all', rulesOf, ABLATIONS)
    .option('--experiments', 'other statistics (bench/judge/experiments.ts) instead of the judge without rules')
    .option('--json', 'print JSON')
    .parse()
    .opts<Options>();
  const variants = await variantsOf(options);
  if (options.soak !== undefined) return print(options, soakRows(variants, { ...options, rounds: options.soak }));
  print(options, scoreVariants(variants, scenariosOf(options)));
}

async function variantsOf({ rules, experiments }: Options): Promise<Variant[]> {
  const variants: Variant[] = [{ name: 'all rules', judge: PRODUCT, matters: () => false }];
  if (experiments === true) {
    for (const { name, edits } of EXPERIMENTS) variants.push({ name, judge: await judgeWithout(edits), matters: undefined });
    return variants;
  }
  for (const rule of rules) variants.push({ name: `without ${rule.rule}`, judge: await judgeWithout([rule]), matters: rule.matters });
  return variants;
}

function* scenariosOf(options: Options): Generator<Scenario> {
  for (const seed of options.generate) yield* generate(seed);
  for (const seed of options.generateQueueing) yield* generateQueueing(seed);
}

function scoreVariants(variants: readonly Variant[], scenarios: Iterable<Scenario>): Record<string, unknown>[] {
  const boards = variants.map(() => new ScoreBoard());
  for (const scenario of scenarios) {
    const editions = new Editions(variants);
    const predictions = variants.map((): Prediction[] => []);
    scenario.sweeps.forEach((_, sweep) =>
      editions
        .judge(inputOf(scenario, sweep))
        .forEach((judgement, i) => predictions[i]?.push(...predictionsOf(scenario, sweep, judgement))),
    );
    predictions.forEach((of, i) => boards[i]?.add(scenario, of));
  }
  return variants.map(({ name }, i) => {
    const score = (boards[i] ?? new ScoreBoard()).total();
    return {
      variant: name,
      precision: score.precision.toFixed(4),
      recall: score.recall.toFixed(4),
      'within 2': score.recallWithin2.toFixed(4),
      detected: `${score.detected}/${score.episodes}`,
      'in 2': Math.round(score.recallWithin2 * score.episodes),
      false: score.falseEvents,
      'per 1,000': score.falsePer1000HealthySweeps.toFixed(3),
      'shared false': score.sharedFalseEvents,
    };
  });
}

function soakRows(
  variants: readonly Variant[],
  options: { readonly rounds: number; readonly seed: number; readonly from: number },
): Record<string, unknown>[] {
  const tallies = soakVariants(variants, options, (line) => void process.stderr.write(`${line}\n`));
  return tallies.map(({ variant, rounds, falseConvictions, more, fewer }) => ({
    variant,
    rounds,
    'false convictions': falseConvictions,
    'only without it': more.join(' '),
    'only with it': fewer.join(' '),
  }));
}

function print({ json }: Options, rows: readonly Record<string, unknown>[]): void {
  if (json === true) return void process.stdout.write(`${JSON.stringify(rows)}\n`);
  const body = rows.map((row) => Object.values(row).map(String));
  process.stdout.write(`${table([Object.keys(rows[0] ?? {}), ...body]).join('\n')}\n`);
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError(`got "${text}", allowed: a whole number from 0`);
  return value;
}

function numbers(text: string): number[] {
  return text.split(',').map(wholeNumber);
}

function rulesOf(text: string): Ablation[] {
  return text.split(',').map((name) => {
    const rule = ABLATIONS.find((candidate) => candidate.rule === name);
    if (rule === undefined) throw new InvalidArgumentError(`got "${name}", allowed: ${ABLATIONS.map((one) => one.rule).join(', ')}`);
    return rule;
  });
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
