/**
 * Asks the responder for something and waits for its answer: it writes the records alone, and one
 * run at a time.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { OPERATOR_ALIAS, RESPONDER_LEASE_S, RESPONDER_TIMEOUT_S, type RespondEvent, type OperatorRequest } from '../lambda/contract';
import type { RespondSummary } from '../lambda/respond';
import type { StopEvent } from '../lambda/stop/contract';
import { CommandError, EXIT } from './exit';
import { finish, resourceName, type StackOptions } from './operator-command';

/**
 * A run that died keeps the stack until its lease is over; one more that is alive may then be
 * first.
 */
const PATIENCE_MS = (RESPONDER_LEASE_S + RESPONDER_TIMEOUT_S) * 1000;
const GAP_MS = 3_000;

export interface Asking {
  /** One synchronous invocation. */
  readonly invoke: (event: RespondEvent) => Promise<RespondSummary>;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
  readonly progress: (line: string) => void;
}

/**
 * Asks again while another run has the stack: only the answer of a run that took the request
 * counts. Asking twice changes nothing more.
 * @throws CommandError when nobody took it in time: then nothing was done.
 */
export async function ask({ invoke, now, sleep: wait, progress }: Asking, request: OperatorRequest): Promise<RespondSummary> {
  const untilAt = now() + PATIENCE_MS;
  for (;;) {
    const answer = await invoke({ wokenBy: 'operator', wish: request });
    if (answer.outcome !== 'somebody else is responding') return answer;
    if (now() + GAP_MS > untilAt)
      throw new CommandError(`nothing was done: another run had the stack for ${PATIENCE_MS / 1000} s; ask again`, EXIT.findings);
    progress('another run has the stack; asking again');
    await wait(GAP_MS);
  }
}

/**
 * What a command prints, and its exit code: the answer's own lines, then what the same run decided
 * and what failed in it.
 */
export function answerText({ says: summary = [], decisions, failures = [] }: RespondSummary): string {
  const deeds = decisions.filter(
    ({ action }) => action === 'restore' || action === 'watch' || action === 'close' || action === 'give-up' || action === 'wait',
  );
  return [
    ...summary,
    ...deeds.map(({ action, target, reason }) => `  ${action}${target === undefined ? '' : ` ${target.id}:${target.port}`}: ${reason}`),
    ...failures.map((failure) => `  failed, and is tried again by the next round: ${failure}`),
    '',
  ].join('\n');
}

export function exitOf({ outcome, failures = [] }: RespondSummary): number {
  if (outcome === 'refused') return EXIT.usage;
  return failures.length > 0 ? EXIT.findings : EXIT.fine;
}

/** A command that sends one request. */
export async function askAndPrint(
  command: Command,
  options: StackOptions & { readonly json?: true },
  request: OperatorRequest,
): Promise<void> {
  await finish(command, async () => {
    const invoke = invocation(await resourceName('responder', options));
    const progress = (line: string): void => void process.stderr.write(`${line}\n`);
    const answer = await ask({ invoke, now: () => Date.now(), sleep, progress }, request);
    const text = options.json === true ? `${JSON.stringify(answer, undefined, 2)}\n` : answerText(answer);
    (answer.outcome === 'refused' ? process.stderr : process.stdout).write(text);
    return exitOf(answer);
  });
}

/**
 * By the alias for operators, and with the identity of whoever asks beside the name that was given.
 * The SDK repeats nothing, and waits for as long as the function may run.
 */
export function invocation<Answer = RespondSummary>(
  functionName: string,
  what = 'the responder',
): (event: RespondEvent | StopEvent) => Promise<Answer> {
  // The SDK takes longer to load than the command line: not for a help text.
  const { InvokeCommand, LambdaClient } = require('@aws-sdk/client-lambda') as typeof import('@aws-sdk/client-lambda');
  const { callerArn, signed } = require('./caller') as typeof import('./caller');
  const client = new LambdaClient({ maxAttempts: 1, requestHandler: { requestTimeout: (RESPONDER_TIMEOUT_S + 20) * 1000 } });
  let identity: Promise<string> | undefined;
  const asked = (by: string): Promise<string> => signed(by, () => (identity ??= callerArn(client)));
  return async (event) => {
    const Payload = Buffer.from(JSON.stringify(await withCaller(event, asked)));
    const answer = await client.send(new InvokeCommand({ FunctionName: functionName, Qualifier: OPERATOR_ALIAS, Payload }));
    const text = Buffer.from(answer.Payload ?? new Uint8Array()).toString('utf8');
    if (answer.FunctionError === undefined) return JSON.parse(text) as Answer;
    throw new CommandError(`${what} failed, and nothing is known to be done; ask again: ${failure(text)}`, EXIT.aws);
  };
}

async function withCaller(event: RespondEvent | StopEvent, signed: (by: string) => Promise<string>): Promise<object> {
  const { wish: request } = event;
  if (request === undefined || !('by' in request)) return event;
  const by = await signed(request.by);
  return { ...event, wish: { ...request, by } };
}

function failure(text: string): string {
  const { errorType, errorMessage } = JSON.parse(text) as { errorType?: string; errorMessage?: string };
  return `${errorType ?? 'Error'}: ${errorMessage ?? text}`;
}
