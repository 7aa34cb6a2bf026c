/**
 * A stored case as it is read: whatever names its kind must be whole, for the types promise it
 * (core/model/cases.ts). What else stands in a record is taken as it is, so that records of every
 * earlier release of this version read.
 */
import * as z from 'zod/mini';
import { WHOLE_STACK, type Case, type Decision } from '../../core/model';
import { CASE_VERSION } from '../../core/unreadable';

const TARGET = z.looseObject({ id: z.string(), port: z.number() });

const COMMON = {
  v: z.literal(CASE_VERSION),
  id: z.string(),
  rev: z.number(),
  groupArn: z.string(),
  state: z.enum(['suspected', 'out', 'watching', 'closed']),
  openedAt: z.number(),
  updatedAt: z.number(),
  ejections: z.array(z.looseObject({ target: TARGET })),
  events: z.array(z.looseObject({})),
  outbox: z.array(z.looseObject({ id: z.string() })),
};

const CASE = z.discriminatedUnion('about', [
  z.looseObject({ ...COMMON, about: z.literal('target'), target: TARGET }),
  z.looseObject({ ...COMMON, about: z.enum(['shared', 'blind', 'missing', 'breaker']) }),
  z.looseObject({
    ...COMMON,
    about: z.literal('hold'),
    hold: z.looseObject({ by: z.string(), reason: z.string(), target: z.optional(TARGET) }),
  }),
]);

/** The case that a record of the known version holds; undefined when it holds none. */
export function caseOf(record: unknown): Case | undefined {
  return isCase(record) ? withoutStack(record) : undefined;
}

function isCase(record: unknown): record is Case {
  return CASE.safeParse(record).success;
}

/**
 * What is stored of a case. A breaker of the whole stack is stored under `*` as it was when every
 * case had a group, so that an older release still finds it open, and so does its decision.
 */
export function recordOf(incident: Case): object {
  if (incident.groupArn !== undefined) return incident;
  const decided = incident.decision === undefined ? {} : { decision: withStack(incident.decision, 'caseId') };
  return withStack({ ...incident, ...decided }, 'rev');
}

/** With the stack as its group, which stands behind that field. */
function withStack(record: object, field: string): object {
  if ('groupArn' in record) return record;
  const stack = ['groupArn', WHOLE_STACK] as const;
  return Object.fromEntries(Object.entries(record).flatMap((entry) => (entry[0] === field ? [entry, stack] : [entry])));
}

function withoutStack(incident: Case): Case {
  if (incident.about !== 'breaker' || incident.groupArn !== WHOLE_STACK) return incident;
  const { groupArn: _stack, decision, ...alone } = incident;
  return decision === undefined ? alone : { ...alone, decision: ofStack(decision) };
}

function ofStack(decision: Decision): Decision {
  if (decision.groupArn !== WHOLE_STACK) return decision;
  const { groupArn: _stack, ...alone } = decision;
  return alone;
}
