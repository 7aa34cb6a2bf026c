import type { Culprit } from '../model';
import type { CronEntry, HostProcess, Inspection } from './inspection';
import { baseName } from './command-key';
import { redact } from './redact';

/** Programs that only carry another: the parent worth naming stands behind them. */
const WRAPPERS =
  /^(sh|bash|dash|ash|zsh|ksh|busybox|env|nice|ionice|timeout|time|sudo|su|runuser|setsid|nohup|flock|chronic|tini|dumb-init|systemd-cat)$/;
const CRON_DAEMONS = /^(cron|crond|anacron|atd|fcron|CRON)$/;

/** Words of a command that name no program of the operator's: no crontab line is matched on them. */
const INTERPRETERS = /^(python[\d.]*|node|nodejs|ruby[\d.]*|perl[\d.]*|php[\d.]*|java|bash|sh|dash|env|psql|mysql|tsx|npm|npx)$/;

/** Whether the host's list shows this command. */
export function runs(host: Inspection, process: HostProcess): boolean {
  return host.processes.some(({ key }) => key === process.key);
}

/** Hosts among these that run the same command. */
export function hostsRunning(hosts: readonly Inspection[], process: HostProcess): string[] {
  return hosts.filter((host) => runs(host, process)).map((host) => host.host);
}

function listenersOf(inspection: Inspection): Set<number> {
  const ports = ['appPort', 'metricsPort'].flatMap((name) => inspection.params.get(name) ?? []).map(Number);
  const owners = inspection.listeners
    .filter(({ port }) => ports.includes(port))
    .flatMap(({ pid }) => (pid === undefined || pid === 1 ? [] : [pid]));
  return new Set([...owners, ...inspection.app.map(({ pid }) => pid)]);
}

/**
 * The processes that are the application: those that listen on its port or its metrics port, and their descendants that run the same
 * command (workers). A job that the application started is none of them.
 */
export function appPids(inspection: Inspection): ReadonlySet<number> {
  const roots = listenersOf(inspection);
  const keys = new Map(inspection.processes.filter(({ pid }) => roots.has(pid)).map(({ pid, key }) => [pid, key]));
  const workers = inspection.processes.filter((process) => process.parents.some(({ pid }) => keys.get(pid) === process.key));
  return new Set([...roots, ...workers.map(({ pid }) => pid)]);
}

/** A shell, or a program that only starts another. */
export function isWrapper(comm: string): boolean {
  return WRAPPERS.test(comm);
}

/** The nearest ancestor that is more than a shell or a wrapper. */
export function parentOf(process: HostProcess): { readonly pid: number; readonly comm: string } | undefined {
  return process.parents.find(({ comm }) => !isWrapper(comm));
}

/** Started by the clock, as far as its ancestors tell. */
export function startedByCron(process: HostProcess): boolean {
  return process.parents.some(({ comm }) => CRON_DAEMONS.test(comm));
}

/** Names in a command by which a crontab line may be recognised: scripts and programs, longest first. */
function tellingWords(command: string): string[] {
  return command
    .split(/[\s"';|&()]+/)
    .filter((word) => !word.startsWith('-'))
    .map(baseName)
    .filter((word) => word.length >= 4 && !INTERPRETERS.test(word) && /[a-z]/i.test(word))
    .sort((a, b) => b.length - a.length);
}

function wordsOf(line: string): Set<string> {
  return new Set(line.split(/[\s"';|&()]+/).map(baseName));
}

/** The crontab entry that starts this process: the one that shares most of its telling words. */
export function cronEntryOf(process: HostProcess, cron: readonly CronEntry[]): CronEntry | undefined {
  const words = tellingWords(process.command);
  const scored = cron.map((entry) => ({ entry, shared: words.filter((word) => wordsOf(entry.line).has(word)).join('').length }));
  const best = scored.reduce((top, one) => (one.shared > top.shared ? one : top), { entry: undefined as CronEntry | undefined, shared: 0 });
  return best.entry;
}

/** Who did it, for the report and for a later stop. */
export function culpritOf(process: HostProcess, inspection: Inspection): Culprit {
  const parent = parentOf(process);
  const entry = cronEntryOf(process, inspection.cron);
  return {
    pid: process.pid,
    command: redact(process.command),
    user: process.user,
    startedAt: process.startedAt,
    ...(parent === undefined ? {} : { parent: `${parent.comm} (pid ${parent.pid})` }),
    ...(entry === undefined ? {} : { cron: redact(entry.line) }),
  };
}

/** "started 72 s ago", "started 3 h ago". */
export function ageText(startedAt: number, now: number): string {
  const s = Math.max(0, Math.round((now - startedAt) / 1000));
  if (s < 180) return `started ${s} s ago`;
  if (s < 3 * 3600) return `started ${Math.round(s / 60)} min ago`;
  return s < 3 * 86_400 ? `started ${Math.round(s / 3600)} h ago` : `started ${Math.round(s / 86_400)} days ago`;
}

/** A short name for people: the script where an interpreter runs one, the program otherwise. */
export function shortName(process: HostProcess): string {
  const words = process.command.split(' ').filter((word) => word !== '' && !word.startsWith('-'));
  const [program = process.comm, ...rest] = words.map(baseName);
  const script = INTERPRETERS.test(program) ? rest.find((word) => !INTERPRETERS.test(word) && word.length > 2) : undefined;
  return script ?? program;
}
