/**
 * Shared contracts: cases. Everything is exported by core/model.ts, from which all others import.
 */
import type { AccessLogView } from './access-log';
import type { BalancerView } from './balancer';
import type { CaseStateChange } from './case-event';
import type { Blocked, ClosedBecause, Decision } from './deciding';
import type { CauseStatus, Diagnosis, HostLoad } from './diagnosing';
import type { TargetVerdict } from './judging';
import type { Replacement } from './replacing';
import type { ReviewDigest } from './review-digest';
import type { InstanceRef, TargetRef } from './target-ref';
import type { LbTarget, Target } from './targets';

export type CaseState = 'suspected' | 'out' | 'watching' | 'closed';
/** Who registers a target that is removed for a lease. Tasks of ECS are replaced instead. */
export type Owner = 'static' | 'asg';

/**
 * Removals need this tag on the target group and on its Auto Scaling group, by guardrail and by IAM
 * condition. Its value is the name of the one stack that may remove there (`Config.stack`): two
 * stacks that watch one group never both act on it.
 */
export const ENFORCE_TAG_KEY = 'sickbay:enforce';

/**
 * Who really manages a registration, as observed right now. `unknown` says why it could not be
 * told.
 */
export type ObservedOwner =
  | { readonly owner: 'static' }
  | { readonly owner: 'asg'; readonly autoScaling: AutoScalingView }
  | { readonly owner: 'other' | 'unknown'; readonly why: string };

/** An Auto Scaling group and one instance in it. Whatever could not be read forbids a removal. */
export interface AutoScalingView {
  readonly name: string;
  /**
   * LifecycleState of the instance (DescribeAutoScalingInstances, API reference): `InService`,
   * `EnteringStandby`, `Standby`, ...
   */
  readonly lifecycle: string;
  /** Units of capacity that the instance counts for; 1 unless the group has weights. */
  readonly units: number;
  readonly minSize: number;
  readonly maxSize: number;
  readonly desired: number;
  /**
   * The enabled zones and who is in service there; a zone without anybody is one all the same.
   * Empty: the zones are not known.
   */
  readonly zones: readonly ZoneMembers[];
  /** Members in service in a zone that is not enabled (any more), or in none that was told. */
  readonly inOtherZones: readonly string[];
  /**
   * Lifecycle hooks for launches, each with what it does by default; one entry when they could not
   * be read.
   */
  readonly launchHooks: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  readonly suspendedProcesses: readonly string[];
  /** Other members between two steady states, as `id state`. */
  readonly inTransition: readonly string[];
  /**
   * Instance refreshes that have not ended, by their status; one entry when they could not be read.
   */
  readonly refreshes: readonly string[];
  /** Whether it is attached to the target group that is asked about. */
  readonly attachedHere: boolean;
  /**
   * Every other target group it is attached to: Standby deregisters the instance from all of them.
   */
  readonly attached: readonly AttachedGroup[];
  /** What else it is attached to and could not be read, and why. */
  readonly unread: readonly string[];
}

/**
 * Members of an Auto Scaling group that are in service in one zone, by instance id, with the units
 * of capacity that each counts for.
 */
export interface ZoneMembers {
  readonly zone: string;
  readonly units: Readonly<Record<string, number>>;
}

