import { spawn } from 'node:child_process';

/** Of one command: making the database's files takes the longest, 4 s on a slow disk. */
const DEADLINE_MS = 60_000;

/** What a finished command left: its exit status and what it wrote. */
export interface CommandResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs one command to its end without blocking the event loop. Never through a shell: `argv` is
 * passed on as it is. Resolves with whatever exit status it had; rejects where it could not be
 * started or takes longer than `DEADLINE_MS`.
 */
export function attempt(argv: readonly string[], options: { input?: string; env?: NodeJS.ProcessEnv } = {}): Promise<CommandResult> {
  const [file, ...args] = argv;
  if (file === undefined) return Promise.reject(new Error('no command given'));
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: 'pipe', ...(options.env === undefined ? {} : { env: options.env }) });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', reject);
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`waited ${DEADLINE_MS / 1000} s for \`${argv.join(' ')}\`; last seen: ${stderr || stdout}`));
    }, DEADLINE_MS);
    child.on('close', (status) => {
      clearTimeout(timer);
      resolve({ status, stdout, stderr });
    });
    child.stdin.on('error', (cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'EPIPE') reject(cause); // a command that does not read its input is no failure
    });
    child.stdin.end(options.input ?? '');
  });
}

/**
 * As `attempt`, and returns the standard output; throws with the command's own words unless it
 * exits with 0.
 */
export async function run(argv: readonly string[], options: { input?: string; env?: NodeJS.ProcessEnv } = {}): Promise<string> {
  const result = await attempt(argv, options);
  if (result.status === 0) return result.stdout;
  const said = (result.stderr || result.stdout).trim();
  throw new Error(`\`${argv.join(' ')}\` exited with ${result.status}, expected 0: ${said}`);
}
