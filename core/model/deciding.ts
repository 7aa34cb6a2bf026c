/**
 * Shared contracts: deciding. Everything is exported by core/model.ts, from which all others
 * import.
 */
import type { Target } from './targets';

export type ClosedBecause = 'recovered' | 'vanished' | 'operator' | 'not-acted';

export const BLOCKED = [
  'mode-observe',
  'kill-switch',
  'owner-undeclared',
  'owner-unsupported',
  'target-unsupported',
  /**
   * An address cannot be registered again before its deregistration delay is over, and no lease
   * lasts that long.
   */
  'drain-outlasts-lease',
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
  /**
   * Removed within the last hour, in the groups that share hosts. Part of `budget-group` in older
   * records.
   */
  'budget-group-hour',
  'budget-stack',
  'breaker-open',
  'frozen-deployment',
  'frozen-zonal-shift',
  'frozen-atw',
  'asg-at-min',
  /** Standby would leave zones that Auto Scaling evens out by terminating a healthy instance. */
  'zone-imbalance',
  /**
   * An instance on Standby could not come back, or might be terminated on its way: no room under
   * the maximum, or a launch hook.
   */
  'no-way-back',
  'held',
  'contested',
  'world-changed',
  /**
   * No second view that works, or none that agrees where one has to: for errors, for a slow
   * connect, among several suspects.
   */
  'uncorroborated',
  /** A record of a later version may have a target out, hold this one or have spent the budget. */
  'unreadable-record',
  /** A second view would have to show it and does not. */
  'contradicted',
  /** A second view could tell, and has not told enough yet. */
  'second-view-awaited',
  /** A Network Load Balancer is still carrying out the last removal or return in the group. */
  'network-settling',
  // Of a task of ECS, which is replaced (core/decide/replace/).
  /** The declared service cannot be read, or the target is none of its tasks. */
  'service-differs',
  /** Requests reach its tasks in other ways than this target group: they would not drain. */
  'service-other-traffic',
  /** A scheduling strategy or a deployment controller that replaces tasks in its own way. */
  'service-scheduling',
  'service-deployment',
  'service-counts',
  /** The service's own minimum or maximum percent leaves no room. */
  'service-percent',
  /** It fails to start tasks, or its circuit breaker is at work. */
  'service-failing',
  'task-protected',
  'host-draining',
  /** The task will be gone: what can be seen of it is captured first. */
  'evidence-uncaptured',
  /** Replaced within the last hour, of one service. */
  'budget-service-hour',
  /** Another replacement in the service is under way, or failed and nobody has looked. */
  'replacement-open',
  /** What took the place of a sick task is sick too. */
  'replacement-repeats',
] as const;
export type Blocked = (typeof BLOCKED)[number];

/**
 * One guardrail as it was evaluated. `value` and `limit` are for people; `passed` is what counts.
 */
export interface GuardrailCheck {
  readonly guardrail: Blocked;
  readonly value: string;
  readonly limit: string;
  readonly passed: boolean;
}

/** The scheduled restore fires at `leaseEndsAt`. */
interface Lease {
  readonly leaseEndsAt: number;
}

/**
 * `opensBreaker`: an hourly limit alone refused the removal, and nothing more is removed there
 * until a person has looked.
 */
interface Refused {
  readonly opensBreaker?: 'group' | 'stack';
}

/** The steps of a replacement, in their order, and the ways out of it. */
export const REPLACE_STEPS = [
  /** Announced, its stop scheduled, deregistered. */
  'begin',
  'deregister',
  'stop',
  /** ECS shows the task stopping. */
  'stopped',
  'verified',
  /** No replacement was measured well. */
  'failed',
  /** The task is not stopped: nothing is scheduled any more. */
  'call-off',
  /** Called off, it is registered again. */
  'register',
  /** Called off, it serves again. */
  'returned',
  /** Announced, and not done. */
  'abandon',
  /** Left as it is: nothing more is done about the task. */
  'leave',
] as const;
export type ReplaceStep = (typeof REPLACE_STEPS)[number];

/** `stopsAt`: its scheduled stop fires then. `endsAs`: it is the case's end. */
interface Replacing {
  readonly step: ReplaceStep;
  readonly stopsAt?: number;
  readonly replacedBy?: string;
  readonly endsAs?: ClosedBecause;
}

/** What each action takes beside its target. */
interface Takes {
  eject: Lease;
  renew: Lease;
  /** An `eject` or `renew` that a person has to look at. */
  hold: Lease;
  /**
   * It is out and its instance does not run. With a time: the scheduled restore has to be moved
   * ahead, to then.
   */
  wait: Partial<Lease>;
  close: { readonly because: ClosedBecause };
  keep: Refused;
  page: Refused;
  abandon: object;
  confirm: object;
  restore: object;
  watch: object;
  /** A person wants it left out; its scheduled restore is cancelled. */
  'give-up': object;
  /** A step of the replacement of a task. */
  replace: Replacing;
}

export type Action = keyof Takes;

/** Actions on a removal that is on record: there is none of these without one. */
export type RemovalAction = 'confirm' | 'abandon' | 'renew' | 'restore' | 'watch' | 'wait' | 'give-up';

/** What is to be done, with what that takes. */
export type Step = { readonly [Each in Action]: { readonly action: Each } & Takes[Each] }[Action];

/** What every decision has. */
export interface DecisionBase {
  readonly caseId: string;
  /** Without it: on the breaker of the stack. */
  readonly groupArn?: string;
  readonly target?: Target;
  readonly reason: string;
  /** Why an ejection was not allowed; empty when nothing was blocked. */
  readonly blocked: readonly Blocked[];
  readonly guardrails: readonly GuardrailCheck[];
  readonly lookAgainAt: number;
  /** For a target that is out: whether too few others serve, as far as this run could tell. */
  readonly short?: boolean;
}

export type Decision = DecisionBase & Step;

/** A decision with one of these actions. */
export type DecisionTo<Wanted extends Action> = Extract<Decision, { readonly action: Wanted }>;
