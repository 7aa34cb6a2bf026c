/** What people are told, how it is written, and how long it is kept. */
import * as z from 'zod/mini';
import { strict, integer, choice } from './values';

const FORMAT = choice('text', 'amazon-q', 'json');

/**
 * How alerts are written on each topic: for people, as a custom notification of Amazon Q Developer
 * in chat applications, or as the event of docs/events.md.
 */
export const alertFormat = strict({
  page: z._default(FORMAT, 'text'),
  notify: z._default(FORMAT, 'text'),
});

export const audit = strict({
  /** Days between two reviews; 0: none. */
  everyDays: z._default(integer(0, 30), 7),
});

export const reports = strict({
  /** Days that the report of a case is kept in the stack's bucket; 0: no bucket and no reports. */
  keepDays: z._default(integer(0, 3650), 365),
});
