import type { Culprit } from '../model';
import { isLoopback } from './address';
import type { CronEntry, HostProcess, Inspection } from './inspection';
import { baseName } from './command-key';
import { containerText } from './container';

/** Programs that only carry another: the parent worth naming stands behind them. */
const WRAPPERS =
  /^(sh|bash|dash|ash|zsh|ksh|busybox|env|nice|ionice|timeout|time|sudo|su|runuser|setsid|nohup|flock|chronic|tini|dumb-init|systemd-cat)$/;
const CRON_DAEMONS = /^(cron|crond|anacron|atd|fcron|CRON)$/;

/** A daemon that starts jobs by the clock. */
export function isCronDaemon(comm: string): boolean {
  return CRON_DAEMONS.test(comm);
}

/**
 * Words of a command that name no program of the operator's: no crontab line is matched on them.
 */
const INTERPRETERS = /^(python[\d.]*|node|nodejs|ruby[\d.]*|perl[\d.]*|php[\d.]*|java|bash|sh|dash|env|psql|mysql|tsx|npm|npx)$/;

/** A program that runs others' texts: it says nothing of whose it is. */
export function isInterpreter(program: string): boolean {
  return INTERPRETERS.test(program);
}

/** Whether the host's list shows this command. */
export function runs(host: Inspection, process: HostProcess): boolean {
  return host.processes.some(({ key }) => key === process.key);
}

/**
 * systemd holds the sockets that it passes on; the first process of a container may well be the
 * application.
 */
function isSystemd({ processes }: Inspection): boolean {
  return processes.some(({ pid, comm }) => pid === 1 && comm === 'systemd');
}

function listenersOf(inspection: Inspection): Set<number> {
  const ports = ['appPort', 'metricsPort'].flatMap((name) => inspection.params.get(name) ?? []).map(Number);
  const owners = inspection.listeners
    .filter(({ port }) => ports.includes(port))
    .flatMap(({ pid }) => (pid === undefined || (pid === 1 && isSystemd(inspection)) ? [] : [pid]));
  return new Set([...owners, ...inspection.app.map(({ pid }) => pid)]);
}

/**
 * A title that a server gave its process instead of the command: `nginx: worker process`, `php-fpm:
 * pool www`.
 */
const TITLE = /^[\w.-]+: /;

/**
 * Its processes that run the same command as one of these (workers): descendants, or children of
 * the same parent.
 */
function family(inspection: Inspection, roots: ReadonlySet<number>): Set<number> {
  const listening = inspection.processes.filter(({ pid }) => roots.has(pid));
  const isSame = (root: HostProcess, one: HostProcess): boolean =>
    root.key === one.key || (root.comm === one.comm && TITLE.test(one.command));
  const isWorker = (one: HostProcess): boolean =>
    listening.some(
      (root) => isSame(root, one) && ((root.ppid > 1 && root.ppid === one.ppid) || one.parents.some(({ pid }) => pid === root.pid)),
    );
  return new Set([...roots, ...inspection.processes.filter(isWorker).map(({ pid }) => pid)]);
}

/**
 * Who listens where these processes pass requests on to: over loopback, or over a Unix socket.
 * Databases are not asked for requests.
 */
function upstreams(inspection: Inspection, pids: ReadonlySet<number>): number[] {
  const databases = (inspection.params.get('databasePorts') ?? '').split(',').map(Number);
  const asked = inspection.outbound.filter(
    ({ pid, remote, state, port }) =>
      pid !== undefined && pids.has(pid) && state === 'ESTABLISHED' && isLoopback(remote) && !databases.includes(port),
  );
  const ports = new Set(asked.map(({ port }) => port));
  const overTcp = inspection.listeners.filter(({ port }) => ports.has(port)).flatMap(({ pid }) => pid ?? []);
  const overUnix = inspection.unix.filter(({ client }) => client !== undefined && pids.has(client)).flatMap(({ pid }) => pid ?? []);
  const found = [...overTcp, ...overUnix];
  return found.length > 0 ? found : onlyWorkers(inspection);
}

/**
 * Workers of a Unix socket whose clients have all hung up, or have not come yet, told by being the
 * only ones: a proxy before an idle or a stuck server has no connection to it.
 */
function onlyWorkers({ unix }: Inspection): number[] {
  const waiting = unix.filter(({ workers, client, pid }) => workers > 1 && client === undefined && pid !== undefined && pid > 1);
  return waiting.length === 1 ? waiting.flatMap(({ pid }) => pid ?? []) : [];
}

/**
 * The processes that are the application: those that listen on its port or its metrics port, those
 * that a proxy there passes requests on to, and the workers of each. A job that the application
 * started is none of them.
 */
