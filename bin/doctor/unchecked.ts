/** A check that could not be made, or a part of one. */
import { isDenied } from '../account/unread';
import { CommandError, EXIT, ending } from '../exit';
import { warn, type Result } from './check';

/**
 * What is told in its place. `lost` is what is not known for it: "this check", or the service that
 * it is about.
 */
export function unchecked(error: unknown, lost: string): Result {
  if (isDenied(error)) return warn(`not permitted: ${deniedAction(error)}; lost: ${lost}`);
  const known = ending(error);
  const text = known instanceof Error ? (known.message.split('\n')[0] ?? '') : String(known);
  const isAws = known instanceof CommandError && known.exitCode === EXIT.aws;
  return { ...warn(`could not be checked: ${text}`), ...(isAws ? { awsFailed: true } : {}) };
}

/** AWS names it in its message (common errors: "is not authorized to perform: ACTION"). */
function deniedAction(error: unknown): string {
  const text = error instanceof Error ? error.message : '';
  return /not authorized to perform: ([a-zA-Z0-9-]+:[A-Za-z0-9]+)/.exec(text)?.[1] ?? text.slice(0, 120);
}
