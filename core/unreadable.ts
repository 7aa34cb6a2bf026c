/**
 * A stored case of a later version, after a rollback: what it says is not known, and that it is
 * there counts.
 */
import type { Case, UnreadableCase } from './model';

/** The only version that this code reads and writes. */
export const CASE_VERSION = 1;

/**
 * Stands for a record that cannot be read, open or archived (`closedAt`). It has no target and no
 * alerts, and is never written: the record stays as it is for the code that knows it. Nothing is
 * removed while there is one, for it may have a target out, hold a group or have spent a budget.
 */
export function unreadableCase(input: { id: string; groupArn?: string; version: string; closedAt?: number }): UnreadableCase {
  const { id, groupArn, version, closedAt } = input;
  const at = closedAt ?? 0;
  return {
    v: CASE_VERSION,
    id,
    rev: 0,
    ...(groupArn === undefined ? {} : { groupArn }),
    about: 'unreadable',
    state: closedAt === undefined ? 'suspected' : 'closed',
    openedAt: at,
    updatedAt: at,
    ...(closedAt === undefined ? {} : { closedAt }),
    ejections: [],
    events: [{ at, kind: 'unreadable', says: `a record of version ${version}; known: ${CASE_VERSION}` }],
    outbox: [],
  };
}

export function isUnreadable(incident: Case): incident is UnreadableCase {
  return incident.about === 'unreadable';
}
