/**
 * The breaker. When an hourly limit alone refuses a removal, so many targets fail so fast that a
 * person has to look. It is a case of its own, stops removals until a person closes it, and never
 * stops a restore.
 */
import type { Blocked, Case, GuardrailCheck } from '../model';

export type BreakerScope = 'group' | 'stack';

const HOUR_MS = 3_600_000;

/** The group that a breaker of this scope is about; undefined: the whole stack. */
export function breakerGroup<Arn extends string | undefined>(scope: BreakerScope, groupArn: Arn): Arn | undefined {
  return scope === 'stack' ? undefined : groupArn;
}

/**
 * For an hour after a person closed it the limit alone refuses removals and opens no new breaker:
 * it counts what that person has looked at.
 */
export function wasClosedLately(closedCases: readonly Case[], groupArn: string | undefined, now: number): boolean {
  return closedCases.some(
    (incident) => incident.about === 'breaker' && incident.groupArn === groupArn && now - (incident.closedAt ?? 0) < HOUR_MS,
  );
}

/** Open breakers that forbid removals in this group, or in the whole stack. */
export function openBreakers(cases: readonly Case[], groupArn: string | undefined): Case[] {
  return cases.filter(
    (incident) =>
      incident.about === 'breaker' && incident.state !== 'closed' && (incident.groupArn === groupArn || incident.groupArn === undefined),
  );
}

/**
 * The scope of the hourly limit that alone refuses this removal; undefined otherwise. The stack's
 * limit is the wider one.
 */
export function hourlyLimitAlone(checks: readonly GuardrailCheck[]): BreakerScope | undefined {
  const failed = checks.filter(({ passed }) => !passed).map(({ guardrail }) => guardrail);
  const limits: readonly Blocked[] = ['budget-group-hour', 'budget-stack', 'budget-service-hour'];
  if (failed.length === 0 || failed.some((reason) => !limits.includes(reason))) return undefined;
  return failed.includes('budget-stack') ? 'stack' : 'group';
}
