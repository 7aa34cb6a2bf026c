import { Command, InvalidArgumentError, Option } from 'commander';
import { EXIT } from './exit';
import type { InitOptions, runInit } from './init/run';
import { finish } from './operator-command';

function collected(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

/** `/page` for every group, or `GROUP=/page` for one. */
function pathOf(value: string, before: ReadonlyMap<string, string>): Map<string, string> {
  const [, group = '', page = ''] = /^(?:([A-Za-z0-9-]{1,32})=)?(\/[\x21-\x7e]*)$/.exec(value) ?? [];
  if (page === '') throw new InvalidArgumentError(`got "${value}"; allowed: /page, or GROUP=/page`);
  return new Map([...before, [group, page]]);
}

function port(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1 || number > 65_535) throw new InvalidArgumentError(`got "${value}"; allowed: 1 to 65535`);
  return number;
}

function repeated(flags: string, about: string, otherwise: string): Option {
  return new Option(flags, `${about}; may be repeated`).argParser(collected).default([], otherwise);
}

const HELP = `
Reads the account and changes nothing in it. Each value is told with the reason for it; nothing is guessed silently: a page that does
what users wait for is yours to give, with --path. Where a service of ECS registers the targets it proposes that its tasks are replaced.

Exit: 0 written; 2 usage; 3 credentials, a permission, or something that the prober needs is missing: the message says how to get it;
4 an AWS error.`;

/** `sickbay init [--yes] [--target-group NAME]... [--path /PAGE] [--out FILE]` */
export function initCommand(): Command {
  return new Command('init')
    .description('read the account, propose a configuration with reasons, and write it')
    .addOption(repeated('--target-group <name>', 'a target group, by name or ARN', 'you pick'))
    .option('--yes', 'ask nothing: every target group that a load balancer forwards to')
    .addOption(
      new Option('--path <page>', 'a page that does what users wait for; for one of several groups GROUP=/page, repeated')
        .argParser(pathOf)
        .default(new Map(), 'none'),
    )
    .option('--metrics-port <port>', 'where the application exposes Prometheus metrics on each host', port)
    .addOption(repeated('--subnet <id>', 'a subnet for the prober', 'proposed, with the reason'))
    .option('--security-group <id>', "the prober's security group")
    .option('--stack <name>', 'names the stack', 'Sickbay')
    .option('--out <file>', 'where to write it, .ts or .json', 'sickbay.config.ts')
    .option('--force', 'write over a file that is there')
    .option('--dry-run', 'write nothing, print it')
    .option('--json', 'print JSON')
    .addHelpText('after', HELP)
    .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.fine : EXIT.usage))
    .action((options: InitOptions, self: Command) =>
      finish(self, async () => {
        // not at the top: what reads the account is loaded for this command alone
        const run = require('./init/run') as { readonly runInit: typeof runInit };
        return run.runInit(options);
      }),
    );
}
