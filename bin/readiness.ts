import { InvalidArgumentError, type Command } from 'commander';
import { readCases, type DaysOptions } from './cases';
import { EXIT } from './exit';
import { finish, operatorCommand, resourceName } from './operator-command';

const DAY_MS = 86_400_000;
/** Rounds are kept for a fortnight (lambda/aws/round-records.ts). */
const MOST_DAYS = 14;

const HELP = `
Reads both tables of the stack, and changes nothing. Each group that is measured has to have been seen for so many days, with at most a tenth
of its rounds missing and at most one in twenty blind; what is missing is told, and how much of it.

Exit: 0 enough was seen and nothing is doubtful; 1 too little was seen, or something is doubtful or was blocked by more than the mode.`;

function demandedDays(text: string): number {
  const value = Number(text);
  if (/^\d{1,2}$/.test(text) && value >= 1 && value <= MOST_DAYS) return value;
  throw new InvalidArgumentError(`got "${text}"; allowed: 1 to ${MOST_DAYS}, for rounds are kept so long`);
}

/** `sickbay readiness [--days 7] [--json]` */
export function readinessCommand(): Command {
  return operatorCommand('readiness', 'whether enough was seen, and whether it was right, to turn enforce on', 'cases', 'rounds')
    .option('--days <number>', 'days that have to have been seen', demandedDays, 7)
    .addHelpText('after', HELP)
    .action((options: DaysOptions, command: Command) => finish(command, () => run(options)));
}

async function run(options: DaysOptions): Promise<number> {
  const table = await resourceName('rounds', options);
  // The SDK's clients take a second to load: not for a help text.
  const { groupName } = require('../core/case') as typeof import('../core/case');
  const { readiness } = require('../core/readiness/readiness') as typeof import('../core/readiness/readiness');
  const { readinessText } = require('../core/readiness/text') as typeof import('../core/readiness/text');
  const clients = require('../lambda/aws/clients') as typeof import('../lambda/aws/clients');
  const { observedRounds } = require('../lambda/aws/observed-rounds') as typeof import('../lambda/aws/observed-rounds');
  const dynamo = clients.dynamo();
  const now = Date.now();
  const tell = (groupArn: string): void => {
    if (process.stderr.isTTY) process.stderr.write(`reading the rounds of ${groupName(groupArn)} ...\n`);
  };
  const [cases, groups] = await Promise.all([readCases(options), observedRounds(dynamo, table, now - options.days * DAY_MS, now, tell)]);
  const report = readiness(groups, cases, options, now);
  process.stdout.write(options.json === true ? `${JSON.stringify(report, undefined, 2)}\n` : `${readinessText(report).join('\n')}\n`);
  return report.verdict === 'ready' ? EXIT.fine : EXIT.findings;
}
