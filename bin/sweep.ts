/** `sickbay sweep`: rounds from where you stand, without a deployment. */
import { Command, InvalidArgumentError } from 'commander';
import { EXIT } from './exit';
import { finish } from './operator-command';
import type { SweepOptions, runSweep } from './sweep/run';

const HELP = `
It asks every target for the page, straight, as the deployed prober does, and compares. From here where this machine reaches the targets (a VPN,
a bastion in the VPC); --via a managed instance does it with curl over Run Command; --prober has the deployed prober do it. It changes nothing,
and needs elasticloadbalancing:Describe*, ec2:DescribeInstances and ec2:DescribeNetworkInterfaces. One round convicts nobody: --watch goes on until Ctrl-C.

Exit: 0 every target was reached and nothing stands out (in the last round); 1 otherwise; 2 usage; 3 no credentials, or a host that cannot be
reached by Systems Manager; 4 an AWS error.`;

const INSTANCE = /^m?i-[0-9a-f]{8,17}$/;

function whole(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d{1,6}$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`got "${text}"; allowed: ${min} to ${max}`);
  };
}

function instanceId(text: string): string {
  if (INSTANCE.test(text)) return text;
  throw new InvalidArgumentError(`got "${text}"; allowed: an instance id such as i-0123456789abcdef0`);
}

const collected = (text: string, before: readonly string[] = []): string[] => [...before, text];

/** `sickbay sweep [--target-group NAME|ARN]... [--via ID | --prober] [--watch [S]] [--json]` */
export function sweepCommand(): Command {
  return new Command('sweep')
    .description('measure every target of a group now, straight, and say what stands out; needs no deployment')
    .option('--target-group <name or ARN>', 'a target group; may be given several times', collected)
    .option('--config <file>', 'target groups and probes of a configuration; otherwise sickbay.config.ts, where no group is named')
    .option('--path <path>', "the page to ask for, one that does what users wait for; otherwise the health check's own")
    .option('--host <name>', 'Host header of the requests')
    .option('--port <port>', 'another port than that of each target', whole(1, 65_535))
    .option('--matcher <codes>', 'status codes that are an answer, such as 200-299')
    .option('--samples <number>', 'requests to each target in a round', whole(3, 20))
    .option('--timeout-ms <ms>', 'for each request', whole(100, 10_000))
    .option('--via <instance>', 'measure from this managed instance, with curl', instanceId)
    .option('--prober [function]', "measure with the deployed prober: the stack's output ProberFunction")
    .option('--stack <name>', 'a deployed stack: its prober, and its configuration where no file is named')
    .option('--outputs <file>', 'with --prober, in place of --stack: what "cdk deploy --outputs-file" wrote')
    .option('--watch [seconds]', 'a round every so many seconds, until Ctrl-C (default 60)', whole(10, 3600))
    .option('--rounds <number>', 'with --watch: end after so many', whole(1, 10_000))
    .option('--json', 'print JSON, an object a round')
    .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.fine : EXIT.usage))
    .addHelpText('after', HELP)
    .action((options: SweepOptions, self: Command) =>
      finish(self, () => {
        // not at the top: what reads the account is loaded for this command alone
        const run = require('./sweep/run') as { readonly runSweep: typeof runSweep };
        return run.runSweep(options);
      }),
    );
}
