/** Asks the function that stops for something: it writes the records of stops alone. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { StopRequest } from '../../core/model';
import type { StopEvent, StopSummary } from '../../lambda/stop/contract';
import { invocation } from '../ask-responder';
import { CommandError, EXIT } from '../exit';
import { resourceName, type StackOptions } from '../operator-command';

/** A run that is under way ends within this (lib/stopping.ts, the function's time-out). */
const PATIENCE_MS = 240_000;
const GAP_MS = 3_000;

export interface Asking {
  readonly invoke: (event: StopEvent) => Promise<StopSummary>;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
  readonly progress: (line: string) => void;
}

/**
 * Asks again while another run is under way: the function runs once at a time, and Lambda refuses a
 * second call (developer guide, "Reserved concurrency": TooManyRequestsException).
 */
export async function ask({ invoke, now, sleep: wait, progress }: Asking, request: StopRequest): Promise<StopSummary> {
  const until = now() + PATIENCE_MS;
  for (;;) {
    const answer = await invoke({ wokenBy: 'operator', wish: request }).catch(busyWhenRefused);
    if (answer.outcome !== 'busy') return answer;
    if (now() + GAP_MS > until) throw new CommandError('nothing was done: another run did not end; ask again', EXIT.findings);
    progress('another run is under way; asking again');
    await wait(GAP_MS);
  }
}

function busyWhenRefused(error: unknown): StopSummary {
  if (error instanceof Error && error.name === 'TooManyRequestsException') return { outcome: 'busy', says: [] };
  throw error;
}

/** Prints the answer. Returns the exit code. */
export async function askAndPrintStop(options: StackOptions & { readonly json?: true }, request: StopRequest): Promise<number> {
  const invoke = invocation<StopSummary>(await resourceName('stopper', options), 'the function that stops');
  const progress = (line: string): void => void process.stderr.write(`${line}\n`);
  const answer = await ask({ invoke, now: () => Date.now(), sleep, progress }, request);
  const { outcome, says, failures = [] } = answer;
  const lines =
    options.json === true
      ? [JSON.stringify(answer, undefined, 2)]
      : [...says, ...failures.map((one) => `  failed, and is tried again: ${one}`)];
  (outcome === 'refused' ? process.stderr : process.stdout).write(`${lines.join('\n')}\n`);
  if (outcome === 'refused') return EXIT.usage;
  return failures.length > 0 ? EXIT.findings : EXIT.fine;
}
