/** Keeps a client's calls within a rate, before AWS throttles everybody in the account. */
import type { Pluggable } from '@smithy/types';
import type { Clock } from '../ports';

/**
 * ELBv2 has one token bucket an account and Region for calls that change nothing: 40 tokens, 10
 * more a second (Elastic Load Balancing user guide, "Request throttling"; services that call on
 * your behalf have buckets of their own). So this uses all that flows in, and leaves half of what
 * is in it to everybody else; who else reads ELB all the time has us both throttled, and the SDK's
 * retries wait. EC2's and Systems Manager's are taken to be no smaller.
 */
const CALLS_PER_SECOND = 10;
const BURST = 20;

/**
 * Resolves when the next call may go out: `burst` at once, then `perSecond`. Callers are served in
 * their order.
 */
export function tokenBucket(clock: Clock, perSecond = CALLS_PER_SECOND, burst = BURST): () => Promise<void> {
  const restMs = 1000 / perSecond;
  // When the bucket is, or will be, full again: each call takes one token, which is one rest.
  let fullAt = -Infinity;
  return async () => {
    const now = clock.now();
    fullAt = Math.max(fullAt, now) + restMs;
    const waitMs = fullAt - now - burst * restMs;
    if (waitMs > 0) await clock.sleep(waitMs);
  };
}

/**
 * For a client's `middlewareStack.use`: every attempt takes its turn, the SDK's retries as well,
 * for they come before this step.
 */
export function pace<Input extends object, Output extends object>(turn: () => Promise<void>): Pluggable<Input, Output> {
  return {
    applyToStack: (stack) =>
      stack.add(
        (next) => async (args) => {
          await turn();
          return next(args);
        },
        { step: 'finalizeRequest', priority: 'low', name: 'pace' },
      ),
  };
}
