/** `sickbay diagnose`: the captures, and what is told of them. Loaded when it runs. */
import { diagnose } from '../../core/diagnose/diagnose';
import type { PoolMetricNames } from '../../core/diagnose/pools';
import type { HostCapture } from '../../core/model';
import { CommandError, EXIT } from '../exit';
import { readCaptures, writeCaptures } from '../live/captures';
import { instancesOf, sshHostsOf } from '../live/host-list';
import { inspectManagedHosts } from '../live/managed';
import { givenOptions, parametersOf } from '../live/options';
import { slowestOf, type Slow } from '../live/slowest';
import type { Parameters } from '../live/script';
import { inspectOverSsh } from '../live/ssh';
import { diagnosisText } from './text';

export interface DiagnoseOptions {
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
function checkPlaces(directory: string | undefined, options: DiagnoseOptions): void {
  const places = placesOf(directory, options);
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

function placesOf(directory: string | undefined, { hosts, ssh }: DiagnoseOptions): string[] {
  return [
    directory === undefined ? [] : [`DIR (${directory})`],
    hosts === undefined ? [] : ['--hosts'],
    ssh === undefined ? [] : ['--ssh'],
  ].flat();
}

function inspect(ids: readonly string[], parameters: Parameters, { hosts, sudo, document }: DiagnoseOptions): Promise<HostCapture[]> {
  return hosts === undefined
    ? inspectOverSsh(ids, { sudo: sudo === true, parameters, tell })
    : inspectManagedHosts(ids, { parameters, tell, ...(document === undefined ? {} : { document }) });
}

async function captured(directory: string | undefined, options: DiagnoseOptions): Promise<HostCapture[]> {
  if (directory !== undefined) return readCaptures(directory);
  const { pool } = options;
  const metricNames = [pool?.active, pool?.max, pool?.waiting].filter((name) => name !== undefined).join(',');
  const parameters = { ...parametersOf({ ...options }), ...(metricNames === '' ? {} : { metricNames }) };
  const ids = options.hosts === undefined ? sshHostsOf(options.ssh ?? '') : instancesOf(options.hosts);
  checkSick(options.sick, ids); // before anybody waits
  tell(`inspecting ${ids.length} hosts over ${options.hosts === undefined ? 'ssh' : 'Systems Manager'}, read-only, about 10 s ...`);
  const captures = await inspect(ids, parameters, options);
  if (options.out !== undefined) writeCaptures(options.out, captures);
  const seen = captures.filter((capture) => 'stdout' in capture);
  if (seen.length === 0) throw new CommandError(`none of the ${ids.length} hosts could be inspected: the reasons are above`, EXIT.lacking);
  return captures;
}

function checkSick(sick: string | undefined, hosts: readonly string[]): void {
  if (sick !== undefined && !hosts.includes(sick))
    throw new CommandError(`--sick: got "${sick}"; allowed: ${hosts.join(', ')}`, EXIT.usage);
}

/**
 * @throws CommandError where the named host was not inspected, or none is named and none is clearly
 * slow
 */
function slowOf(captures: readonly HostCapture[], { sick }: DiagnoseOptions): Slow {
  if (sick === undefined) return slowestOf(captures);
  const hosts = captures.map(({ host }) => host);
  checkSick(sick, hosts);
  return { host: sick, why: 'named with --sick' };
}

export async function runDiagnose(directory: string | undefined, options: DiagnoseOptions): Promise<number> {
  checkPlaces(directory, options);
  const captures = await captured(directory, options);
  const slow = slowOf(captures, options);
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
