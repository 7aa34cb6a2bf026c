import type { Command } from 'commander';
import { askAndPrint } from './ask-responder';
import { operatorCommand, type StackOptions } from './operator-command';

interface Options extends StackOptions {
  readonly by: string;
  readonly reason: string;
  readonly json?: true;
}

/** `sickbay give-up TARGET --by NAME --reason TEXT` */
export function giveUpCommand(): Command {
  return operatorCommand('give-up', 'leaves a target out that Sickbay removed: nothing of Sickbay restores it', 'responder')
    .argument('<target>', 'i-0abc or i-0abc:8080')
    .requiredOption('--by <name>', 'who asks: it goes on record and into the alert')
    .requiredOption('--reason <text>', 'why: on record and in the alert')
    .addHelpText(
      'after',
      '\nIts scheduled restore is cancelled. An instance of an Auto Scaling group stays on Standby, neither checked nor replaced,\n' +
        'until somebody calls aws autoscaling exit-standby or terminates it.',
    )
    .action((subject: string, options: Options, command: Command) =>
      askAndPrint(command, options, { kind: 'give-up', subject, by: options.by, reason: options.reason }),
    );
}
