import { execFileSync, fork, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

/**
 * The child processes' code, bundled as the functions are: a TypeScript loader would count as the
 * prober's memory and time.
 */
export function bundle(): { readonly folder: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'sickbay-bench-'));
  const entryPoints = ['delay-server', 'prober', 'closed-loop-fetch'].map((name) => join(__dirname, `${name}.ts`));
  buildSync({ entryPoints, outdir: folder, bundle: true, platform: 'node', target: 'node20', minify: true, logLevel: 'error' });
  return { folder, remove: () => rmSync(folder, { recursive: true }) };
}

export class Child {
  private constructor(private readonly child: ChildProcess) {}

  /** Starts a bundled file on one core, where the machine has `taskset`. */
  static start(file: string, args: readonly string[], core: number): Child {
    const child = fork(file, [...args], { execArgv: [], env: { ...process.env, NODE_NO_WARNINGS: '1' } });
    if (canPin() && child.pid !== undefined) execFileSync('taskset', ['-acp', String(core), String(child.pid)], { stdio: 'ignore' });
    return new Child(child);
  }

  /** @throws Error when the process ends instead of answering. */
  async receive<T>(): Promise<T> {
    const ended = new AbortController();
    const message = once(this.child, 'message', { signal: ended.signal }) as Promise<[T]>;
    const exit = once(this.child, 'exit', { signal: ended.signal }).then(([code]) => {
      throw new Error(`${this.child.spawnargs.join(' ')} ended with ${String(code)} before it answered`);
    });
    try {
      const [answer] = await Promise.race([message, exit]);
      return answer;
    } finally {
      exit.catch(isAbort);
      ended.abort();
    }
  }

  ask<T>(job: object): Promise<T> {
    const answer = this.receive<T>();
    this.child.send(job);
    return answer;
  }

  async stop(): Promise<void> {
    const exit = once(this.child, 'exit');
    this.child.disconnect();
    await exit;
  }
}

/** The loser of the race is called off; anything else that goes wrong there is a fault. */
function isAbort(error: Error): void {
  if (error.name !== 'AbortError') throw error;
}

/** Whether each process can be kept on a core of its own. */
export function canPin(): boolean {
  return spawnSync('taskset', ['--version']).status === 0;
}