/** A target group as far as a removal from it has to be judged. */
export interface AttachedGroup {
  readonly arn: string;
  readonly lbView: readonly LbTarget[];
  readonly attributes: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * The record of one removal: written before it (`intentAt`), completed after reading the world
 * (`confirmedAt`).
 */
export interface Ejection {
  readonly owner: Owner;
  /** For owner `asg`: the group that has the instance on standby. */
  readonly autoScalingGroup?: string;
  readonly intentAt: number;
  /** ELB's view right before: replayed exactly on the restore. */
  readonly target: Target;
  /**
   * Who had the address of an IP target: it is registered again for nobody else. Absent for
   * instances.
   */
  readonly targetRef?: InstanceRef;
  /** The deregistration delay then, ms: an address cannot be registered before it is over. */
  readonly drainMs?: number;
  readonly scheduleName: string;
  readonly leaseS: number;
  readonly leaseEndsAt: number;
  /** Size of the registered set when we began, from which floors and fractions are taken. */
  readonly originalCount: number;
  /**
   * When DescribeTargetHealth showed that the target is out: a deregistration's own success proves
   * nothing.
   */
  readonly confirmedAt?: number;
  /**
   * The removal did not happen (a crash, a guardrail right before the call): the target never left.
   */
  readonly abandonedAt?: number;
  /**
   * Its scheduled restore was cancelled, and nothing of it is under way. Without it an abandoned
   * removal may still turn out to have been made.
   */
  readonly wayBackCancelledAt?: number;
  readonly restoreIntentAt?: number;
  /** Who asked for the restore and why, when a person did. */
  readonly restoreAskedBy?: string;
  /**
   * When a person gave it up, and who and why: it stays out, and nothing of ours registers it
   * again.
   */
  readonly givenUpAt?: number;
  readonly givenUpBy?: string;
  readonly restoredAt?: number;
}

/**
 * A removal that was asked for by the evidence and refused, each time that its reasons changed:
 * what readiness looks back on (core/readiness/).
 */
export interface Refusal {
  readonly at: number;
  readonly blocked: readonly Blocked[];
  /** The verdict in one line. */
  readonly says: string;
  /**
   * What a client of the load balancer saw then, in one line, and the fraction of slow requests, 0
   * to 1.
   */
  readonly clientView?: string;
  readonly clientSlowFraction?: number;
  /** What CloudWatch said of the load balancer, in one line. */
  readonly balancer?: string;
  /** What its access logs said of the target, in one line, where they are configured. */
  readonly accessLog?: string;
}

/**
 * An operator's word that nothing is removed: one target of a group, or none of it. It stands
 * before no restore.
 */
export interface Hold {
  /** Without it: the whole group. */
  readonly target?: Target;
  readonly by: string;
  readonly reason: string;
  /** Without it: until it is released. */
  readonly untilAt?: number;
}

export interface CaseEvent {
  readonly at: number;
  readonly kind: string;
  readonly says: string;
}

/**
 * An alert that must go out, at least once, with an id. `sentAt` is set after the topic took it.
 */
export interface OutboxEntry {
  readonly id: string;
  readonly at: number;
  readonly severity: 'page' | 'notify';
  readonly subject: string;
  /** Empty once it was sent. */
  readonly body: string;
  readonly sentAt?: number;
  /** Told by its event alone: no topic gets it. */
  readonly quiet?: true;
  /** Kept until it was emitted and the topic has what it makes of it. Absent in older records. */
  readonly event?: CaseStateChange;
  /** When EventBridge took the event. */
  readonly emittedAt?: number;
  /** Of the weekly review, which is on no record: what a topic of format `json` gets. */
  readonly digest?: ReviewDigest;
}

/** What every case has, whatever it is about. */
export interface CaseBase {
  readonly v: 1;
  readonly id: string;
  /** Optimistic lock: each write asks for the one before. */
  readonly rev: number;
  readonly groupArn: string;
  readonly state: CaseState;
  readonly openedAt: number;
  readonly updatedAt: number;
  readonly closedAt?: number;
  readonly because?: ClosedBecause;
  readonly diagnosis?: Diagnosis;
  readonly inspectedAt?: number;
  /** Of the hosts that could be inspected last. Absent in older records: nothing is known then. */
  readonly loads?: readonly HostLoad[];
  /**
   * When Container Insights was asked for the loads of tasks, and why it told none. Absent in older
   * records, and where no service is declared.
   */
  readonly taskLoads?: { readonly readAt: number; readonly unread?: string };
  /**
   * What the load balancer measured itself, as CloudWatch told it when the evidence was weighed.
   */
  readonly balancer?: BalancerView;
  /** What its access logs said of the target then, where they are configured. */
  readonly accessLog?: AccessLogView;
  readonly decision?: Decision;
  /**
   * The decision of the latest removal, with every guardrail as it was evaluated for it: what came
   * later takes the place of `decision`. Absent in older records.
   */
  readonly removal?: Decision;
  /** Oldest first. */
  readonly refusals?: readonly Refusal[];
  /** Empty, but for a case about a target. */
  readonly ejections: readonly Ejection[];
  readonly events: readonly CaseEvent[];
  readonly outbox: readonly OutboxEntry[];
  /**
   * How many entries of each list were left out of the record because it grew too long
   * (core/case-size.ts).
   */
  readonly dropped?: { readonly events: number; readonly refusals: number; readonly alerts: number; readonly ejections: number };
}

/** What a case has that is about a target. */
interface TargetFields {
  readonly target: Target;
  /**
   * Who was behind it when the case was opened: what the case is about, where a target is an
   * address. Absent for instances, which are their own identity, and in older records.
   */
  readonly targetRef?: TargetRef;
  /** Where the target was probed; verification goes on at this address while it is out. */
  readonly address?: string;
  readonly conviction?: TargetVerdict;
  readonly causeStatus?: CauseStatus;
  readonly causeCheckedAt?: number;
  /** Since when too few others serve while the target is out, by every reading since. */
  readonly shortSinceAt?: number;
  readonly watchUntilAt?: number;
  /** Of a task of ECS, which is not removed for a lease. */
  readonly replacement?: Replacement;
}

/** Nothing of these: they may be asked for, and cannot be written. */
type Without<Fields> = { readonly [Name in keyof Fields]?: undefined };

interface HoldFields {
  /** Whom it holds, for how long, and who wants it. */
  readonly hold: Hold;
}

/** One target that is slow, or was. */
export type TargetCase = CaseBase & { readonly about: 'target' } & TargetFields & Without<HoldFields>;

/** A whole group: its targets share a cause, or cannot be seen, or it does not exist. */
export type GroupCase = CaseBase & { readonly about: 'shared' | 'blind' | 'missing' } & Without<TargetFields & HoldFields>;

/**
 * Where a stored record, a message or an event names a group, this stands for the whole stack: it
 * is no group's ARN. Code asks for a case without a group.
 */
export const WHOLE_STACK = '*';

/** Stands where an alert names its case: the weekly review is about none. */
export const REVIEW = 'review';

/** About no group, but about the whole stack. */
type OfStack = Omit<CaseBase, 'groupArn'> & { readonly groupArn?: undefined };

/** Removals are stopped until a person closes it: in a group, or in the stack. */
export type BreakerCase = (CaseBase | OfStack) & { readonly about: 'breaker' } & Without<TargetFields & HoldFields>;

/** An operator's hold. */
export type HoldCase = CaseBase & { readonly about: 'hold' } & HoldFields & Without<TargetFields>;

/** Stands for a record that this code cannot read (core/unreadable.ts); it is never stored. */
export type UnreadableCase = (CaseBase | OfStack) & { readonly about: 'unreadable' } & Without<TargetFields & HoldFields>;

/** Every case that is about a group, or about a target in one. */
export type CaseInGroup = TargetCase | GroupCase | HoldCase;

export type Case = CaseInGroup | BreakerCase | UnreadableCase;
