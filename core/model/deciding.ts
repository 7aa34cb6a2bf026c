/** Shared contracts: deciding. Everything is exported by core/model.ts, from which all others import. */
import type { ClosedBecause } from './cases';
import type { Target } from './targets';

export const BLOCKED = [
  'mode-observe',
  'kill-switch',
  'owner-undeclared',
  'owner-unsupported',
  'target-unsupported',
  'no-probe-path',
  'too-few-peers',
  'never-reached',
  'stale-evidence',
  'shared-cause',
  'shared-zone',
  'blind',
  'grace',
  'capacity-floor',
  'capacity-projection',
  'capacity-unknown',
  'zone-floor',
  /** Out now, in the groups that share hosts. */
  'budget-group',
  /** Removed within the last hour, in the groups that share hosts. Part of `budget-group` in older records. */
  'budget-group-hour',
  'budget-stack',
  'breaker-open',
  'frozen-deployment',
  'frozen-zonal-shift',
  'frozen-atw',
  'asg-at-min',
  /** Standby would leave zones that Auto Scaling evens out by terminating a healthy instance. */
  'zone-imbalance',
  /** An instance on Standby could not come back, or might be terminated on its way: no room under the maximum, or a launch hook. */
  'no-way-back',
  'held',
  'contested',
  'world-changed',
  /** No second view that works, or none that agrees where one has to: for errors, for a slow connect, among several suspects. */
  'uncorroborated',
  /** A record of a later version may have a target out, hold this one or have spent the budget. */
  'unreadable-record',
  /** A second view would have to show it and does not. */
  'contradicted',
  /** A second view could tell, and has not told enough yet. */
  'second-view-awaited',
] as const;
export type Blocked = (typeof BLOCKED)[number];

/** One guardrail as it was evaluated. `value` and `limit` are for people; `passed` is what counts. */
export interface GuardrailCheck {
  readonly guardrail: Blocked;
  readonly value: string;
  readonly limit: string;
  readonly passed: boolean;
}

/**
 * `wait`: it is out and cannot come back now, for its instance does not run; its way back is kept ahead of it. `give-up`: a person wants it left
 * out; its way back is cancelled.
 */
export type Action =
  'eject' | 'abandon' | 'confirm' | 'keep' | 'renew' | 'restore' | 'watch' | 'close' | 'hold' | 'page' | 'wait' | 'give-up';

export interface Decision {
  readonly action: Action;
  readonly caseId: string;
  readonly groupArn: string;
  readonly target?: Target;
  readonly reason: string;
  /** Why an ejection was not allowed; empty when nothing was blocked. */
  readonly blocked: readonly Blocked[];
  readonly guardrails: readonly GuardrailCheck[];
  readonly lookAgainAt: number;
  /** For eject and renew, and for a wait that has to move it: when the way back fires. */
  readonly leaseEndsAt?: number;
  /** For a target that is out: whether too few others serve, as far as this run could tell. */
  readonly short?: boolean;
  /** For close. */
  readonly because?: ClosedBecause;
  /** The removal was refused by an hourly limit alone: nothing more is removed there until a person has looked. */
  readonly opensBreaker?: 'group' | 'stack';
}
