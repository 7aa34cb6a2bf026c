import type { Command } from 'commander';
import type { Case } from '../core/model';
import { days, readCases, type DaysOptions } from './cases';
import { CommandError, EXIT } from './exit';
import { finish, operatorCommand } from './operator-command';
import { show, withWatch } from './watch';

/** The newest case that is meant. @throws CommandError where there is none. */
export async function caseOf(subject: string, options: DaysOptions): Promise<Case> {
  const { isMeant } = require('../core/report/cases') as typeof import('../core/report/cases');
  const [incident] = (await readCases(options)).filter((candidate) => isMeant(candidate, subject));
  if (incident !== undefined) return incident;
  throw new CommandError(`no case about "${subject}" within ${options.days} days; "sickbay cases" lists them`, EXIT.usage);
}

/** `sickbay explain CASE|TARGET [--json] [--watch [5]]` */
export function explainCommand(): Command {
  return withWatch(operatorCommand('explain', 'what happened in a case, step by step, and what each guardrail said', 'cases'))
    .argument('<case or target>', 'the id of a case, or a target: then its newest case')
    .option('--days <number>', 'among the open cases and those closed within so many days', days, 30)
    .action((subject: string, options: DaysOptions, command: Command) =>
      finish(command, async () => {
        // not at the top, for a help text
        const { explanation } = require('../core/report/cases') as typeof import('../core/report/cases');
        const { recordOf } = require('../lambda/records/case-schema') as typeof import('../lambda/records/case-schema');
        await show(options, async () => {
          const incident = await caseOf(subject, options);
          const lines = options.json === true ? [JSON.stringify(recordOf(incident), undefined, 2)] : explanation(incident);
          return `${lines.join('\n')}\n`;
        });
        return EXIT.fine;
      }),
    );
}
