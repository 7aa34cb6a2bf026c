/** What a help text ends with. */
import type { Command } from 'commander';
import { command as printed } from './invocation';

/** Adds examples, each as it follows the program's name: `cases --days 30`. */
export function withExamples(command: Command, examples: readonly string[]): Command {
  if (examples.length === 0) return command;
  return command.addHelpText('after', () => ['', 'Examples:', ...examples.map((words) => `  ${printed(words)}`)].join('\n'));
}
