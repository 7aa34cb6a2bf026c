/**
 * Completion in the caller's shell, by @bomb.sh/tab (docs/decisions/0025-shell-completion.md):
 * `completion SHELL` prints a script, and that script calls `complete -- WORDS` on each TAB.
 */
import { Argument, Command } from 'commander';
import { wholeCommand } from './invocation';

export const NAME = 'completion';
const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;

/**
 * `sickbay completion SHELL`: a script for that shell, which calls this program as it was called
 * now.
 */
export function completionCommand(): Command {
  return new Command(NAME)
    .description('print a script that completes commands and options of sickbay in your shell')
    .addArgument(new Argument('<shell>', 'your shell').choices(SHELLS))
    .addHelpText('after', '\nThe script completes the name `sickbay`: an alias in a checkout, what npm puts on the PATH in an app.')
    .action(async (shell: (typeof SHELLS)[number]) => {
      const { script } = await import('@bomb.sh/tab');
      script(shell, 'sickbay', wholeCommand());
    });
}

/**
 * Adds the command that the script calls: it prints candidates and asks nobody. The library adds
 * `completion` too, in place of the one above.
 */
export async function withCompletion(root: Command): Promise<Command> {
  const { default: tab } = await import('@bomb.sh/tab/commander');
  tab(root, { completionCommandName: NAME });
  return root;
}
