import type { Command } from 'commander';
import { askAndPrint } from './ask-responder';
import { operatorCommand, type StackOptions } from './operator-command';

interface Options extends StackOptions {
  readonly by: string;
  readonly reason: string;
  readonly json?: true;
}

/** `sickbay release TARGET|GROUP --by NAME --reason TEXT` */
export function releaseCommand(): Command {
  return operatorCommand('release', 'ends a hold', 'responder')
    .argument('<target or group>', 'as it was held: a target is not released from the hold of its group')
    .requiredOption('--by <name>', 'your name: on record and in the alert, beside who AWS says is asking')
    .requiredOption('--reason <text>', 'why: on record and in the alert')
    .action((subject: string, options: Options, command: Command) =>
      askAndPrint(command, options, { kind: 'release', subject, by: options.by, reason: options.reason }),
    );
}
