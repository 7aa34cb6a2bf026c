import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Case } from '../core/model';
import { days, readCases, type DaysOptions } from './cases';
import { CommandError, EXIT } from './exit';
import { command } from './invocation';
import { finish, operatorCommand } from './operator-command';
import { show, withWatch } from './watch';

async function newestCase(subject: string, options: DaysOptions): Promise<Case | undefined> {
  const { isMeant } = require('../core/report/cases') as typeof import('../core/report/cases');
  return (await readCases(options)).find((candidate) => isMeant(candidate, subject));
}

/** The newest case that is meant. @throws CommandError where there is none. */
export async function caseOf(subject: string, options: DaysOptions): Promise<Case> {
  const incident = await newestCase(subject, options);
  if (incident !== undefined) return incident;
  throw new CommandError(`no case about "${subject}" within ${options.days} days; to list them: ${command('cases')}`, EXIT.usage);
}

/** Twenty minutes, as far back as the judge looks. */
const ROUNDS = 20;
/** As many as a read of one page gives (lambda/aws/round-records.ts). */
const MOST_ROUNDS = 200;

function roundCount(text: string): number {
  const value = Number(text);
  if (/^\d{1,3}$/.test(text) && value >= 1 && value <= MOST_ROUNDS) return value;
  throw new InvalidArgumentError(`got "${text}"; allowed: 1 to ${MOST_ROUNDS}`);
}

interface ExplainOptions extends DaysOptions {
  /** Asked for, in place of a case. */
  readonly rounds?: number | true;
}

const HELP = `
Of a target that has no case, or with --rounds, it says why the stack's newest rounds did not convict it: what was measured, what spoke
against a conviction, and how often.

Exit: 0 told; 1 no round began within the last hour; 2 usage, or no such case or target: the message names what there is.`;

/** `sickbay explain CASE|TARGET [--rounds [20]] [--json] [--watch [5]]` */
export function explainCommand(): Command {
  const command = operatorCommand('explain', 'what happened in a case step by step, or why a target was not convicted', 'cases', 'rounds');
  return withWatch(command)
    .argument('<case or target>', 'the id of a case, or a target: then its newest case, and without one the newest rounds')
    .option('--days <number>', 'among the open cases and those closed within so many days', days, 30)
    .addOption(
      new Option('--rounds [number]', `why so many newest rounds did not convict the target, in place of its case; ${ROUNDS} otherwise`)
        .argParser(roundCount)
        .preset(String(ROUNDS)),
    )
    .addHelpText('after', HELP)
    .action((subject: string, options: ExplainOptions, self: Command) =>
      finish(self, async () => {
        await show(options, async () => `${(await told(subject, options)).join('\n')}\n`);
        return EXIT.fine;
      }),
    );
}

function caseLines(incident: Case, { json }: ExplainOptions): string[] {
  // not at the top, for a help text
  const { explanation } = require('../core/report/cases') as typeof import('../core/report/cases');
  const { recordOf } = require('../lambda/records/case-schema') as typeof import('../lambda/records/case-schema');
  return json === true ? [JSON.stringify(recordOf(incident), undefined, 2)] : explanation(incident);
}

async function told(subject: string, options: ExplainOptions): Promise<string[]> {
  const incident = options.rounds === undefined ? await newestCase(subject, options) : undefined;
  if (incident !== undefined) return caseLines(incident, options);
  // not at the top, for a help text
  const { roundsAbout } = require('./explain/rounds') as typeof import('./explain/rounds');
  const { notConvictedLines } = require('../core/report/not-convicted') as typeof import('../core/report/not-convicted');
  const count = typeof options.rounds === 'number' ? options.rounds : ROUNDS;
  const found = await roundsAbout(subject, count, options).catch((error: unknown) => {
    throw options.rounds === undefined ? withoutCase(subject, options, error) : error;
  });
  if (options.json === true) return [JSON.stringify({ notConvicted: found }, undefined, 2)];
  return found.flatMap((one, index) => [...(index === 0 ? [] : ['']), ...notConvictedLines(one)]);
}

/** A name that was misspelt is no question about rounds: what was not found goes first. */
function withoutCase(subject: string, { days: within }: DaysOptions, error: unknown): unknown {
  if (!(error instanceof CommandError)) return error;
  const lines = [`no case about "${subject}" within ${within} days; to list them: ${command('cases')}`, error.message];
  return new CommandError(lines.join('\n'), error.exitCode, { cause: error });
}
