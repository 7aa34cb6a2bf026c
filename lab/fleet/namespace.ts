import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isGone } from './errno';
import { waitFor } from './wait';

/** A running process with namespaces of its own, which `nsenter` reaches by its pid. */
export interface Namespace {
  readonly name: string;
  /** As this process sees it. */
  readonly pid: number;
  /** The argv prefix that runs a command in there. */
  readonly enter: readonly string[];
  /** Lets the program run, once the network is there. */
  begin(): void;
  /** The last words of the program, for error messages. */
  lastWords(): string;
  stop(): Promise<void>;
}

const LAST_WORDS = 2_000;
const START_MS = 5_000;
// the program waits for a line, so that its network can be made first
const HELD = ['/bin/sh', '-c', 'read -r go && exec "$@" </dev/null', 'held'];

function parentOf(pid: string): number | undefined {
  try {
    return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch (cause) {
    if (isGone(cause)) return undefined;
    throw cause;
  }
}

function childOf(pid: number): number | undefined {
  const pids = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry));
  const child = pids.find((candidate) => parentOf(candidate) === pid);
  return child === undefined ? undefined : Number(child);
}

function record(child: ChildProcess): () => string {
  let words = '';
  const hear = (chunk: Buffer): void => {
    words = (words + chunk.toString()).slice(-LAST_WORDS);
  };
  child.stdout?.on('data', hear);
  child.stderr?.on('data', hear);
  return () => words.trim();
}

/** Ends the process and waits for it; everything in its PID namespace ends with it. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await Promise.race([gone, sleep(START_MS, undefined, { ref: false })]);
}

function namespaceOf(name: string, child: ChildProcess, pid: number, enter: readonly string[], lastWords: () => string): Namespace {
  return { name, pid, enter, lastWords, begin: () => void child.stdin?.end('go\n'), stop: () => end(child) };
}

/**
 * Starts a program as PID 1 of its own network, mount, UTS, IPC and PID namespaces, held back until
 * `begin()`.
 * @throws where the kernel refuses, with the words of `unshare`
 */
export async function startMachine(name: string, program: readonly string[], env: NodeJS.ProcessEnv): Promise<Namespace> {
  const child = spawn('unshare', [...UNSHARED, ...HELD, ...program], { stdio: 'pipe', env });
  const lastWords = record(child);
  const pid = await waitFor(`the namespaces of ${name}`, START_MS, () => Promise.resolve(lookForChild(child, 1, lastWords)), 5);
  return namespaceOf(name, child, pid, entering(pid), lastWords);
}

/**
 * The same inside a machine, whose processes see it: a container and its host. @throws as
 * `startMachine`
 */
export async function startContainer(
  host: Namespace,
  name: string,
  program: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Namespace> {
  const [file = '', ...enter] = host.enter;
  const child = spawn(file, [...enter, 'unshare', ...UNSHARED, ...HELD, ...program], { stdio: 'pipe', env });
  const lastWords = record(child);
  // nsenter forks to enter the host's PID namespace, and unshare to make the container's
  const pid = await waitFor(`the namespaces of ${name}`, START_MS, () => Promise.resolve(lookForChild(child, 2, lastWords)), 5);
  return { ...namespaceOf(name, child, pid, entering(pid), lastWords), stop: () => endByFirst(child, pid) };
}

const UNSHARED = ['--net', '--mount', '--uts', '--ipc', '--pid', '--fork', '--kill-child', '--mount-proc', '--propagation', 'private'];

function entering(pid: number): readonly string[] {
  return ['nsenter', '-t', String(pid), '-n', '-m', '-u', '-i', '-p', '--'];
}

/** Ends the container's PID 1, and with it the container: its ancestors end by themselves. */
async function endByFirst(child: ChildProcess, pid: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  try {
    process.kill(pid, 'SIGKILL');
  } catch (cause) {
    if (!isGone(cause)) throw cause;
  }
  await Promise.race([gone, sleep(START_MS, undefined, { ref: false })]);
}

function lookForChild(child: ChildProcess, generations: number, lastWords: () => string): { done: number } | { seen: string } {
  let pid = child.pid;
  for (let made = 0; made < generations && pid !== undefined; made++) pid = childOf(pid);
  return pid === undefined ? { seen: lastWords() || 'no child of unshare' } : { done: pid };
}

/** Keeps a network namespace alive, with nothing in it: functions are run in it by `nsenter`. */
export async function startNetwork(name: string): Promise<Namespace> {
  const child = spawn('unshare', ['--net', '/bin/sh', '-c', 'echo up; read -r never'], { stdio: 'pipe' });
  const lastWords = record(child);
  await waitFor(
    `the network of ${name}`,
    START_MS,
    () => Promise.resolve(lastWords() === 'up' ? { done: true } : { seen: lastWords() }),
    5,
  );
  const pid = child.pid;
  if (pid === undefined) throw new Error(`the network of ${name} has no process`);
  return namespaceOf(name, child, pid, ['nsenter', '-t', String(pid), '-n', '--'], lastWords);
}
