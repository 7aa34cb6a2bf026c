import type { Command } from 'commander';
import { days } from './cases';
import { finish, stackCommand } from './operator-command';
import type { ReportOptions, runReport } from './report/run';

/** `sickbay report CASE|TARGET --html [FILE] | --md [FILE]` */
export function reportCommand(): Command {
  return stackCommand('report', 'the report of a case as one HTML file that needs nothing else, or as Markdown', 'cases', 'rounds')
    .argument('<case or target>', 'the id of a case, or a target: then its newest case')
    .option('--html [file]', 'as HTML, into this file; without one it is printed')
    .option('--md [file]', 'as Markdown, the same way')
    .option('--days <number>', 'among the open cases and those closed within so many days', days, 30)
    .action((subject: string, options: ReportOptions, command: Command) =>
      finish(command, () => {
        // not at the top: what reads the account is loaded for this command alone
        const run = require('./report/run') as { readonly runReport: typeof runReport };
        return run.runReport(subject, options);
      }),
    );
}
