/**
 * The way into a standing lab: a shell, or one command, in the lab's own network. From there the
 * hosts, the load balancer and the account answer, and nothing of the machine's network can be
 * reached; from outside neither the account nor the hosts exist. So no command line can ask the
 * lab's account for an address and then send a request to whoever has that address outside.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { errnoOf } from '../fleet/errno';
import { searchPath, type Mode } from '../fleet/preflight';

/** Of each lab's directory, in the machine's directory for temporary files. */
export const MEETING_PREFIX = 'sickbay-lab-';

/** The files of that directory. */
export const MEETING = { menu: 'menu.sock', inside: 'inside.json', outside: 'outside.json', ready: 'ready' } as const;

/** What the lab's side of the wall tells, in `inside.json`. */
export interface Inside {
  /** The lab's network namespace, as `/proc/self/ns/net` names it. */
  readonly network: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** What the side that everybody sees tells, in `outside.json`. */
export interface Outside {
  /** Of the process that made the namespaces, and lives as long as they do. */
  readonly pid: number;
  readonly mode: Mode;
}

export interface Standing extends Inside, Outside {}

/** One of the files above; undefined where it is not there yet. */
function told(directory: string, file: string): unknown {
  const full = path.join(directory, file);
  return existsSync(full) ? JSON.parse(readFileSync(full, 'utf8')) : undefined;
}

/**
 * The lab of that directory; undefined where it does not stand: its process is gone, or its number
 * is another one's by now.
 */
export function standingAt(directory: string): Standing | undefined {
  const inside = told(directory, MEETING.inside) as Inside | undefined;
  const outside = told(directory, MEETING.outside) as Outside | undefined;
  if (inside === undefined || outside === undefined || !existsSync(path.join(directory, MEETING.ready))) return undefined;
  return networkOf(outside.pid) === inside.network ? { ...inside, ...outside } : undefined;
}

function networkOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch (cause) {
    if (errnoOf(cause) !== undefined) return undefined; // gone, or not ours
    throw cause;
  }
}

/** Every lab that stands and is ours. */
export function everyStanding(under = tmpdir()): Standing[] {
  const directories = readdirSync(under).filter((name) => name.startsWith(MEETING_PREFIX));
  return directories.flatMap((name) => ownAt(path.join(under, name)) ?? []);
}

/** Somebody else's directory may not be read. */
function ownAt(directory: string): Standing | undefined {
  try {
    return standingAt(directory);
  } catch (cause) {
    if (errnoOf(cause) === 'EACCES') return undefined;
    throw cause;
  }
}

/** Whatever points a program at another account, another endpoint or out of the lab. */
const FOREIGN = /^(AWS_|SICKBAY_)|_proxy$/i;

/** The caller's environment with the lab's account in place of any other. */
export function labEnvironment(own: NodeJS.ProcessEnv, inside: Inside['environment']): NodeJS.ProcessEnv {
  const kept = Object.entries(own).filter(([name]) => !FOREIGN.test(name));
  return { ...Object.fromEntries(kept), ...inside, PATH: searchPath(own['PATH']) };
}

// $1 the lab's network namespace, then the program. Whatever became of the process meanwhile, the
// program starts in that network or not at all.
const ENTER = `if [ "$(readlink /proc/self/ns/net)" != "$1" ]; then echo 'the lab is gone' >&2; exit 3; fi; shift; exec "$@"`;

/**
 * Runs a program in the lab's network, with the caller's files, terminal and directory.
 * @returns its exit status, 128 + n where a signal ended it; 3 where the lab is gone
 */
export function enter({ pid, mode, network, environment }: Standing, program: readonly string[], cwd: string): Promise<number> {
  // The user namespace goes first: in it the caller may enter the other one (nsenter(1)).
  const user = mode === 'user' ? ['--user', '--preserve-credentials'] : [];
  const argv = ['--target', String(pid), ...user, '--net', '--', '/bin/sh', '-c', ENTER, 'sh', network, ...program];
  const child = spawn('nsenter', argv, { stdio: 'inherit', env: labEnvironment(process.env, environment), cwd });
  // Ctrl-C is the program's: it has the terminal.
  const leaveIt = (): void => undefined;
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) process.on(signal, leaveIt);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (status) => resolve(status ?? 130));
  });
}
