import { Command, InvalidArgumentError } from 'commander';
import type { PoolMetricNames } from '../core/diagnose/pools';
import type { DiagnoseOptions, runDiagnose } from './diagnose/run';
import { EXIT } from './exit';
import { withInspectionOptions } from './live/options';
import { finish } from './operator-command';

/** `active=NAME,max=NAME[,waiting=NAME]`; a name as the inspection takes it. */
function poolNames(text: string): PoolMetricNames {
  const given = new Map(text.split(',').map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)] as const));
  const [active, max, waiting] = [given.get('active'), given.get('max'), given.get('waiting')];
  if (active === undefined || max === undefined || ![active, max, waiting ?? 'a'].every((name) => /^[A-Za-z0-9_:]{1,160}$/.test(name)))
    throw new InvalidArgumentError(`got "${text}"; allowed: active=NAME,max=NAME[,waiting=NAME]`);
  return { active, max, ...(waiting === undefined ? {} : { waiting }) };
}

const HELP = `
FILE holds one host a line (# begins a comment), or JSON as the AWS CLI prints it. --ssh runs your own ssh with your own configuration and
sends the inspection on its standard input; --hosts sends it by Run Command: with --document the deployed document, otherwise
AWS-RunShellScript. It changes nothing on a host. Without root (--sudo, or a root login) the owners of most sockets stay hidden.

Exit: 0 a diagnosis; 1 one in which the slow host or all of its peers could not be inspected; 2 usage; 3 no host could be inspected, no ssh,
or no credentials; 4 an AWS error.`;

/**
 * `sickbay diagnose [DIR] [--hosts FILE | --ssh FILE|LIST] [--sick HOST] [--json]`: exit codes as
 * its help says.
 */
export function diagnoseCommand(): Command {
  const command = new Command('diagnose')
    .description('say what is different about one host: from captured inspections, or from live hosts')
    .argument('[dir]', 'directory with one <host>.json each: {"host", "stdout"} as the inspection printed it')
    .option('--hosts <file>', 'live: instance ids, over Systems Manager Run Command')
    .option('--ssh <hosts>', 'live: a file, or HOST,HOST,..., over ssh')
    .option('--sick <host>', 'the slow host; the others are its peers. Otherwise the one whose own page is by far the slowest')
    .option('--document <name>', 'live, with --hosts: the deployed inspection document (Systems Manager, Documents, Owned by me)')
    .option('--sudo', 'live, with --ssh: as root, by "sudo -n"')
    .option('--out <dir>', 'live: keep the inspections there, redacted, for "sickbay diagnose DIR"')
    .option('--json', 'print JSON')
    .option('--pool <names>', "names of your own pool's metrics: active=NAME,max=NAME[,waiting=NAME]", poolNames)
    .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.fine : EXIT.usage))
    .addHelpText('after', HELP)
    .action((directory: string | undefined, options: DiagnoseOptions, self: Command) =>
      finish(self, () => {
        // not at the top: what reads the account is loaded for this command alone
        const run = require('./diagnose/run') as { readonly runDiagnose: typeof runDiagnose };
        return run.runDiagnose(directory, options);
      }),
    );
  return withInspectionOptions(command);
}
