import { Command, InvalidArgumentError } from 'commander';
import { diagnose } from '../core/diagnose/diagnose';
import type { PoolMetricNames } from '../core/diagnose/pools';
import { findingLines } from '../core/report/findings';
import type { Diagnosis, HostCapture } from '../core/model';
import { CommandError, EXIT } from './exit';
import { readCaptures, writeCaptures } from './live/captures';
import { instancesOf, sshHostsOf } from './live/host-list';
import { inspectManagedHosts } from './live/managed';
import { givenOptions, parametersOf, withInspectionOptions } from './live/options';
import { slowestOf, type Slow } from './live/slowest';
import { inspectOverSsh } from './live/ssh';
import { finish } from './operator-command';

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];
}

/** The diagnosis as text for people, best finding first. */
export function diagnosisText(diagnosis: Diagnosis): string {
  const { findings, differences, notInspectable, notes } = diagnosis;
  return [
    ...findings.flatMap(findingLines),
    ...section('Differences that no finding explains', differences),
    ...section(
      'Not inspectable',
      notInspectable.map(({ host, why }) => `${host}: ${why}`),
    ),
    ...section('Notes', notes),
    '',
  ].join('\n');
}

/** `active=NAME,max=NAME[,waiting=NAME]`; a name as the inspection takes it. */
function poolNames(text: string): PoolMetricNames {
  const given = new Map(text.split(',').map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)] as const));
  const [active, max, waiting] = [given.get('active'), given.get('max'), given.get('waiting')];
  if (active === undefined || max === undefined || ![active, max, waiting ?? 'a'].every((name) => /^[A-Za-z0-9_:]{1,160}$/.test(name)))
    throw new InvalidArgumentError(`got ${text}, allowed active=NAME,max=NAME[,waiting=NAME]`);
  return { active, max, ...(waiting === undefined ? {} : { waiting }) };
}

interface Options {
  readonly sick?: string;
  readonly hosts?: string;
  readonly ssh?: string;
  readonly document?: string;
  readonly sudo?: true;
  readonly out?: string;
  readonly json?: true;
  readonly pool?: PoolMetricNames;
}

const tell = (text: string): void => void process.stderr.write(`${text}\n`);

/** Exactly one of the three places, and no option that is for another one. @throws CommandError */
function checkPlaces(directory: string | undefined, options: Options): void {
  const places = [
    directory === undefined ? [] : [`DIR (${directory})`],
    options.hosts === undefined ? [] : ['--hosts'],
    options.ssh === undefined ? [] : ['--ssh'],
  ].flat();
  if (places.length !== 1)
    throw new CommandError(
      `got ${places.length === 0 ? 'no hosts' : places.join(' and ')}; allowed: one of DIR, --hosts FILE and --ssh FILE|LIST`,
      EXIT.usage,
    );
  const astray = [
    ...(directory === undefined ? [] : [...givenOptions({ ...options }), ...(options.out === undefined ? [] : ['--out'])]),
    ...(options.document === undefined || options.hosts !== undefined ? [] : ['--document']),
    ...(options.sudo === undefined || options.ssh !== undefined ? [] : ['--sudo']),
  ];
  if (astray.length > 0) throw new CommandError(`${astray.join(', ')}: does nothing with ${places.join('')}`, EXIT.usage);
}

async function captured(directory: string | undefined, options: Options): Promise<HostCapture[]> {
  if (directory !== undefined) return readCaptures(directory);
  const { pool } = options;
  const metricNames = [pool?.active, pool?.max, pool?.waiting].filter((name) => name !== undefined).join(',');
  const parameters = { ...parametersOf({ ...options }), ...(metricNames === '' ? {} : { metricNames }) };
  const ids = options.hosts === undefined ? sshHostsOf(options.ssh ?? '') : instancesOf(options.hosts);
  checkSick(options.sick, ids); // before anybody waits
  tell(`inspecting ${ids.length} hosts over ${options.hosts === undefined ? 'ssh' : 'Systems Manager'}, read-only, about 10 s ...`);
  const captures =
    options.hosts === undefined
      ? await inspectOverSsh(ids, { sudo: options.sudo === true, parameters, tell })
      : await inspectManagedHosts(ids, { parameters, tell, ...(options.document === undefined ? {} : { document: options.document }) });
  if (options.out !== undefined) writeCaptures(options.out, captures);
  const seen = captures.filter((capture) => 'stdout' in capture);
  if (seen.length === 0) throw new CommandError(`none of the ${ids.length} hosts could be inspected: the reasons are above`, EXIT.lacking);
  return captures;
}

function checkSick(sick: string | undefined, hosts: readonly string[]): void {
  if (sick !== undefined && !hosts.includes(sick)) throw new CommandError(`--sick: got ${sick}, allowed ${hosts.join(', ')}`, EXIT.usage);
}

async function run(directory: string | undefined, options: Options): Promise<number> {
  checkPlaces(directory, options);
  const captures = await captured(directory, options);
  checkSick(
    options.sick,
    captures.map(({ host }) => host),
  );
  const slow: Slow = options.sick === undefined ? slowestOf(captures) : { host: options.sick, why: 'named with --sick' };
  const sick = captures.find(({ host }) => host === slow.host);
  if (sick === undefined) throw new Error(`no capture of ${slow.host}`);
  const { pool } = options;
  const peers = captures.filter((capture) => capture !== sick);
  const diagnosis = diagnose({ sick, peers, now: sick.capturedAt, ...(pool === undefined ? {} : { poolMetrics: pool }) });
  if (options.sick === undefined) tell(`${slow.host} is taken for the slow one: ${slow.why}`);
  process.stdout.write(
    options.json === true ? `${JSON.stringify({ sick: slow, ...diagnosis }, undefined, 2)}\n` : diagnosisText(diagnosis),
  );
  return 'stdout' in sick && peers.some((peer) => 'stdout' in peer) ? EXIT.fine : EXIT.findings;
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
    .action((directory: string | undefined, options: Options, self: Command) => finish(self, () => run(directory, options)));
  return withInspectionOptions(command);
}
