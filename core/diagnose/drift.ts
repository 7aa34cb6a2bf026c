/**
 * What somebody changed on this host alone, or on every host but this one, as far as files tell:
 * modules that the application has loaded, files of its configuration or of its own directory that
 * are newer than a week, and lines of crontabs.
 */
import { lackedHere, onlyHere } from './compare';
import { seen, type Evidence } from './confidence';
import { baseName, withoutLabels } from './command-key';
import { cronKey } from './identity';
import { isWhole, type CronEntry, type HostProcess, type Inspection } from './inspection';
import { appProcesses } from './readings';
import { serversAsked } from './servers';
import type { View } from './view';

/** The script lists no more: what a cut list lacks may be there. */
const MOST_MODULES = 40;
const MOST_FILES = 30;
/** Of several, so many are told. */
const TOLD = 3;

function modules({ app }: Inspection): string[] {
  return app.filter(({ key }) => key === 'module').map(({ value }) => value);
}

/** Modules that the application has loaded here, and no peer's has. */
export function modulesHere({ sick, peers }: Pick<View, 'sick' | 'peers'>): string[] {
  const lists = peers.map(modules);
  if (lists.length === 0 || [modules(sick), ...lists].some((list) => list.length >= MOST_MODULES)) return [];
  // A peer without any was not read, or is another program.
  if (lists.some((list) => list.length === 0)) return [];
  return onlyHere(modules(sick), lists, (name) => name);
}

/** Modules that every peer's application has loaded, and this one's has not. */
function modulesLacked({ sick, peers }: Pick<View, 'sick' | 'peers'>): string[] {
  const lists = [sick, ...peers].map(modules);
  if (lists.some((list) => list.length === 0 || list.length >= MOST_MODULES)) return [];
  return lackedHere(modules(sick), lists.slice(1), (name) => name);
}

/**
 * What a module does that is missing here is done without it. It says something of an application
 * that computes more than its peers' do: one that has just begun has not loaded all yet.
 */
export function modulesMissing(view: Pick<View, 'sick' | 'peers'>): Evidence[] {
  const lacked = modulesLacked(view);
  return lacked.length === 0 ? [] : [seen('moderate', `every peer's application has loaded ${list(lacked)}, and this one has not`)];
}

interface ChangedFile {
  readonly path: string;
  readonly size: string;
  /** Tells contents of one size apart; undefined where the host did not read it. */
  readonly sum: string | undefined;
}

/**
 * A clock's own files are compared as crontabs; accounts, keys and the like say nothing of an
 * application.
 */
const NOT_ITS_OWN =
  /^\/etc\/(cron|ssh\/|(passwd|shadow|group|gshadow|subuid|subgid)-?$|machine-id|hostname|adjtime|mtab|ld\.so\.cache|\.pwd\.lock|.*\.dpkg-)/;

/** What an application is configured with or consists of, and not what it writes. */
const SETTING =
  /^\/etc\/|\.(conf|cfg|cnf|ini|json|ya?ml|toml|properties|xml|env|rb|ru|py|php|m?js|ts|pl|pm|psgi|lua|jar|war|class)$|\/\.env$/;

/** The newest first. */
function changed({ app }: Inspection): ChangedFile[] {
  return app.flatMap(({ key, value }) => {
    const [, size, sum] = /^changed:(\d+)(?::(\d+))?$/.exec(key) ?? [];
    return size === undefined ? [] : [{ path: value, size, sum }];
  });
}

function isSetting({ path }: ChangedFile): boolean {
  return SETTING.test(path) && !NOT_ITS_OWN.test(path);
}

/**
 * A list that was cut has the newest files. One that it lacks is older than all of them: the same
 * file here is newer than one that every peer lists, or it says nothing.
 */
function isNewer({ path }: ChangedFile, own: readonly ChangedFile[], lists: readonly (readonly ChangedFile[])[]): boolean {
  const older = own.slice(own.findIndex((one) => one.path === path) + 1);
  return older.some((other) => lists.every((list) => list.some((one) => one.path === other.path)));
}

/** The same file on several hosts; empty unless each has it. */
function onEach(path: string, lists: readonly (readonly ChangedFile[])[]): ChangedFile[] {
  const files = lists.flatMap((list) => list.find((one) => one.path === path) ?? []);
  return files.length < lists.length ? [] : files;
}

