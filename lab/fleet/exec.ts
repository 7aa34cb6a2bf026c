/**
 * Commands on a host, run as the SSM agent runs them: `sh` on a script file (so that a process list
 * does not show the script itself), standard input closed, a process group that is killed as a
 * whole when the time is up.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { isGone } from './errno';
import type { Namespace } from './namespace';

export interface HostCommand {
  /** A shell script, or the argv of one program. */
  readonly command: { readonly script: string } | { readonly argv: readonly string[] };
  /** Added to the host's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutS: number;
}

export interface HostResult {
  /** Exit status; null where a signal ended the command. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
  /** More was written than `MAX_OUTPUT_BYTES` on one of the two. */
  readonly truncated: boolean;
  readonly durationMs: number;
}

/**
 * Kept of each stream. SSM itself shows 24,000 characters; that limit is the API's, not the
 * agent's.
 */
export const MAX_OUTPUT_BYTES = 1024 * 1024;
/** A child that outlives its command may hold the pipes open; the agent does not wait for it. */
const DRAIN_MS = 250;

class Capture {
  private readonly chunks: Buffer[] = [];
  private bytes = 0;
  truncated = false;

  readonly take = (chunk: Buffer): void => {
    const room = MAX_OUTPUT_BYTES - this.bytes;
    if (chunk.length > room) this.truncated = true;
    if (room <= 0) return;
    this.chunks.push(chunk.subarray(0, room));
    this.bytes += Math.min(room, chunk.length);
  };

  text(): string {
    return Buffer.concat(this.chunks).toString();
  }
}

/** Kills the command with everything it started in its group. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (cause) {
    if (!isGone(cause)) throw cause;
  }
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
    child.on('exit', (code) => setTimeout(() => resolve(code), DRAIN_MS).unref());
  });
}

async function collect(child: ChildProcess, timeoutS: number): Promise<HostResult> {
  const began = performance.now();
  const stdout = new Capture();
  const stderr = new Capture();
  child.stdout?.on('data', stdout.take);
  child.stderr?.on('data', stderr.take);
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    killGroup(child);
  }, timeoutS * 1000);
  try {
    const exitCode = await ended(child);
    const durationMs = performance.now() - began;
    const truncated = stdout.truncated || stderr.truncated;
    return { exitCode, stdout: stdout.text(), stderr: stderr.text(), timedOut, truncated, durationMs };
  } finally {
    clearTimeout(timer);
    child.stdout?.destroy();
    child.stderr?.destroy();
  }
}

function start(host: Namespace, argv: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
  const [file = '', ...args] = [...host.enter, ...argv];
  return spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], env, detached: true, cwd: '/' });
}

/**
 * Runs one command in the host's namespaces.
 * @param env the host's environment
 * @param directory where the host keeps scripts, as the host sees it
 * @throws where the command cannot be started; what it does by itself is in the result
 */
export async function execOnHost(
  host: Namespace,
  env: Readonly<Record<string, string>>,
  directory: string,
  what: HostCommand,
): Promise<HostResult> {
  const fullEnv = { ...env, ...what.env };
  if ('argv' in what.command) return collect(start(host, what.command.argv, fullEnv), what.timeoutS);
  const { script } = what.command;
  return withScript(host, `${directory}/${randomUUID()}`, script, (file) =>
    collect(start(host, ['/bin/sh', file], fullEnv), what.timeoutS),
  );
}

/** The script is there, in a directory of its own, for as long as `work` takes. */
async function withScript<T>(host: Namespace, home: string, script: string, work: (file: string) => Promise<T>): Promise<T> {
  const seenFromHere = `/proc/${host.pid}/root${home}`;
  await mkdir(seenFromHere, { mode: 0o700 });
  try {
    await writeFile(`${seenFromHere}/_script.sh`, script, { mode: 0o700 });
    return await work(`${home}/_script.sh`);
  } finally {
    await rm(seenFromHere, { recursive: true, force: true });
  }
}
