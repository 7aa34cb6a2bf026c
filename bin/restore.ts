import { Option, type Command } from 'commander';
import { askAndPrint } from './ask-responder';
import { EXIT } from './exit';
import { operatorCommand, seconds, type StackOptions } from './operator-command';

interface Options extends StackOptions {
  readonly all?: true;
  readonly direct?: true;
  readonly by?: string;
  readonly reason?: string;
  readonly for: number;
  readonly json?: true;
}

const HOUR_S = 3600;

/**
 * `sickbay restore TARGET|GROUP --by NAME --reason TEXT`, or `--all`; with `--direct` without the
 * stack.
 */
export function restoreCommand(): Command {
  return operatorCommand('restore', 'puts back what Sickbay took out, now; keeps a task whose replacement has begun', 'responder')
    .argument('[target or group]', 'i-0abc, i-0abc:8080, 10.0.1.30:8080, or the name or ARN of a target group')
    .option('--all', 'everything that is out')
    .option('--by <name>', 'your name: on record and in the alert, beside who AWS says is asking')
    .option('--reason <text>', 'why: on record and in the alert')
    .addOption(new Option('--for <time>', 'afterwards it is held in for this long: 30m, 2h, 1d').argParser(seconds).default(HOUR_S, '1h'))
    .option('--direct', 'break-glass, when the stack is dead: with your own credentials, from the table of cases')
    .option('--table <name>', 'for --direct: the table of cases, by its name')
    .action((subject: string | undefined, options: Options, command: Command) => restore(command, subject, options));
}

async function restore(command: Command, subject: string | undefined, options: Options): Promise<void> {
  if (options.direct === true) {
    const { restoreDirectly } = require('./restore-directly') as typeof import('./restore-directly');
    return restoreDirectly(command, onlyOne(command, subject, options), options);
  }
  const { by, reason } = options;
  if (by === undefined || reason === undefined)
    return command.error('error: --by NAME and --reason TEXT are needed', { exitCode: EXIT.usage });
  const chosen = onlyOne(command, subject, options);
  return askAndPrint(command, options, {
    kind: 'restore',
    by,
    reason,
    forS: options.for,
    ...(chosen === undefined ? {} : { subject: chosen }),
  });
}

/** The subject, or undefined for everything. */
function onlyOne(command: Command, subject: string | undefined, { all }: Options): string | undefined {
  if ((subject === undefined) === (all === true)) return subject;
  return command.error('error: name one target or group, or say --all', { exitCode: EXIT.usage });
}
