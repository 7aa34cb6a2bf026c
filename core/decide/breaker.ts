/**
 * The breaker: when a removal is refused by an hourly limit alone, so many targets go wrong so fast
 * that a person has to look. It is a case of its own, stops removals until a person closes it, and
 * stands before no restore.
 */
import type { Case } from '../model';

/** The breaker of the whole stack is about no group. */
export const WHOLE_STACK = '*';

export type BreakerScope = 'group' | 'stack';

const HOUR_MS = 3_600_000;

/** The group that a breaker of this scope is stored under. */
export function breakerArn(scope: BreakerScope, groupArn: string): string {
  return scope === 'stack' ? WHOLE_STACK : groupArn;
}

/**
 * For an hour after a person closed it the limit itself is enough: what it counts is what that
 * person has looked at.
 */
export function wasClosedLately(closedCases: readonly Case[], arn: string, now: number): boolean {
  return closedCases.some(
    (incident) => incident.about === 'breaker' && incident.groupArn === arn && now - (incident.closedAt ?? 0) < HOUR_MS,
  );
}

/** Open breakers that forbid removals in this group. */
export function openBreakers(cases: readonly Case[], groupArn: string): Case[] {
  return cases.filter(
    (incident) =>
      incident.about === 'breaker' && incident.state !== 'closed' && (incident.groupArn === groupArn || incident.groupArn === WHOLE_STACK),
  );
}
