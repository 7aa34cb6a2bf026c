import { Command, InvalidArgumentError } from 'commander';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { diagnose } from '../core/diagnose/diagnose';
import type { PoolMetricNames } from '../core/diagnose/pools';
import { redactInspection, redactText } from '../core/diagnose/redact';
import { findingLines } from '../core/report/findings';
import type { Diagnosis, HostCapture } from '../core/model';

/** Exit code for a directory, file or host that is not there or not what it should be. */
const USAGE = 2;

class UsageError extends Error {}

function sourceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function parseJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`${file}: cannot be read as JSON: ${sourceOf(error)}`, { cause: error });
  }
}

/** `{host, stdout}` or `{host, notInspectable}`; `capturedAt` in epoch ms, or the file's own time. */
function toCapture(file: string): HostCapture {
  const value = parseJson(file);
  if (typeof value !== 'object' || value === null)
    throw new UsageError(`${file}: got ${JSON.stringify(value)}, allowed an object {host, stdout}`);
  const { host, stdout, notInspectable, capturedAt } = value as Record<string, unknown>;
  if (typeof host !== 'string' || host === '') throw new UsageError(`${file}: "host" is ${JSON.stringify(host)}, allowed a name`);
  const at = typeof capturedAt === 'number' && Number.isFinite(capturedAt) ? capturedAt : Math.round(statSync(file).mtimeMs);
  if (typeof stdout === 'string') return { host, stdout: redactInspection(stdout), capturedAt: at };
  if (typeof notInspectable === 'string') return { host, notInspectable: redactText(notInspectable), capturedAt: at };
  throw new UsageError(`${file}: it has neither "stdout" nor "notInspectable" as text`);
}

function readDirectory(directory: string): HostCapture[] {
  try {
    const names = readdirSync(directory).filter((name) => name.endsWith('.json'));
    if (names.length === 0) throw new UsageError(`${directory}: no <host>.json in it`);
    return names.sort().map((name) => toCapture(path.join(directory, name)));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${directory}: cannot be read: ${sourceOf(error)}`, { cause: error });
  }
}

function split(captures: readonly HostCapture[], sickHost: string): { sick: HostCapture; peers: HostCapture[] } {
  const hosts = captures.map(({ host }) => host);
  const twice = hosts.find((host, index) => hosts.indexOf(host) !== index);
  if (twice !== undefined) throw new UsageError(`host ${twice} is there twice`);
  const sick = captures.find(({ host }) => host === sickHost);
  if (sick === undefined) throw new UsageError(`--sick: got ${sickHost}, allowed ${hosts.join(', ')}`);
  return { sick, peers: captures.filter((capture) => capture !== sick) };
}

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

/** `active=NAME,max=NAME[,waiting=NAME]`. */
function poolNames(text: string): PoolMetricNames {
  const given = new Map(text.split(',').map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)] as const));
  const [active, max, waiting] = [given.get('active'), given.get('max'), given.get('waiting')];
  if (active === undefined || max === undefined) throw new InvalidArgumentError(`got ${text}, allowed active=NAME,max=NAME[,waiting=NAME]`);
  return { active, max, ...(waiting === undefined ? {} : { waiting }) };
}

interface Options {
  readonly sick: string;
  readonly json?: true;
  readonly pool?: PoolMetricNames;
}

function run(directory: string, { sick: sickHost, json, pool }: Options): string {
  const { sick, peers } = split(readDirectory(directory), sickHost);
  const diagnosis = diagnose({ sick, peers, now: sick.capturedAt, ...(pool === undefined ? {} : { poolMetrics: pool }) });
  return json === true ? `${JSON.stringify(diagnosis, undefined, 2)}\n` : diagnosisText(diagnosis);
}

/** `sickbay diagnose DIR --sick HOST [--json]`: exit code 0 with a diagnosis, 2 when the input is not what it should be. */
export function diagnoseCommand(): Command {
  return new Command('diagnose')
    .description('say what is different about one host, from captured inspections')
    .argument('<dir>', 'directory with one <host>.json each: {"host", "stdout"} as inspect.sh printed it')
    .requiredOption('--sick <host>', 'the host that is slow; the others are its peers')
    .option('--json', 'print JSON')
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : USAGE))
    .option('--pool <names>', "names of your own pool's metrics: active=NAME,max=NAME[,waiting=NAME]", poolNames)
    .action((directory: string, options: Options, command: Command) => {
      try {
        process.stdout.write(run(directory, options));
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
        command.error(`sickbay diagnose: ${error.message}`, { exitCode: USAGE });
      }
    });
}
