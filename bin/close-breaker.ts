import type { Command } from 'commander';
import { askAndPrint } from './ask-responder';
import { operatorCommand, type StackOptions } from './operator-command';

interface Options extends StackOptions {
  readonly by: string;
  readonly json?: true;
}

/** `sickbay close-breaker --by NAME` */
export function closeBreakerCommand(): Command {
  return operatorCommand('close-breaker', 'closes every open breaker, after you looked at what was taken out', 'responder')
    .requiredOption('--by <name>', 'who looked: it goes on record and into the alert')
    .action((options: Options, command: Command) => askAndPrint(command, options, { kind: 'close-breaker', by: options.by }));
}
