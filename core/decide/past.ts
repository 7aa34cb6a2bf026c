/** What a target has behind it within six hours, over all of its cases. */
import { targetKey, type Case, type Ejection } from '../model';
import type { TargetCase } from '../case';
import type { Situation } from './situation';

export const PAST_MS = 6 * 3_600_000;

/** The ejection that would be this one within six hours is a person's business. */
export const MANY_EJECTIONS = 3;

export interface Past {
  /** Ejections that were not abandoned. */
  readonly ejections: number;
  /** Time out of service by us, ms. */
  readonly outMs: number;
}

export function pastOf(situation: Pick<Situation, 'now' | 'openCases' | 'closedCases'>, value: TargetCase): Past {
  const key = targetKey(value.target);
  const mine = [...situation.openCases, ...situation.closedCases].filter(
    (other) => other.groupArn === value.groupArn && other.target !== undefined && targetKey(other.target) === key,
  );
  const spells = mine.flatMap((other) => other.ejections.filter(happened).map((ejection) => spell(situation.now, other, ejection)));
  const recent = spells.filter(({ until }) => until > situation.now - PAST_MS);
  return {
    ejections: recent.filter(({ from }) => from > situation.now - PAST_MS).length,
    outMs: recent.reduce((sum, { from, until }) => sum + until - Math.max(from, situation.now - PAST_MS), 0),
  };
}

function happened(ejection: Ejection): boolean {
  return ejection.abandonedAt === undefined;
}

function spell(now: number, value: Case, ejection: Ejection): { readonly from: number; readonly until: number } {
  return { from: ejection.intentAt, until: ejection.restoredAt ?? value.closedAt ?? now };
}
