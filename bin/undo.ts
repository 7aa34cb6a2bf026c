import type { Command } from 'commander';
import { finish, operatorCommand, type StackOptions } from './operator-command';

interface Options extends StackOptions {
  readonly keep?: true;
  readonly by: string;
  readonly reason?: string;
  readonly json?: true;
}

/** `sickbay undo CASE [--keep]` */
export function undoCommand(): Command {
  return operatorCommand('undo', 'gives a stopped job its crontab line or timer back, or keeps it out for good', 'stopper')
    .argument('<case, stop or instance>', 'the id of a case or of a stop, or an instance: then its newest stop')
    .option('--keep', 'the opposite: nothing gives it back at the end of its 24 hours')
    .option('--by <name>', 'your name, on record beside who AWS says is asking', process.env['USER'] ?? 'operator')
    .option('--reason <text>', 'why: on record and in the alert')
    .addHelpText('after', '\nThe run that was ended does not come back: the alert says how to run the job again.')
    .action((subject: string, { keep, by, reason, ...options }: Options, command: Command) =>
      finish(command, () => {
        const { askAndPrintStop } = require('./stop/ask') as typeof import('./stop/ask');
        const kind = keep === true ? 'keep' : 'undo';
        return askAndPrintStop(options, { kind, stop: subject, by, reason: reason ?? 'no reason given' });
      }),
    );
}
