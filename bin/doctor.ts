import { Command } from 'commander';
import type { DoctorOptions, runDoctor } from './doctor/run';
import { EXIT } from './exit';
import { finish } from './operator-command';

const HELP = `
One line a check, ok, warn, fail or skip, and below it the command that mends it. It reads, and sends one request to one target of each
group where that can be reached from here. A check that needs the deployed stack is skipped before there is one. Without a file it
checks what the stack is deployed with, as its functions get it. Permissions are those of an IAM simulation: it sees policies of your
identity and its boundary, not those of resources or of your session.

Exit: 0 nothing failed; 1 something failed; 2 usage or configuration; 3 no credentials or Region; 4 an AWS error kept a check from being
made.`;

/** `sickbay doctor [--config FILE | --stack NAME] [--json]` */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('check the configuration, the account and, once deployed, the stack: what is missing, and the command that mends it')
    .option('--config <file>', 'the configuration, .ts or .json; otherwise sickbay.config.ts, if it is here')
    .option('--stack <name>', 'in place of a file: what that stack is deployed with; without a file here the only stack')
    .option('--json', 'print JSON')
    .addHelpText('after', HELP)
    .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.fine : EXIT.usage))
    .action((options: DoctorOptions, self: Command) =>
      finish(self, () => {
        // not at the top: what reads the account is loaded for this command alone
        const run = require('./doctor/run') as { readonly runDoctor: typeof runDoctor };
        return run.runDoctor(options);
      }),
    );
}
