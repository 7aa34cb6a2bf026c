import type { Command } from 'commander';
import { explanation, isMeant } from '../core/report/cases';
import { days, readCases, type DaysOptions } from './cases';
import { CommandError, EXIT } from './exit';
import { finish, operatorCommand } from './operator-command';

/** `sickbay explain CASE|TARGET [--json]`: the newest case that is meant. */
export function explainCommand(): Command {
  return operatorCommand('explain', 'what happened in a case, step by step, and what each guardrail said', 'cases')
    .argument('<case or target>', 'the id of a case, or a target: then its newest case')
    .option('--days <number>', 'among the open cases and those closed within so many days', days, 30)
    .action((subject: string, options: DaysOptions, command: Command) =>
      finish(command, async () => {
        const [incident] = (await readCases(options)).filter((candidate) => isMeant(candidate, subject));
        if (incident === undefined)
          throw new CommandError(`no case about "${subject}" within ${options.days} days; "sickbay cases" lists them`, EXIT.usage);
        process.stdout.write(
          options.json === true ? `${JSON.stringify(incident, undefined, 2)}\n` : `${explanation(incident).join('\n')}\n`,
        );
        return EXIT.fine;
      }),
    );
}