function areAlike(values: readonly (string | undefined)[]): boolean {
  return values.length > 0 && values.every((value) => value !== undefined && value === values[0]);
}

/**
 * Of another size here than on every peer, where the peers' are alike; or of one size on all of
 * them and of another content here. A name of the host in a file changes its sum as well, which two
 * peers that are alike rule out.
 */
function otherContent(file: ChangedFile, lists: readonly (readonly ChangedFile[])[]): string | undefined {
  const theirs = onEach(file.path, lists);
  const [first] = theirs;
  if (first === undefined || !areAlike(theirs.map(({ size }) => size))) return undefined;
  if (first.size !== file.size) return `${file.path} (${file.size} bytes; peers ${first.size})`;
  const isOther = theirs.length > 1 && areAlike(theirs.map(({ sum }) => sum)) && file.sum !== undefined && file.sum !== first.sum;
  return isOther ? `${file.path} (as long as on its peers, which have other content there)` : undefined;
}

/**
 * Files that were changed here and on no peer, or are of other content than on every peer, on which
 * they are alike.
 */
export function filesHere({ sick, peers }: Pick<View, 'sick' | 'peers'>): string[] {
  const own = changed(sick);
  const lists = peers.map(changed);
  if (own.length === 0 || lists.length === 0 || peers.some((peer) => peer.sections.get('app')?.status === 'missing')) return [];
  const isCut =
    lists.some((list) => list.length >= MOST_FILES) || peers.some((peer) => peer.sections.has('files') && !isWhole(peer, 'files'));
  const alone = onlyHere(own, lists, ({ path }) => path).filter((one) => !isCut || isNewer(one, own, lists));
  const other = own.filter(isSetting).flatMap((one) => otherContent(one, lists) ?? []);
  return [...alone.filter(isSetting).map(({ path }) => path), ...other];
}

/**
 * Files that were changed on every peer, on which the peers are alike, and not here: a release or a
 * setting that did not reach this host.
 */
export function filesLacked({ sick, peers }: Pick<View, 'sick' | 'peers'>): string[] {
  const own = changed(sick);
  if (!isWhole(sick, 'app') || !isWhole(sick, 'files')) return [];
  const lists = peers.map(changed);
  // Here it is older than all that a cut list has, where each peer's is newer than one of those.
  const isOlder = (file: ChangedFile): boolean => own.length < MOST_FILES || lists.every((list) => isNewer(file, list, [own]));
  return lackedHere(own, lists, ({ path }) => path)
    .filter((file) => isSetting(file) && areAlike(onEach(file.path, lists).map(({ size }) => size)) && isOlder(file))
    .map(({ path }) => path);
}

/** What the distribution starts by itself comes and goes with its packages. */
const PERIODIC = /^(\/etc\/cron\.(hourly|daily|weekly|monthly)|timer)/;

/**
 * Lines of crontabs that every peer has, and this host lacks: what they clear away stays here. What
 * it starts as well, at another time, it does not lack.
 */
function cronLacked({ sick, peers }: Pick<View, 'sick' | 'peers'>): CronEntry[] {
  if (![sick, ...peers].every((host) => isWhole(host, 'cron'))) return [];
  const lists = peers.map(({ cron }) => cron);
  const own = new Set(sick.cron.map(({ key }) => key));
  return lackedHere(sick.cron, lists, cronKey).filter(({ source, key }) => !PERIODIC.test(source) && !own.has(key));
}

/**
 * Whether a path speaks of the application: its directory, or that of a program of it (`/etc/php`,
 * `/etc/nginx`) or of a server beside it that it asks (`/etc/memcached.conf`).
 */
function isOfApplication(path: string, sick: Inspection): boolean {
  const directories = sick.app.filter(({ key, value }) => key === 'cwd' && value !== '/').map(({ value }) => value);
  if (directories.some((directory) => path.startsWith(`${directory}/`))) return true;
  const programs = [...appProcesses(sick), ...serversAsked(sick)].flatMap(({ comm, command }) => [
    comm,
    baseName(command.split(' ')[0] ?? ''),
  ]);
  const words = programs.map((name) => name.replace(/[^a-z].*$/i, '').toLowerCase()).filter((name) => name.length >= 3);
  const [, , second = ''] = path.toLowerCase().split('/');
  return words.some((word) => second.startsWith(word) || (word.startsWith(second.replace(/\d+$/, '')) && second.length >= 3));
}

