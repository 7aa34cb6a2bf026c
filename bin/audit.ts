/** `sickbay audit`: what makes the next incident likely, or worse, before there is one. */
import { Command } from 'commander';
import type { AuditOptions, runAudit } from './audit/run';
import { EXIT } from './exit';
import { finish } from './operator-command';

const HELP = `
Reads the settings of each target group, and inspects its hosts over Systems Manager Run Command as "sickbay diagnose" does. It changes nothing:
each command in it is for you to run, after you have read its danger. Behind an address the instance that has it is inspected; a pod or a task is
not, which is told. Without --path (or a probe in the configuration) the health check's depth
is not measured. A permission that is denied costs the checks that need it, and is told.

Exit: 0 nothing found (with --since: nothing new); 1 findings, or something could not be read; 2 usage; 3 no credentials or Region; 4 an AWS error.`;

const collected = (text: string, before: readonly string[] = []): string[] => [...before, text];

/**
 * `sickbay audit [--target-group NAME|ARN]... [--path PATH] [--no-hosts] [--json | --html FILE]`
 */
export function auditCommand(): Command {
  return new Command('audit')
    .description('check settings and hosts of target groups without an incident, read-only')
    .option('--target-group <name or ARN>', 'a target group; may be given several times', collected)
    .option('--config <file>', 'target groups of a configuration; otherwise sickbay.config.ts, where no group is named')
    .option('--stack <name>', 'in place of a file: what that stack is deployed with; without a file here the only stack')
    .option('--path <path>', 'a page that does what users wait for: timed on each host beside the health check')
    .option('--host <name>', 'Host header of that request')
    .option('--document <name>', 'the deployed inspection document; otherwise AWS-RunShellScript')
    .option('--no-hosts', 'leave the hosts alone: settings only')
    .option('--html <file>', 'write the audit as one page, which needs no other file')
    .option('--since <file>', 'tell what has changed since an audit that --json printed')
    .option('--json', 'print JSON')
    .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.fine : EXIT.usage))
    .addHelpText('after', HELP)
    .action((options: AuditOptions, self: Command) =>
      finish(self, () => {
        // not at the top: what reads the account is loaded for this command alone
        const run = require('./audit/run') as { readonly runAudit: typeof runAudit };
        return run.runAudit(options);
      }),
    );
}
