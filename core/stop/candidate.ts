/** What a stop is asked about, and the questions that more than one check asks. */
import { isLead, type Case, type Culprit, type Round, type Stop, type StopAllowed, type StopPlan, type TargetCase } from '../model';

/** What was read of the world, or why it could not be read. Absent: it was not asked. */
export type Reading<Value> = { readonly value: Value } | { readonly unread: string };

/**
 * A case whose culprit might be stopped, with everything that this may rest on. Records and the
 * switch are always read; the rest costs a call each and is asked only when what stands before it
 * in the table of checks passes.
 */
export interface StopCandidate {
  readonly now: number;
  /** What may be stopped in its group; empty: nothing. */
  readonly allow: readonly StopAllowed[];
  readonly incident: TargetCase;
  readonly openCases: readonly Case[];
  /** Records of other stops. */
  readonly stops: readonly Stop[];
  readonly unreadable: readonly string[];
  readonly stopSwitch: { readonly on: boolean; readonly why: string };
  /** The latest round of its group. */
  readonly round?: Round;
  readonly serves?: Reading<boolean>;
  readonly tagged?: Reading<boolean>;
  readonly calendarOpen?: Reading<boolean>;
  readonly peersRunning?: Reading<readonly string[]>;
  /** Undefined inside: no process has the culprit's pid. */
  readonly plan?: Reading<StopPlan | undefined>;
  /** The plan that a standing proposal rests on. */
  readonly proposed?: StopPlan;
}

/**
 * The one culprit that the findings name: of the first finding, when no other one names somebody
 * else. A lead names nobody.
 */
export function culpritOf({ diagnosis }: TargetCase): Culprit | undefined {
  const findings = (diagnosis?.findings ?? []).filter((finding) => !isLead(finding));
  const named = findings.flatMap(({ culprit }) => culprit ?? []);
  const first = findings[0]?.culprit;
  return first !== undefined && named.every(({ pid }) => pid === first.pid) ? first : undefined;
}

export function planOf({ plan }: StopCandidate): StopPlan | undefined {
  return plan !== undefined && 'value' in plan ? plan.value : undefined;
}

/** Days are of 24 hours from now backwards. */
export const DAY_MS = 86_400_000;
export const HOUR_MS = 3_600_000;

/** A stop under way: another host has to wait until it has ended, or holds. */
export function isUnderWay({ state }: Stop): boolean {
  return state === 'proposed' || state === 'acting' || state === 'verifying' || state === 'undoing';
}

export function hasEnded({ endedAt }: Stop): boolean {
  return endedAt !== undefined;
}

/**
 * Whether it counts as a stop of the day: somebody approved it, and the host may have changed
 * something.
 */
export function isSpent(stop: Stop, now: number): boolean {
  return stop.approvedAt !== undefined && stop.state !== 'refused' && now - stop.approvedAt < DAY_MS;
}
