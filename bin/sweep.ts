/** `sickbay sweep`: rounds from where you stand, without a deployment. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import { configOf, type Config } from '../core/config';
import { targetKey, type ProbePlan } from '../core/model';
import { judgement, sweepText, unreached, type SweptGroup } from '../core/report/sweep';
import * as clients from '../lambda/aws/clients';
import { DEFAULT_TIMEOUT_MS } from '../lambda/discover/probe-group';
import type { Prober } from '../lambda/ports';
import { sweep } from '../lambda/sweep';
import { CommandError, EXIT } from './exit';
import { finish, resourceName } from './operator-command';
import { byFunction, byHost, fromHere } from './sweep/probers';
import { measuring, type Measuring, type Pass } from './sweep/ports';
import { screen, type Screen } from './sweep/screen';
import { subjects, type SubjectOptions } from './sweep/subjects';

interface Options extends SubjectOptions {
  readonly via?: string;
  readonly prober?: string | true;
  readonly watch?: number;
  readonly rounds?: number;
  readonly json?: true;
  readonly outputs?: string;
}

const HELP = `
It asks every target for the page, straight, as the deployed prober does, and compares. From here where this machine reaches the targets (a VPN,
a bastion in the VPC); --via a managed instance does it with curl over Run Command; --prober has the deployed prober do it. It changes nothing,
and needs elasticloadbalancing:Describe* and ec2:DescribeInstances. One round convicts nobody: --watch goes on until Ctrl-C.

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
    .addOption(new Option('--watch [seconds]', 'a round every so many seconds, until Ctrl-C').preset('60').argParser(whole(10, 3600)))
    .option('--rounds <number>', 'with --watch: end after so many', whole(1, 10_000))
    .option('--json', 'print JSON, an object a round')
    .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.fine : EXIT.usage))
    .addHelpText('after', HELP)
    .action((options: Options, self: Command) => finish(self, () => run(options)));
}

/** Beside a file the name of a stack is that of the prober's. */
function aboutConfig(options: Options): SubjectOptions {
  const { stack, ...rest } = options;
  return stack === undefined || (options.config !== undefined && options.prober !== undefined) ? rest : { ...rest, stack };
}

async function run(options: Options): Promise<number> {
  if (options.via !== undefined && options.prober !== undefined)
    throw new CommandError('got --via and --prober; allowed: one of them', EXIT.usage);
  if (options.rounds !== undefined && options.watch === undefined)
    throw new CommandError('--rounds: does nothing without --watch', EXIT.usage);
  const out = await screen(options.json === true ? process.stderr : process.stdout);
  out.progress('reading target groups ...');
  const { config, from } = await subjects(clients.readLoadBalancing(), aboutConfig(options));
  if (from !== undefined) process.stderr.write(`configuration: ${from}\n`);
  const prober = await proberOf(options);
  const { watch: watchS } = options;
  const measure = measuring(prober, (plan) => out.progress(probing(plan)));
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort());
  for (let done = 1; ; done++) {
    const startedAt = Date.now();
    const code = await one(measure, config, options, out);
    if (watchS === undefined || done === options.rounds || interrupted.signal.aborted) return code;
    await pause(Math.max(0, startedAt + watchS * 1000 - Date.now()), interrupted.signal);
    if (interrupted.signal.aborted) return code;
  }
}

/** Until it is over or interrupted, which is how a watch ends. */
async function pause(ms: number, interrupted: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal: interrupted });
  } catch (error) {
    if (!interrupted.aborted) throw error;
  }
}

async function proberOf({ via, prober, stack, outputs }: Options): Promise<Prober> {
  if (via !== undefined) return byHost(via);
  if (prober === undefined) return fromHere;
  const named = { ...(stack === undefined ? {} : { stack }), ...(outputs === undefined ? {} : { outputs }) };
  return byFunction(await resourceName('prober', { ...named, ...(prober === true ? {} : { prober }) }));
}

function probing({ groups }: ProbePlan): string {
  const targets = groups.reduce((sum, group) => sum + group.targets.length, 0);
  return `measuring ${targets} targets of ${groups.length} target ${groups.length === 1 ? 'group' : 'groups'}, up to 25 s ...`;
}

async function one(measure: Measuring, config: Config, options: Options, out: Screen): Promise<number> {
  await sweep(measure.ports, config, 'operator');
  const pass = measure.taken();
  const groups = pass.rounds.map((round): SweptGroup => {
    const timeoutMs = configOf(config, round.group)?.probe?.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    return { round, rounds: measure.roundsOf(round.groupArn), unreached: unreached(round, pass.reports, timeoutMs) };
  });
  if (options.json === true)
    process.stdout.write(`${JSON.stringify(asJson(groups, pass), undefined, options.watch === undefined ? 2 : 0)}\n`);
  else
    out.show([
      ...groups.flatMap((group) => [...sweepText(group), '']),
      ...pass.failures,
      ...(groups.length === 0 ? ['no target group was measured'] : []),
    ]);
  const isFine =
    groups.length > 0 &&
    pass.failures.length === 0 &&
    groups.every(({ round, unreached: lost }) => round.fleet === 'none' && round.verdicts.length > 0 && lost.length === 0);
  return isFine ? EXIT.fine : EXIT.findings;
}

function asJson(groups: readonly SweptGroup[], { failures }: Pass): object {
  return {
    v: 1,
    groups: groups.map((group) => ({
      groupArn: group.round.groupArn,
      name: group.round.group.name,
      startedAt: group.round.startedAt,
      rounds: group.rounds,
      fleet: group.round.fleet,
      judgement: judgement(group),
      targets: group.round.verdicts.map(({ key, verdict, medianMs, says }) => ({
        target: key,
        address: group.round.addresses[key],
        loadBalancerSays: group.round.lbView.find(({ target }) => key === targetKey(target))?.state,
        verdict,
        medianMs,
        samples: group.round.samples[key] ?? [],
        summary: says,
      })),
      unreached: group.unreached,
      notes: group.round.notes,
    })),
    failures,
  };
}
