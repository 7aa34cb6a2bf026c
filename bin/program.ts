/**
 * The command line around its commands. A command's module is loaded when it is named and not
 * before: the SDK's clients take a second to load.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import { applyAwsOptions, withAwsOptions, type AwsOptions } from './aws-options';
import { paint } from './colour';
import { EXAMPLES } from './examples';
import { EXIT } from './exit';
import { fitted, helpWidth, withExamples } from './help';
import { command as printed } from './invocation';
import { mistakeText } from './mistake';

/** A command's name, its line in the list of commands, and what makes it. */
export type Entry = readonly [name: string, summary: string, load: () => Command];

const EXIT_CODES =
  'Exit: 0 fine, 1 findings or failed expectations, 2 usage or configuration, 3 the machine or account lacks something, 4 an AWS error.';

/** `words` are the arguments: of a command that is among them the whole module is loaded. */
export function program(entries: readonly Entry[], words: readonly string[]): Command {
  const root = withAwsOptions(new Command('sickbay'))
    .description('takes slow targets out of load balancers and says why')
    .version(version())
    .configureOutput({
      getOutHelpWidth: () => helpWidth(process.stdout.columns),
      writeOut: (text) => void process.stdout.write(fitted(text, helpWidth(process.stdout.columns))),
      outputError: (text, write) => write(`${mistakeText(text, called() ?? root)}\n${hint()}`),
    })
    .configureHelp({ showGlobalOptions: true, styleTitle: (title) => paint({ isTTY: true }, {}).bold(title) })
    .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.fine : EXIT.usage))
    .hook('preAction', (self) => applyAwsOptions(self.opts<AwsOptions>()));
  for (const entry of entries) root.addCommand(loaded(root, entry, words));
  withExamples(root, ['init', 'doctor', 'cases --stack Sickbay --profile prod --region eu-west-1', 'hold --help']);
  return root.addHelpText('after', `\n${EXIT_CODES}`);

  /** The command that was typed; undefined where it is none of ours. */
  function called(): Command | undefined {
    const names = entries.map(([name]) => name);
    const name = words.find((word) => names.includes(word));
    return root.commands.find((command) => command.name() === name);
  }

  /** Where the reader finds what may be typed. */
  function hint(): string {
    const command = called();
    return `Examples: ${printed(command === undefined ? '--help' : `${command.name()} --help`)}\n`;
  }
}

function loaded(root: Command, [name, summary, load]: Entry, words: readonly string[]): Command {
  const command = words.includes(name) ? load() : new Command(name).description(summary);
  return withExamples(command.copyInheritedSettings(root).summary(summary), EXAMPLES[name] ?? []);
}

/** Of package.json, which lies one folder above this file in a checkout and above the bundle. */
function version(): string {
  return (JSON.parse(readFileSync(path.join(__dirname, '..', 'package.json'), 'utf8')) as { version: string }).version;
}
