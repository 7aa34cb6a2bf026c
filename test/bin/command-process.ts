/**
 * The command line as a process of its own: as its user starts it, with an environment that is
 * named.
 */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import path from 'node:path';
import type { Readable } from 'node:stream';

export const ROOT = path.join(__dirname, '../..');

export interface Ended {
  /** Null where a signal ended it. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Place {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export type Started = ChildProcessByStdio<null, Readable, Readable>;

/** For who sends it a signal; `env` is all that it gets beside PATH. */
export function start(words: readonly string[], { cwd, env }: Place): Started {
  const program = path.join(ROOT, 'bin/sickbay.js');
  return spawn(process.execPath, [program, ...words], {
    cwd,
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** What it wrote, once it has ended. @throws where it could not be started */
export function ended(child: Started): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const out = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => (out.stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (out.stderr += chunk.toString()));
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, ...out }));
  });
}

/** `sickbay WORDS`. */
export function sickbay(words: readonly string[], place: Place): Promise<Ended> {
  return ended(start(words, place));
}

/** An AWS endpoint on this machine, in place of an account. */
export function accountAt(
  endpoint: string,
  { accessKeyId, secretAccessKey } = { accessKeyId: 'a', secretAccessKey: 'b' },
): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
}
