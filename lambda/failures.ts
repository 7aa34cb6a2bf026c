/**
 * One part of a run that fails stops no other: what failed is collected, and the run fails with it
 * when the others are done.
 */
import { errorFields } from './aws/log';
import { isGroupNotFound } from './discover/gone';
import type { Log } from './ports';

/**
 * What `read` gives of one group, undefined when it fails: one group that cannot be read must not
 * blind the others. A group deleted since it was listed is logged and is no failure: the next run
 * misses it, and nothing is decided in it now.
 * @param about what the log names beside the error
 */
export async function readable<Read>(log: Log, failures: unknown[], about: object, read: () => Promise<Read>): Promise<Read | undefined> {
  try {
    return await read();
  } catch (error) {
    log('group-unread', { ...about, ...errorFields(error) });
    if (!isGroupNotFound(error)) failures.push(error);
    return undefined;
  }
}

/**
 * @throws the failure, or all of them as one error that says `what` failed; returns when there is
 * none.
 */
export function throwAny(failures: readonly unknown[], what: string): void {
  if (failures.length === 0) return;
  throw failures.length === 1 ? failures[0] : new AggregateError(failures, `${failures.length} ${what}`);
}

/** The messages of what `throwAny` threw. */
export function messagesOf(error: unknown): string[] {
  const all: readonly unknown[] = error instanceof AggregateError ? error.errors : [error];
  return all.map((one) => errorFields(one).error);
}
