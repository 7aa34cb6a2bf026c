import { InvalidArgumentError, type Command } from 'commander';
import type { Case } from '../core/model';
import { EXIT } from './exit';
import { finish, operatorCommand, resourceName, type StackOptions } from './operator-command';
import { show, withWatch, type WatchOptions } from './watch';

const DAY_MS = 86_400_000;
/** The least that a table of cases needs, and what it has where it is piped. */
const TABLE_WIDTH = 100;

export interface DaysOptions extends StackOptions, WatchOptions {
  readonly days: number;
  readonly json?: true;
}

/** A number of days, for `--days`. */
export function days(text: string): number {
  const value = Number(text);
  if (/^\d{1,3}$/.test(text) && value >= 1) return value;
  throw new InvalidArgumentError(`got "${text}"; allowed: 1 to 999`);
}

/** What a wider terminal has is used. */
function tableWidth({ isTTY, columns }: Partial<NodeJS.WriteStream>): number {
  return isTTY === true ? Math.max(TABLE_WIDTH, columns ?? 0) : TABLE_WIDTH;
}

/** Open cases, and those that were closed within the days; newest first. */
export async function readCases(options: DaysOptions): Promise<Case[]> {
  const table = await resourceName('cases', options);
  // The SDK's clients take a second to load: not for a help text.
  const clients = require('../lambda/aws/clients') as typeof import('../lambda/aws/clients');
  const { caseRecords } = require('../lambda/aws/case-records') as typeof import('../lambda/aws/case-records');
  const records = caseRecords(clients.dynamo(), table);
  const [open, closed] = await Promise.all([records.open(), records.closedSince(Date.now() - options.days * DAY_MS)]);
  const waiting = open.filter((incident) => !closed.some((archived) => archived.id === incident.id));
  return [...waiting, ...closed].sort((a, b) => b.openedAt - a.openedAt);
}

/** `sickbay cases [--days 7] [--json] [--watch [5]]` */
export function casesCommand(): Command {
  return withWatch(operatorCommand('cases', 'what is open, and what was closed lately', 'cases'))
    .option('--days <number>', 'closed within so many days', days, 7)
    .action((options: DaysOptions, command: Command) =>
      finish(command, async () => {
        await show(options, () => casesText(options));
        return EXIT.fine;
      }),
    );
}

async function casesText(options: DaysOptions): Promise<string> {
  // not at the top, for a help text
  const { caseTable } = require('../core/report/cases') as typeof import('../core/report/cases');
  const { recordOf } = require('../lambda/records/case-schema') as typeof import('../lambda/records/case-schema');
  const cases = await readCases(options);
  const lines =
    options.json === true ? [JSON.stringify(cases.map(recordOf), undefined, 2)] : caseTable(cases, Date.now(), tableWidth(process.stdout));
  return `${lines.join('\n')}\n`;
}
