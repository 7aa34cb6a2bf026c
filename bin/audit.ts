/** `sickbay audit`: what makes the next incident likely, or worse, before there is one. */
import { readFileSync, writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { audit } from '../core/audit/audit';
import { changes } from '../core/audit/changes';
import { auditHtml } from '../core/audit/html';
import type { AuditReport } from '../core/audit/model';
import { auditText, changesText } from '../core/audit/text';
import type { HostCapture } from '../core/model';
import * as clients from '../lambda/aws/clients';
import { readGroups } from '../lambda/audit/read';
import { listedGroups, loadBalancing } from '../lambda/aws/load-balancing';
import { CommandError, EXIT } from './exit';
import { inspectManagedHosts } from './live/managed';
import type { Parameters } from './live/script';
import { finish } from './operator-command';
import { subjects, type SubjectOptions } from './sweep/subjects';

interface Options extends SubjectOptions {
  readonly hosts: boolean;
  readonly document?: string;
  readonly html?: string;
  readonly since?: string;
  readonly json?: true;
}

const HELP = `
Reads the settings of each target group, and inspects its hosts over Systems Manager Run Command as "sickbay diagnose" does. It changes nothing:
each command in it is for you to run, after you have read its danger. Without --path (or a probe in the configuration) the health check's depth
is not measured. A permission that is denied costs the checks that need it, and is told.

Exit: 0 nothing found (with --since: nothing new); 1 findings, or something could not be read; 2 usage; 3 no credentials or Region; 4 an AWS error.`;

const NO_HOSTS = 'left out by --no-hosts';

const collected = (text: string, before: readonly string[] = []): string[] => [...before, text];
const tell = (text: string): void => void process.stderr.write(`${text}\n`);

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
    .action((options: Options, self: Command) => finish(self, () => run(options)));
}

async function run(options: Options): Promise<number> {
  const before = options.since === undefined ? undefined : earlier(options.since);
  const report = await audited(options);
  if (options.html !== undefined) write(options.html, auditHtml(report));
  const changed = before === undefined ? undefined : changes(before, report);
  const text = before === undefined || changed === undefined ? auditText(report) : changesText(report, before, changed);
  const json = changed === undefined ? report : { ...report, changes: changed };
  process.stdout.write(options.json === true ? `${JSON.stringify(json, undefined, 2)}\n` : `${text.join('\n')}\n`);
  const isWhole = report.notRun.every(({ why }) => why === NO_HOSTS);
  return (changed?.added ?? report.findings).length === 0 && isWhole ? EXIT.fine : EXIT.findings;
}

async function audited(options: Options): Promise<AuditReport> {
  const client = clients.readLoadBalancing();
  const { config, from } = await subjects(client, options);
  if (from !== undefined) tell(`configuration: ${from}`);
  const groups = await listedGroups(client, config);
  if (groups.length === 0) throw new CommandError('none of the configured target groups exists in this account and Region', EXIT.lacking);
  const inspect = (ids: readonly string[], parameters: Readonly<Record<string, string[]>>): Promise<HostCapture[]> =>
    inspectManagedHosts(ids, {
      parameters: firstOf(parameters),
      tell,
      ...(options.document === undefined ? {} : { document: options.document }),
    });
  const ports = { loadBalancing: loadBalancing(client), tell, ...(options.hosts ? { inspect } : { withoutHosts: NO_HOSTS }) };
  return audit(await readGroups(ports, config, groups), Date.now());
}

/** @throws CommandError for anything that `--json` did not print. */
function earlier(file: string): AuditReport {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new CommandError(`--since: ${file} cannot be read as JSON: ${(cause as Error).message}`, EXIT.usage, { cause });
  }
  const { v, at, findings } = (value ?? {}) as Partial<Record<keyof AuditReport, unknown>>;
  if (v === 1 && typeof at === 'number' && Array.isArray(findings)) return value as AuditReport;
  throw new CommandError(`--since: ${file} is no audit of version 1; allowed: what "sickbay audit --json" printed`, EXIT.usage);
}

/** The key that seals digests is put in by the inspection itself. */
function firstOf(parameters: Readonly<Record<string, readonly string[]>>): Parameters {
  return Object.fromEntries(
    Object.entries(parameters).flatMap(([name, [value]]) => (name === 'digestKey' || value === undefined ? [] : [[name, value]])),
  );
}

function write(file: string, page: string): void {
  try {
    writeFileSync(file, page, { mode: 0o600 });
  } catch (cause) {
    throw new CommandError(`--html: ${file} cannot be written: ${(cause as Error).message}`, EXIT.usage, { cause });
  }
}
