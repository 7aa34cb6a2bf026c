/** The command line: `npx sickbay --help`. */
import { Command } from 'commander';
import { auditCommand } from './audit';
import { costCommand } from './cost';
import { casesCommand } from './cases';
import { closeBreakerCommand } from './close-breaker';
import { diagnoseCommand } from './diagnose';
import { EXIT } from './exit';
import { explainCommand } from './explain';
import { giveUpCommand } from './give-up';
import { holdCommand } from './hold';
import { readinessCommand } from './readiness';
import { releaseCommand } from './release';
import { reportCommand } from './report';
import { restoreCommand } from './restore';
import { sweepCommand } from './sweep';
import { testAlertCommand } from './test-alert';

function program(): Command {
  return new Command('sickbay')
    .description('takes slow targets out of load balancers and says why')
    .addCommand(costCommand())
    .addCommand(casesCommand())
    .addCommand(explainCommand())
    .addCommand(reportCommand())
    .addCommand(holdCommand())
    .addCommand(releaseCommand())
    .addCommand(restoreCommand())
    .addCommand(giveUpCommand())
    .addCommand(closeBreakerCommand())
    .addCommand(testAlertCommand())
    .addCommand(readinessCommand())
    .addCommand(sweepCommand())
    .addCommand(auditCommand())
    .addCommand(diagnoseCommand())
    .addHelpText(
      'after',
      '\nThe drill: npm run drill -- --help\nExit: 0 fine, 1 findings or failed expectations, 2 usage or configuration, 3 the machine or account lacks something, 4 an AWS error.',
    )
    .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.fine : EXIT.usage));
}

program()
  .parseAsync()
  .catch((error: unknown) => {
    console.error(`sickbay: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = EXIT.usage;
  });
