/**
 * A stored case as it is read: whatever names its kind must be whole, for the types promise it
 * (core/model/cases.ts). What else stands in a record is taken as it is, so that records of every
 * earlier release of this version read.
 */
import * as z from 'zod/mini';
import type { Case } from '../../core/model';
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

/** Whether a record of the known version is a case. */
export function isCase(record: unknown): record is Case {
  return CASE.safeParse(record).success;
}