export function appPids(inspection: Inspection): ReadonlySet<number> {
  const known = APP_PIDS.get(inspection) ?? foundPids(inspection);
  APP_PIDS.set(inspection, known);
  return known;
}

/** Every rule asks for them; an inspection is never changed. */
const APP_PIDS = new WeakMap<Inspection, ReadonlySet<number>>();

function foundPids(inspection: Inspection): ReadonlySet<number> {
  const front = family(inspection, listenersOf(inspection));
  const behind = upstreams(inspection, front);
  return behind.length === 0 ? front : family(inspection, new Set([...front, ...behind]));
}

/** A program that runs a script. */
export function isShell(comm: string): boolean {
  return /^(sh|bash|dash|ash|zsh|ksh|busybox)$/.test(comm);
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

/**
 * What makes two entries of two hosts the same: user, command, and the shape of the schedule. Its
 * numbers do not count, for hosts take turns; every five minutes instead of once a day does.
 */
export function cronKey({ user, line }: CronEntry): string {
  const [, schedule = '', rest = line] = /^((?:\S+\s+){5})(.*)$/.exec(line) ?? [];
  return `${user} ${schedule.replaceAll(/(?<!\/)\b\d+\b/g, '#')} ${rest}`.replaceAll(/\s+/g, ' ');
}

function stem(word: string): string {
  return word.replace(/\.[A-Za-z]+$/, '');
}

/** Whether the line names this program, by itself or as a timer's unit. */
function names(line: string, program: string): boolean {
  return line.split(/[\s"';|&()]+/).some((word) => stem(baseName(word)) === stem(program));
}

/**
 * The entry that starts this process: the one whose command this process, or one of those that
 * carry it, runs; else one that names its program. Cron hands the whole line to `sh -c`, so that
 * the line is found among the ancestors.
 */
export function cronEntryOf(process: HostProcess, { cron, processes }: Inspection): CronEntry | undefined {
  const lineage = [process, ...process.parents.flatMap(({ pid }) => processes.find((one) => one.pid === pid) ?? [])].map(
    ({ command }) => command,
  );
  const runsIt = cron.find((entry) => entry.command.length >= 4 && lineage.some((command) => command.includes(entry.command)));
  const program = shortName(process);
  return runsIt ?? (program.length < 4 || INTERPRETERS.test(program) ? undefined : cron.find(({ line }) => names(line, program)));
}

/**
 * Whether the clock starts this process's command on the other host too, although it may not run
 * there just now: by a line with the same command, whatever its schedule, or by a timer of the
 * program's name.
 */
export function isScheduledOn(other: Inspection, process: HostProcess, own: Inspection): boolean {
  const ancestors = process.parents.flatMap(({ pid }) => own.processes.find((one) => one.pid === pid) ?? []);
  const keys = [process, ...ancestors].map(({ key }) => key);
  const program = stem(shortName(process));
  return other.cron.some((entry) => {
    if (entry.source === 'timer') return program.length >= 4 && names(entry.line, program);
    return entry.key.length >= 4 && keys.some((key) => key === entry.key || key.includes(` ${entry.key}`));
  });
}

/** Who did it, for the report and for a later stop. */
export function culpritOf(process: HostProcess, inspection: Inspection): Culprit {
  const parent = parentOf(process);
  const entry = cronEntryOf(process, inspection);
  const container = containerText(process.pid, inspection);
  return {
    pid: process.pid,
    command: process.command,
    user: process.user,
    startedAt: process.startedAt,
    ...(parent === undefined ? {} : { parent: `${parent.comm} (pid ${parent.pid})` }),
    ...(entry === undefined ? {} : { cron: entry.line, cronFile: entry.source }),
    ...(container === undefined ? {} : { container }),
  };
}

/** "started 72 s ago", "started 3 h ago". */
export function ageText(startedAt: number, now: number): string {
  const s = Math.max(0, Math.round((now - startedAt) / 1000));
  if (s < 180) return `started ${s} s ago`;
  if (s < 3 * 3600) return `started ${Math.round(s / 60)} min ago`;
  return s < 3 * 86_400 ? `started ${Math.round(s / 3600)} h ago` : `started ${Math.round(s / 86_400)} days ago`;
}

/** The program follows in the same argument: `sh -c`, `perl -e`, `php -r`. */
const INLINE = /^-[a-zA-Z]*[cerE]$/;

/** A short name for people: the file that an interpreter runs, the program otherwise. */
export function shortName(process: HostProcess): string {
  const [program = process.comm, ...rest] = process.command.split(' ').filter((word) => word !== '');
  if (!INTERPRETERS.test(baseName(program)) || rest.some((word) => INLINE.test(word))) return baseName(program);
  const script = rest.find((word) => !word.startsWith('-') && /[/.]/.test(word) && !word.includes('://'));
  return baseName(script ?? program);
}
