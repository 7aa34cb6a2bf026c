import type { Command } from 'commander';
import { askAndPrint } from './ask-responder';
import { operatorCommand, seconds, type StackOptions } from './operator-command';

interface Options extends StackOptions {
  readonly by: string;
  readonly reason: string;
  readonly for?: number;
  readonly json?: true;
}

/** `sickbay hold TARGET|GROUP --by NAME --reason TEXT [--for 2h]` */
export function holdCommand(): Command {
  return operatorCommand('hold', 'nothing is taken out there until it is released; what is out comes back as ever', 'responder')
    .argument('<target or group>', 'i-0abc, i-0abc:8080, 10.0.1.30:8080, or the name or ARN of a target group')
    .requiredOption('--by <name>', 'your name: on record and in the alert, beside who AWS says is asking')
    .requiredOption('--reason <text>', 'why: on record and in the alert')
    .option('--for <time>', 'ends by itself after 30m, 2h, 1d; otherwise when it is released', seconds)
    .action((subject: string, options: Options, command: Command) => {
      const { by, reason, for: forS } = options;
      return askAndPrint(command, options, { kind: 'hold', subject, by, reason, ...(forS === undefined ? {} : { forS }) });
    });
}