/**
 * How the application was started: the command of each of its processes that no other of them
 * started.
 */
function commands(own: readonly HostProcess[]): string[] {
  const roots = own.filter(({ ppid, command }) => !own.some(({ pid }) => pid === ppid) && !TITLE.test(command));
  return [...new Set(roots.map(({ command }) => withoutLabels(command)))].sort();
}

/** A title that a server gave its process: it tells how many requests it has, or its pid. */
const TITLE = /^[\w.-]+: |^\S+ [\d.]+ \(/;

/**
 * Words of the commands of one host that the other's lack: options, and numbers such as how many
 * workers.
 */
interface Options {
  readonly here: readonly string[];
  readonly lacked: readonly string[];
}

/**
 * How the application, or what `of` finds, was started otherwise than on every peer, where the
 * peers are alike.
 */
export function optionsOther(
  { sick, peers }: Pick<View, 'sick' | 'peers'>,
  of: (inspection: Inspection) => HostProcess[] = appProcesses,
): Options {
  const [first = [], ...others] = peers.map((peer) => commands(of(peer)));
  const own = commands(of(sick));
  if (own.length !== first.length || others.some((list) => list.join('\n') !== first.join('\n'))) return { here: [], lacked: [] };
  const names = [sick, ...peers].flatMap(({ facts }) => facts.get('hostname') ?? []);
  const alone = (some: readonly string[], other: readonly string[]): string[] =>
    optionsOf(
      some.filter((word) => !other.includes(word) && !names.some((name) => word.includes(name))),
      some,
    );
  return { here: alone(words(own), words(first)), lacked: alone(words(first), words(own)) };
}

function words(list: readonly string[]): string[] {
  return list.flatMap((command) => command.split(' '));
}

/** A number is told with the option before it. */
function optionsOf(alone: readonly string[], own: readonly string[]): string[] {
  const told = [...new Set(alone)].map((word) => {
    const before = own[own.indexOf(word) - 1] ?? '';
    return /^\d/.test(word) && before.startsWith('-') ? `${before} ${word}` : word;
  });
  return told.filter((word) => !told.some((other) => other.startsWith(`${word} `)));
}

/** What it was started with in place of what every peer's was; or what it was started without. */
function optionsTell(options: Options, what: string): Evidence[] {
  if (options.here.length > 0) return [seen('moderate', `${what} was started with ${list(options.here)}; no peer's was`)];
  return options.lacked.length > 0 ? [seen('moderate', `${what} was started without ${list(options.lacked)}; every peer's has it`)] : [];
}

function list(items: readonly string[]): string {
  return `${items.slice(0, TOLD).join(', ')}${items.length > TOLD ? ` and ${items.length - TOLD} more` : ''}`;
}

/** Files, as evidence. One that speaks of the application says more than another. */
function filesTell(files: readonly string[], where: string, sick: Inspection): Evidence[] {
  const own = files.filter((path) => isOfApplication(path, sick));
  if (own.length > 0) return [seen('moderate', `changed within a week ${where}: ${list(own)}`)];
  return files.length > 0 ? [seen('weak', `changed within a week ${where}: ${list(files)}`)] : [];
}

/** What was changed on this host alone. */
export function driftHere(view: Pick<View, 'sick' | 'peers'>): Evidence[] {
  const loaded = modulesHere(view);
  return [
    ...optionsTell(optionsOther(view), 'the application'),
    ...optionsTell(optionsOther(view, serversAsked), 'a server of this host that it asks'),
    ...(loaded.length > 0 ? [seen('moderate', `the application has loaded ${list(loaded)}; no peer's has`)] : []),
    ...filesTell(filesHere(view), 'on this host alone', view.sick),
  ];
}

/**
 * What every peer was given and this host was not. While a release is on its way that is usual: it
 * says something of a host that suffers.
 */
export function driftElsewhere(view: Pick<View, 'sick' | 'peers'>): Evidence[] {
  const jobs = cronLacked(view).map(({ line }) => line);
  return [
    ...filesTell(filesLacked(view), 'on every peer and not here', view.sick),
    ...(jobs.length > 0 ? [seen('moderate', `every peer has this in its crontabs, and it is missing here: ${list(jobs)}`)] : []),
  ];
}
