import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';

const RUNNER = [process.execPath, path.join(__dirname, 'runner.cjs')];

/** One call of the handler. */
export interface Request {
  readonly eventJson: string;
  /** What the handler finds in its second argument, beside the remaining time. */
  readonly context: Readonly<Record<string, unknown>>;
  /** Epoch milliseconds. */
  readonly deadlineAt: number;
}

/** The error of a handler as Lambda puts it into the answer. */
export interface HandlerError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}

/** How a call ended: with an answer, with the handler's error, or with the end of the process. */
export type Ending = { readonly payloadJson: string } | { readonly error: HandlerError } | { readonly exit: string };

/**
 * One process that runs one function's handler, one call at a time: Lambda's execution environment.
 * The next call finds it as the last one left it.
 */
export class ExecutionEnvironment {
  private readonly child: ChildProcess;
  private readonly gone: Promise<unknown>;
  private end: string | undefined;

  /** @param enter argv prefix that runs a command in the function's network namespace */
  constructor(enter: readonly string[], env: NodeJS.ProcessEnv, onLine: (line: string) => void) {
    const [file = '', ...args] = [...enter, ...RUNNER];
    this.child = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    for (const stream of [this.child.stdout, this.child.stderr]) if (stream !== null) createInterface(stream).on('line', onLine);
    this.child.on('exit', (code, signal) => this.ended(signal === null ? `exit status ${code}` : `signal: ${signal}`));
    this.child.on('error', (error) => this.ended(error.message));
    // `close` comes after the last line of the log, and after `error` too where nothing could be
    // started.
    this.gone = once(this.child, 'close').catch((error: Error) => this.ended(error.message));
  }

  /** False once the process has ended: it takes no further call. */
  get alive(): boolean {
    return this.end === undefined;
  }

  /** Calls the handler. Never rejects. */
  run(request: Request): Promise<Ending> {
    return new Promise((resolve) => {
      const onMessage = (ending: Ending): void => finish(ending);
      const finish = (ending: Ending): void => {
        this.child.off('message', onMessage);
        resolve(ending);
      };
      this.child.once('message', onMessage);
      void this.gone.then(() => finish({ exit: this.end ?? 'unknown' }));
      // A process that has just ended cannot be told anything; `gone` says so.
      if (this.child.connected) this.child.send(request, (error) => error !== null && this.kill());
    });
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  /** Resolves when the process is gone. */
  async stop(): Promise<void> {
    this.kill();
    await this.gone;
  }

  private ended(how: string): void {
    this.end ??= how;
  }
}
