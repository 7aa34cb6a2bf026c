/**
 * Carries out an operator's request: stores the changes that core/decide/request.ts returns, each
 * with its alert in the same write.
 */
import * as z from 'zod/mini';
import { withAlert } from '../../core/case-transitions';
import { answerRequest, type Answer, type Known, type OperatorRequest } from '../../core/decide/request';
import { alert } from '../../core/report/alert';
import type { RespondPorts } from '../ports';

/** A week. A longer hold has no end and is released by a person. */
const LONGEST_S = 7 * 86_400;
const SHORTEST_S = 60;

/** A name, and the ARN of the identity that asked. */
const BY = text(400, 'a name of 1 to 400 characters');
const REASON = text(300, 'a reason of 1 to 300 characters');
const SUBJECT = text(300, 'a target or a target group');
const FOR_S = z
  .int({ error: `whole seconds from ${SHORTEST_S} to ${LONGEST_S}` })
  .check(z.gte(SHORTEST_S, { error: `at least ${SHORTEST_S} s` }), z.lte(LONGEST_S, { error: `at most ${LONGEST_S} s` }));

const REQUEST = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('hold'), subject: SUBJECT, by: BY, reason: REASON, forS: z.optional(FOR_S) }),
    z.strictObject({ kind: z.literal('release'), subject: SUBJECT, by: BY, reason: REASON }),
    z.strictObject({ kind: z.literal('restore'), subject: z.optional(SUBJECT), by: BY, reason: REASON, forS: FOR_S }),
    z.strictObject({ kind: z.literal('give-up'), subject: SUBJECT, by: BY, reason: REASON }),
    z.strictObject({ kind: z.literal('close-breaker'), by: BY }),
  ],
  { error: 'one of the kinds hold, release, restore, give-up, close-breaker' },
);

function text(max: number, allowed: string) {
  return z.string({ error: allowed }).check(z.minLength(1, { error: allowed }), z.maxLength(max, { error: allowed }));
}

/**
 * Checks a request, which may have been written by hand. @throws with each mistake and what
 * is allowed.
 */
export function parseRequest(value: unknown): OperatorRequest {
  const parsed = REQUEST.safeParse(value);
  if (parsed.success) return parsed.data as OperatorRequest;
  const mistakes = parsed.error.issues.map(({ path, message }) => `${['wish', ...path].join('.')}: ${message}`);
  throw new Error(`not an operator request: got ${JSON.stringify(value).slice(0, 200)}; allowed: ${mistakes.join('; ')}`);
}

/**
 * Returns when the request is on record with who asked; a refused one is not stored. @throws when
 * the records fail: then ask again.
 */
export async function carryOutRequest(ports: RespondPorts, known: Known, request: OperatorRequest): Promise<Answer> {
  const answer = answerRequest(known, request);
  if (!answer.granted) return answer;
  for (const { incident, decision } of answer.changes) {
    const told =
      decision === undefined
        ? incident
        : withAlert(
            { ...incident, decision },
            alert({ now: known.now, incident, decision, round: undefined, remarks: [], deployment: ports.deployment }),
          );
    await ports.cases.put(told);
  }
  return answer;
}
