/**
 * Runs a program inside throw-away namespaces, so that nothing of it can be left behind: processes
 * die with the PID namespace, devices with the network namespace, files with the mount namespace.
 * The outer process only waits and forwards signals.
 *
 * Gotchas:
 * - `unshare` ignores SIGINT and SIGTERM while it waits, and the kernel keeps them from PID 1:
 *   signals travel as messages to the program.
 * - a killed outer process cannot clean up, so the kernel does: `setpriv --pdeathsig KILL` ends
 *   `unshare`, `--kill-child` ends PID 1, and with PID 1 everything in the namespace ends.
 * - PID 1 is a shell, because Node does not reap what it did not start.
 * - control groups are no namespace's and stay: the outer process removes the lab's.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { statfsSync } from 'node:fs';
import { removeCgroup } from './cgroups';
import { searchPath, unshareArguments, type Mode } from './preflight';

export interface Enclosure {
  readonly mode: Mode;
  /** An empty file system of the lab's own, in memory. */
  readonly directory: string;
}

/** Of statfs(2): the file system lives in memory. */
const TMPFS_MAGIC = 0x01021994;
const MARK = 'LAB_ENCLOSURE';
const CGROUP = 'LAB_CGROUP';
const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
type Forwarded = (typeof FORWARDED)[number];
/** How long the program may take to end by itself after a signal. */
const GRACE_MS = 5_000;
// $1 the directory, then the program. Two commands, so that the shell stays as PID 1.
const INIT = 'mount -t tmpfs -o mode=755,size=768m tmpfs "$1" || exit 3; shift; "$@"; exit $?';

/** The control group of the lab that this process belongs to, below its own. */
export function labCgroup(env = process.env): string {
  return env[CGROUP] ?? 'sickbay-lab';
}

function isForwarded(message: unknown): message is { signal: Forwarded } {
  return typeof message === 'object' && message !== null && 'signal' in message && FORWARDED.some((name) => name === message.signal);
}

/**
 * The enclosure this process runs in, or undefined outside. Called inside, it also begins to take
 * the signals that the outer process forwards: each arrives as if it had been sent to this process.
 */
export function currentEnclosure(env = process.env): Enclosure | undefined {
  const mark = env[MARK];
  if (mark === undefined) return undefined;
  const [mode, directory] = mark.split(' ', 2);
  if ((mode !== 'user' && mode !== 'root') || !directory) throw new Error(`${MARK} is "${mark}", expected "user DIR" or "root DIR"`);
  if (statfsSync(directory).type !== TMPFS_MAGIC)
    throw new Error(`${directory} is not the lab's own file system, expected a tmpfs: is ${MARK} set by hand?`);
  process.on('message', (message) => {
    if (isForwarded(message)) process.kill(process.pid, message.signal);
  });
  process.channel?.unref(); // waiting for signals must not keep a finished program alive
  return { mode, directory };
}

/** The argv of this very program: with its loaders and its arguments. */
export function thisProgram(): readonly string[] {
  return [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
}

function start(enclosure: Enclosure, program: readonly string[], cgroup: string): ChildProcess {
  const { NODE_CHANNEL_FD: _, ...inherited } = process.env;
  const env = { ...inherited, PATH: searchPath(), [MARK]: `${enclosure.mode} ${enclosure.directory}`, [CGROUP]: cgroup };
  const init = ['/bin/sh', '-c', INIT, 'init', enclosure.directory, ...program];
  const argv = ['--pdeathsig', 'KILL', 'unshare', ...unshareArguments(enclosure.mode), ...init];
  // its own session: Ctrl-C reaches the outer process alone, and the program hears of it exactly
  // once
  return spawn('setpriv', argv, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], env, detached: true });
}

/**
 * Forwards signals until the child ends; a second one, or the end of the grace period, kills.
 * Returns what undoes it.
 */
function forwardSignals(child: ChildProcess): () => void {
  let killer: NodeJS.Timeout | undefined;
  const forward = (signal: Forwarded): void => {
    if (killer !== undefined || !child.connected) child.kill('SIGKILL');
    else child.send({ signal });
    killer ??= setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
  };
  for (const signal of FORWARDED) process.on(signal, forward);
  return () => {
    clearTimeout(killer);
    for (const signal of FORWARDED) process.off(signal, forward);
  };
}

/**
 * Runs the program (by default: this one again) in the enclosure and returns its exit status, 128 +
 * n where a signal ended it.
 * @param onStart gets the pid of a process in the enclosure's namespaces but that of processes,
 * once the program runs; it lives as long as the enclosure
 * @throws where it cannot be started
 */
export async function enclose(
  enclosure: Enclosure,
  program: readonly string[] = thisProgram(),
  onStart: (pid: number) => void = () => undefined,
): Promise<number> {
  const cgroup = `sickbay-lab-${process.pid}`;
  const child = start(enclosure, program, cgroup);
  if (child.pid !== undefined) onStart(child.pid);
  const release = forwardSignals(child);
  try {
    return await new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', (status) => resolve(status ?? 137)); // no status: SIGKILL, by us or by somebody else
    });
  } finally {
    release();
    await removeCgroup(cgroup);
  }
}
