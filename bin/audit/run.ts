/** `sickbay audit`: what is read, and what is printed of it. Loaded when it runs. */
import { readFileSync, writeFileSync } from 'node:fs';
import { audit } from '../../core/audit/audit';
import { changes } from '../../core/audit/changes';
import { auditHtml } from '../../core/audit/html';
import type { AuditReport } from '../../core/audit/model';
import { auditText, changesText } from '../../core/audit/text';
import type { HostCapture } from '../../core/model';
import * as clients from '../../lambda/aws/clients';
import { listedGroups, loadBalancing } from '../../lambda/aws/load-balancing';
import { targetRefs } from '../../lambda/aws/network-interfaces';
import { readGroups } from '../../lambda/audit/read';
import { CommandError, EXIT } from '../exit';
import { checkOutputFile } from '../output-file';
import { inspectManagedHosts } from '../live/managed';
import type { Parameters } from '../live/script';
import { subjects, type SubjectOptions } from '../sweep/subjects';

export interface AuditOptions extends SubjectOptions {
  readonly hosts: boolean;
  readonly document?: string;
  readonly html?: string;
  readonly since?: string;
  readonly json?: true;
}

const NO_HOSTS = 'left out by --no-hosts';

const tell = (text: string): void => void process.stderr.write(`${text}\n`);

export async function runAudit(options: AuditOptions): Promise<number> {
  const before = options.since === undefined ? undefined : earlier(options.since);
  if (options.html !== undefined) checkOutputFile('--html', options.html);
  const report = await audited(options);
  if (options.html !== undefined) write(options.html, auditHtml(report));
  const changed = before === undefined ? undefined : changes(before, report);
  const text = before === undefined || changed === undefined ? auditText(report) : changesText(report, before, changed);
  const json = changed === undefined ? report : { ...report, changes: changed };
  process.stdout.write(options.json === true ? `${JSON.stringify(json, undefined, 2)}\n` : `${text.join('\n')}\n`);
  const isWhole = report.notRun.every(({ why }) => why === NO_HOSTS);
  return (changed?.added ?? report.findings).length === 0 && isWhole ? EXIT.fine : EXIT.findings;
}

async function audited(options: AuditOptions): Promise<AuditReport> {
  const client = clients.readLoadBalancing();
  const { config, from } = await subjects(client, options);
  if (from !== undefined) tell(`configuration: ${from}`);
  const groups = await listedGroups(client, config);
  if (groups.length === 0) throw new CommandError('none of the configured target groups exists in this account and Region', EXIT.lacking);
  const ports = {
    loadBalancing: loadBalancing(client),
    targetRefs: targetRefs(clients.readInstances()),
    tell,
    ...(options.hosts ? { inspect: inspecting(options) } : { withoutHosts: NO_HOSTS }),
  };
  return audit(await readGroups(ports, config, groups), Date.now());
}

function inspecting({ document }: AuditOptions) {
  return (ids: readonly string[], parameters: Readonly<Record<string, string[]>>): Promise<HostCapture[]> =>
    inspectManagedHosts(ids, { parameters: firstOf(parameters), tell, ...(document === undefined ? {} : { document }) });
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
