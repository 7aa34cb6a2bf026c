/**
 * The code of a system error (`ENOENT`), undefined for anything else. Not by `instanceof Error`:
 * under jest the errors of Node's own modules come from another realm.
 */
export function errnoOf(cause: unknown): string | undefined {
  return typeof cause === 'object' && cause !== null && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
}

/** True for the errors of looking at a process that ended meanwhile. */
export function isGone(cause: unknown): boolean {
  return ['ENOENT', 'ESRCH'].includes(errnoOf(cause) ?? '');
}
