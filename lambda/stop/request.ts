/** What a person asks of the function that stops, checked: it may have been written by hand. */
import * as z from 'zod/mini';
import type { StopRequest } from '../../core/model';
import { isThroughOperatorAlias } from '../operator-entry';
import type { StopEvent } from './contract';

const text = (most: number) => z.string().check(z.minLength(1), z.maxLength(most));

const REQUEST = z.strictObject({
  kind: z.enum(['undo', 'keep', 'looked-at']),
  stop: text(200),
  by: text(400),
  reason: text(300),
});

/**
 * The request of an event; undefined where it has none.
 * @throws when it came by another way than the alias for operators, or is no request.
 */
export function askedStop({ wish }: StopEvent, invokedArn: string): StopRequest | undefined {
  if (wish === undefined) return undefined;
  if (!isThroughOperatorAlias(invokedArn))
    throw new Error(`a request (${wish.kind}) is taken through the alias for operators alone; this came through ${invokedArn}`);
  const parsed = REQUEST.safeParse(wish);
  if (parsed.success) return parsed.data;
  const mistakes = parsed.error.issues.map(({ path, message }) => `${['wish', ...path].join('.')}: ${message}`);
  throw new Error(`not a request about a stop: got ${JSON.stringify(wish).slice(0, 200)}; allowed: ${mistakes.join('; ')}`);
}
