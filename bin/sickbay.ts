/** The command line: `npx sickbay --help`. */
import { Command } from 'commander';
import { costCommand } from './cost';
import { diagnoseCommand } from './diagnose';

const EXIT_USAGE = 2;

function program(): Command {
  return new Command('sickbay')
    .description('takes slow targets out of load balancers and says why')
    .addCommand(costCommand())
    .addCommand(diagnoseCommand())
    .addHelpText(
      'after',
      '\nThe drill: npm run drill -- --help\nExit: 0 fine, 1 findings or failed expectations, 2 usage or configuration, 3 the machine or account lacks something, 4 an AWS error.',
    )
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : EXIT_USAGE));
}

program()
  .parseAsync()
  .catch((error: unknown) => {
    console.error(`sickbay: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = EXIT_USAGE;
  });
