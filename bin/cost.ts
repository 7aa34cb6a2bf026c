import { Command, InvalidArgumentError } from 'commander';
import type { CostItem, Estimate, Fleet } from './cost/estimate';

/** Exit code for an option that is missing or not what it should be. */
const USAGE = 2;

/** A whole number from 1. */
function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError(`got "${text}"; allowed: a whole number from 1`);
  return value;
}

const INTERVALS = [60, 120, 180, 240, 300];

function interval(text: string): number {
  if (!INTERVALS.includes(Number(text))) throw new InvalidArgumentError(`got "${text}"; allowed: ${INTERVALS.join(', ')}`);
  return Number(text);
}

function kilobytes(text: string): number {
  const value = Number(text);
  if (!(value >= 0 && value <= 64)) throw new InvalidArgumentError(`got "${text}"; allowed: 0 to 64, where the prober stops reading`);
  return value;
}

function lines(items: readonly CostItem[]): string[] {
  const width = Math.max(...items.map(({ item }) => item.length));
  return items.map(({ item, formula, dollars }) => `  ${item.padEnd(width)}  ${money(dollars).padStart(10)}  ${formula}`);
}

function money(dollars: number): string {
  return `$${dollars.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}

/** The estimate as people read it. */
export function estimateText(fleet: Fleet, { items, dollars, avoided, roundS }: Estimate): string {
  return [
    `${fleet.groups} target groups of ${fleet.targets} targets, a sweep every ${fleet.intervalS} s${inTurns(roundS, fleet.intervalS)}`,
    '',
    `A month: ${money(dollars)}`,
    ...lines(items),
    '',
    'Not spent, by design:',
    ...lines(avoided),
    '',
    'List prices of us-east-1 without free tiers. Formulas: docs/scale.md; sources of the prices: bin/cost/prices.ts.',
    '',
  ].join('\n');
}

function inTurns(roundS: number, intervalS: number): string {
  return roundS === intervalS
    ? ''
    : `; groups take turns: each has a round every ${roundS} s while nothing is wrong with it, so a first suspicion takes up to ${roundS} s; from then on every ${intervalS} s`;
}

interface Options extends Fleet {
  readonly interval: number;
  readonly json?: true;
}

/** `sickbay cost --groups G --targets M`: an estimate, from formulas; asks nobody. */
export function costCommand(): Command {
  return new Command('cost')
    .description('say what Sickbay would cost in a month')
    .requiredOption('--groups <count>', 'target groups', count)
    .requiredOption('--targets <count>', 'targets in each group', count)
    .option('--interval <seconds>', 'between two sweeps: 60, 120, 180, 240 or 300', interval, 60)
    .option('--response-kb <kilobytes>', 'what the probed page weighs, for the traffic between zones', kilobytes, 4)
    .option('--stops', 'with "stop" in a target group')
    .option('--json', 'print JSON')
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : USAGE))
    .action(printEstimate);
}

function printEstimate({ groups, targets, interval: intervalS, responseKb, stops, json }: Options): void {
  const fleet = { groups, targets, intervalS, responseKb, ...(stops === true ? { stops } : {}) };
  // not at the top, for a help text
  const { estimate } = require('./cost/estimate') as typeof import('./cost/estimate');
  const estimated = estimate(fleet);
  process.stdout.write(json === true ? `${JSON.stringify({ ...fleet, ...estimated }, undefined, 2)}\n` : estimateText(fleet, estimated));
}
