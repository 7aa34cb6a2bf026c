/**
 * The contracts every stage shares. Times are epoch milliseconds in fields that end in `At`; durations end in `Ms` or `S`;
 * fractions are 0 to 1. Everything that is stored carries `v`: an unknown `v` is an error, an older one is read.
 */

// ---------------------------------------------------------------- targets and what the load balancer says

/** A target exactly as ELB gave it: (Id, Port, AvailabilityZone). Stored before a removal and replayed unchanged on the way back. */
export interface Target {
  readonly id: string;
  readonly port: number;
  readonly availabilityZone?: string;
}

/** `id:port`, with `:zone` where ELB gave one. Unique in one target group. */
export function targetKey(target: Target): string {
  const base = `${target.id}:${target.port}`;
  return target.availabilityZone === undefined ? base : `${base}:${target.availabilityZone}`;
}

/** States of DescribeTargetHealth (ELBv2 API reference, TargetHealth.State). */
export const TARGET_STATES = ['initial', 'healthy', 'unhealthy', 'unhealthy.draining', 'unused', 'draining', 'unavailable'] as const;
export type TargetState = (typeof TARGET_STATES)[number];

/** What the load balancer believes about one target: a claim to be recorded beside the measurement, never trusted. */
export interface LbTarget {
  readonly target: Target;
  readonly state: TargetState;
  readonly reason?: string;
  /** Automatic Target Weights has moved traffic away from this target (AnomalyDetection.MitigationInEffect). */
  readonly mitigationInEffect?: boolean;
  /** A zonal shift is on (AdministrativeOverride.State other than `no_override`). */
  readonly zonalShift?: boolean;
  /** When we first saw the target in this state; undefined: it was so when we first looked at the group. */
  readonly sinceAt?: number;
}

export interface LoadBalancer {
  readonly arn: string;
  readonly dnsName: string;
  readonly scheme: 'internet-facing' | 'internal';
  /** The listener that forwards to the group, by which a client reaches it. */
  readonly port: number;
  readonly protocol: 'HTTP' | 'HTTPS';
}

export interface HealthCheck {
  readonly protocol: string;
  readonly port: string;
  readonly path?: string;
  readonly intervalS: number;
  readonly timeoutS: number;
  readonly matcher?: string;
}

/** What ELB says about one target group. */
export interface TargetGroup {
  readonly arn: string;
  readonly name: string;
  readonly protocol: string;
  readonly protocolVersion?: string;
  readonly port: number;
  readonly targetType: string;
  readonly healthCheck: HealthCheck;
  /** DescribeTargetGroupAttributes, as key and value. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly loadBalancers: readonly LoadBalancer[];
}

/** What DescribeTargetGroups and DescribeTags say: for many groups in few calls. */
export type ListedGroup = Omit<TargetGroup, 'attributes' | 'loadBalancers'> & {
  /** Load balancers that have it in a listener or rule. */
  readonly loadBalancerArns: readonly string[];
};

// ---------------------------------------------------------------- probing

export const SAMPLE_ERROR_KINDS = ['refused', 'reset', 'timeout', 'tls', 'protocol', 'status'] as const;
export type SampleErrorKind = (typeof SAMPLE_ERROR_KINDS)[number];
export type SamplePhase = 'connect' | 'tls' | 'wait' | 'body';

export interface SampleError {
  readonly kind: SampleErrorKind;
  readonly phase?: SamplePhase;
  /** The HTTP status, when `kind` is `status`. */
  readonly status?: number;
}

/** Where the time went, each from the end of the phase before it. */
export interface SamplePhases {
  readonly connectMs: number;
  readonly tlsMs?: number;
  readonly waitMs: number;
  readonly bodyMs: number;
}

/**
 * One probe of one target. `latencyMs` runs from before connect to the end of the body (64 KiB cap): curl's `time_total`.
 * `offsetMs` is the start of the probe, from the start of the round.
 */
export type Sample =
  | { readonly target: Target; readonly offsetMs: number; readonly latencyMs: number; readonly phases?: SamplePhases }
  | { readonly target: Target; readonly offsetMs: number; readonly error: SampleError };

/** How to probe one group's targets: everything the prober needs, so that it needs no permission of its own. */
export interface ProbeGroup {
  readonly groupArn: string;
  readonly protocol: 'HTTP' | 'HTTPS';
  readonly method: 'GET' | 'HEAD';
  readonly path: string;
  readonly hostHeader?: string;
  /** SNI. Defaults to `hostHeader`. */
  readonly serverName?: string;
  /** Status codes that count as an answer, in ELB's matcher syntax: `200`, `200,202`, `200-299`. */
  readonly matcher: string;
  readonly timeoutMs: number;
  /** Connect to this port instead of each target's own. */
  readonly port?: number;
  /** PEM. When given, certificates are verified against it; otherwise they are not verified, as an ALB does not. */
  readonly ca?: string;
  readonly targets: readonly { readonly target: Target; readonly address: string; readonly samples: number }[];
}

/** A load balancer address to sample as a client does. */
export interface ClientProbe {
  readonly groupArn: string;
  readonly protocol: 'HTTP' | 'HTTPS';
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly hostHeader?: string;
  readonly matcher: string;
  readonly timeoutMs: number;
  readonly samples: number;
}

/** The event of `probe.handler`. */
export interface ProbePlan {
  readonly v: 1;
  /** No probe starts later than this after the start of the round. */
  readonly startWindowMs: number;
  readonly groups: readonly ProbeGroup[];
  /** Internal load balancers, which only the prober can reach. */
  readonly clients?: readonly ClientProbe[];
}

/** The prober's judgement of itself: a request to a server in its own process, probed with the same code between the others. */
export interface ProberHealth {
  readonly ok: boolean;
  /** Median latency of the control probes. */
  readonly controlMs: number;
  /** Fraction of samples whose event loop was busy for over 1 ms when they were stamped. */
  readonly busyFraction: number;
  readonly why?: string;
}

/** The answer of `probe.handler`. */
export interface ProbeReport {
  readonly v: 1;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly groups: readonly { readonly groupArn: string; readonly samples: readonly Sample[]; readonly certificateExpiresAt?: number }[];
  readonly clients?: readonly ClientView[];
  readonly prober: ProberHealth;
}

/** What a client of the load balancer saw (S1). `slowFraction` counts samples over `slowAboveMs` and errors. */
export interface ClientView {
  readonly groupArn: string;
  readonly samples: readonly ({ readonly latencyMs: number } | { readonly error: SampleError })[];
}

// ---------------------------------------------------------------- judging

export type FleetVerdict = 'none' | 'suspect' | 'convicted' | 'shared' | 'shared-zone' | 'blind';
export type Why = 'level' | 'tail' | 'errors';

/** One target in one round, as the judge sees it. */
export interface JudgedTarget {
  readonly key: string;
  readonly zone?: string;
  /** Instance type; unknown types are compared with the whole fleet, with wider limits. */
  readonly type?: string;
  /** Time since registration or the last state change; undefined: long ago. */
  readonly ageMs?: number;
  readonly samples: readonly ({ readonly latencyMs: number } | { readonly error: SampleError })[];
}

export interface JudgeSettings {
  /** A sample that timed out enters as right-censored at this value. */
  readonly timeoutMs: number;
  /** Below this age a target is cold: measured, never convicted. */
  readonly graceMs: number;
  /** Rounds that start closer together than this count as one. */
  readonly minRoundGapMs: number;
  /** Clean rounds asked for before a target that is out counts as well. */
  readonly cleanRounds: number;
}

export interface JudgeInput {
  readonly startedAt: number;
  readonly targets: readonly JudgedTarget[];
  /** Up to 20 earlier records, oldest first, as `judge` returned them. */
  readonly history: readonly string[];
  readonly settings: JudgeSettings;
  /** Keys of targets that are out of service by our own hand: judged, and left out of the peers' reference. */
  readonly out?: readonly string[];
  /** The prober's own health; when it is not ok the round is `blind`. */
  readonly prober?: ProberHealth;
}

export interface TargetVerdict {
  readonly key: string;
  readonly verdict: 'clean' | 'suspect' | 'convicted' | 'unjudged';
  /** Evidence for "this target is sick", in nats, and how much a conviction needs. */
  readonly evidenceNats: number;
  readonly neededNats: number;
  readonly why?: Why;
  /** Median over its peers' median, its usual offset removed. */
  readonly ratio?: number;
  readonly medianMs?: number;
  readonly bad: { readonly k: number; readonly n: number };
  readonly cold: boolean;
  /** False when no probe, in this round or the history, ever got an answer. */
  readonly everReached: boolean;
  /** Start of the first round of the window that the evidence rests on. */
  readonly evidenceSince?: number;
  /** Evidence for "this target is like its peers", in nats, over the latest clean rounds. */
  readonly healthNats: number;
  readonly healthNeededNats: number;
  readonly cleanRounds: number;
  /** One line for people: "19.2 nats of evidence, 14.4 needed; 71x its peers; 20 of 20 samples bad". */
  readonly says: string;
}

export interface Judgement {
  readonly fleet: FleetVerdict;
  readonly says: string;
  readonly targets: readonly TargetVerdict[];
  /** Packed record of this round for later judgements: base64, versioned, at most 20 KB for 1,000 targets. */
  readonly record: string;
}

/** What does not change while an instance runs. ELB gives no zone for targets of type instance. */
export interface InstanceFacts {
  /** Primary private IPv4 address. */
  readonly address?: string;
  readonly zone?: string;
  /** Instance type, such as `m7g.large`. */
  readonly type?: string;
}

export type Trigger = 'schedule' | 'alarm' | 'operator';

/** One group's round, the item of the table Rounds (written by the sweep alone). */
export interface Round {
  readonly v: 1;
  readonly groupArn: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly trigger: Trigger;
  /** Without its attributes, which only the responder needs and reads itself; with those load balancers at which a client was sampled. */
  readonly group: Omit<TargetGroup, 'attributes'>;
  readonly clientView?: ClientView;
  readonly lbView: readonly LbTarget[];
  /** What EC2 says of the targets' instances, by instance id. Absent for other targets, and in rounds from before EC2 was asked. */
  readonly instances?: Readonly<Record<string, InstanceFacts>>;
  /** Where each target was probed. */
  readonly addresses: Readonly<Record<string, string>>;
  /** Per target key: latencies in ms, or an error as `kind` or `status@code`. */
  readonly samples: Readonly<Record<string, readonly (number | string)[]>>;
  readonly fleet: FleetVerdict;
  readonly says: string;
  readonly verdicts: readonly TargetVerdict[];
  readonly record: string;
  /** Things a person should know that are not verdicts: the group cannot be probed, the health check's path is shallow. */
  readonly notes: readonly string[];
}

// ---------------------------------------------------------------- inspecting and diagnosing

/** What one host printed, or why it printed nothing. Already redacted. */
export type HostCapture =
  | { readonly host: string; readonly stdout: string; readonly capturedAt: number }
  | { readonly host: string; readonly notInspectable: string; readonly capturedAt: number };

export const CAUSES = [
  'pool-starvation',
  'pool-leak',
  'slow-dependency',
  'cpu-saturation',
  'event-loop-block',
  'memory-pressure',
  'disk-full',
  'disk-io',
  'fd-exhaustion',
  'socket-leak',
  'accept-queue-overflow',
  'dns',
  'release-drift',
  'config-drift',
  'tracer-attached',
  'shared-dependency',
  'unknown',
] as const;
export type Cause = (typeof CAUSES)[number];

/** Who did it. `startedAt` with `pid` is the identity of a process: a pid alone is reused. */
export interface Culprit {
  readonly pid: number;
  readonly command: string;
  readonly user: string;
  readonly startedAt?: number;
  readonly parent?: string;
  readonly cron?: string;
}

/** `confidence`: the probability we would put on this cause being the right one, 0 to 1; its scale is written down in core/diagnose. */
export interface Finding {
  readonly cause: Cause;
  readonly confidence: number;
  readonly culprit?: Culprit;
  readonly evidence: readonly string[];
  readonly against: readonly string[];
}

/** Connection pool of the app on one host. */
export interface PoolReading {
  readonly host: string;
  readonly active: number;
  readonly max: number;
  readonly waiting?: number;
}

export interface Diagnosis {
  /** Best first; never empty: `unknown` when nothing differs but the latency. */
  readonly findings: readonly Finding[];
  /** What only the sick host has, or lacks, that no rule explains. */
  readonly differences: readonly string[];
  readonly notInspectable: readonly { readonly host: string; readonly why: string }[];
  /** The pools of every inspected host: the source of the capacity projection. */
  readonly pools: readonly PoolReading[];
  /** CPU busy fraction of every inspected host, 0 to 1. */
  readonly cpu: readonly { readonly host: string; readonly busyFraction: number }[];
  /** Observations for people that are no cause: a shallow health check, a cron entry only one host has. */
  readonly notes: readonly string[];
}

export type CauseStatus = 'gone' | 'present' | 'unknown';

// ---------------------------------------------------------------- deciding

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
  'budget-group',
  'budget-stack',
  'breaker-open',
  'frozen-deployment',
  'frozen-zonal-shift',
  'frozen-atw',
  'asg-at-min',
  'held',
  'contested',
  'world-changed',
  /** An `errors` conviction that neither the client's view nor the load balancer's own metrics confirm. */
  'uncorroborated',
] as const;
export type Blocked = (typeof BLOCKED)[number];

/** One guardrail as it was evaluated. `value` and `limit` are for people; `passed` is what counts. */
export interface GuardrailCheck {
  readonly guardrail: Blocked;
  readonly value: string;
  readonly limit: string;
  readonly passed: boolean;
}

export type Action = 'eject' | 'abandon' | 'confirm' | 'keep' | 'renew' | 'restore' | 'watch' | 'close' | 'hold' | 'page';

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
  /** For eject and renew: when the way back fires. */
  readonly leaseEndsAt?: number;
  /** For close. */
  readonly because?: ClosedBecause;
  /** The removal was refused by an hourly limit alone: nothing more is removed there until a person has looked. */
  readonly opensBreaker?: 'group' | 'stack';
}

// ---------------------------------------------------------------- cases

export type CaseState = 'suspected' | 'out' | 'watching' | 'closed';
export type ClosedBecause = 'recovered' | 'vanished' | 'operator' | 'not-acted';
export type Owner = 'static' | 'asg';

/** Removals need this tag on the target group and on its Auto Scaling group, by guardrail and by IAM condition; restores do not. */
export const ENFORCE_TAG = { key: 'sickbay:enforce', value: 'true' } as const;

/** Who really manages a registration, as observed right now. `unknown` says why it could not be told. */
export type ObservedOwner =
  | { readonly owner: 'static' }
  | { readonly owner: 'asg'; readonly autoScaling: AutoScalingView }
  | { readonly owner: 'other' | 'unknown'; readonly why: string };

/** An Auto Scaling group and one instance in it. Whatever could not be read forbids a removal. */
export interface AutoScalingView {
  readonly name: string;
  /** LifecycleState of the instance (DescribeAutoScalingInstances, API reference): `InService`, `EnteringStandby`, `Standby`, ... */
  readonly lifecycle: string;
  /** Units of capacity that the instance counts for; 1 unless the group has weights. */
  readonly units: number;
  readonly minSize: number;
  readonly desired: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly suspendedProcesses: readonly string[];
  /** Other members between two steady states, as `id state`. */
  readonly inTransition: readonly string[];
  /** Instance refreshes that have not ended, by their status; one entry when they could not be read. */
  readonly refreshes: readonly string[];
  /** Whether it is attached to the target group that is asked about. */
  readonly attachedHere: boolean;
  /** Every other target group it is attached to: Standby deregisters the instance from all of them. */
  readonly attached: readonly AttachedGroup[];
  /** What else it is attached to and could not be read, and why. */
  readonly unread: readonly string[];
}

/** A target group as far as a removal from it has to be judged. */
export interface AttachedGroup {
  readonly arn: string;
  readonly lbView: readonly LbTarget[];
  readonly attributes: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

/** The record of one removal: written before it (`intentAt`), completed after reading the world (`confirmedAt`). */
export interface Ejection {
  readonly owner: Owner;
  /** For owner `asg`: the group that has the instance on standby. */
  readonly autoScalingGroup?: string;
  readonly intentAt: number;
  /** ELB's view right before: replayed exactly on the way back. */
  readonly target: Target;
  readonly scheduleName: string;
  readonly leaseS: number;
  readonly leaseEndsAt: number;
  /** Size of the registered set when we began, from which floors and fractions are taken. */
  readonly originalCount: number;
  /** When DescribeTargetHealth showed that the target is out: a deregistration's own success proves nothing. */
  readonly confirmedAt?: number;
  /** The removal did not happen (a crash, a guardrail right before the call): the target never left. */
  readonly abandonedAt?: number;
  readonly restoreIntentAt?: number;
  /** Who asked for the restore and why, when a person did. */
  readonly restoreAskedBy?: string;
  readonly restoredAt?: number;
}

/** A removal that was asked for by the evidence and refused, each time that its reasons changed: what the promotion report looks back on. */
export interface Refusal {
  readonly at: number;
  readonly blocked: readonly Blocked[];
  /** The verdict in one line. */
  readonly says: string;
  /** What a client of the load balancer saw then, in one line, and the fraction of slow requests, 0 to 1. */
  readonly clientView?: string;
  readonly clientSlowFraction?: number;
}

/** An operator's word that nothing is removed: one target of a group, or none of it. It stands before no restore. */
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

/** An alert that must go out, at least once, with an id. `sentAt` is set after the topic took it. */
export interface OutboxEntry {
  readonly id: string;
  readonly at: number;
  readonly severity: 'page' | 'notify';
  readonly subject: string;
  readonly body: string;
  readonly sentAt?: number;
}

export interface Case {
  readonly v: 1;
  readonly id: string;
  /** Optimistic lock: each write asks for the one before. */
  readonly rev: number;
  readonly groupArn: string;
  /**
   * A case is about one target, about a whole group whose targets share a cause or cannot be seen, or it is an open breaker: of a group,
   * or of the stack (`groupArn` is `*`); or it is an operator's hold.
   */
  readonly about: 'target' | 'shared' | 'blind' | 'breaker' | 'hold';
  /** Present exactly when the case is a hold. */
  readonly hold?: Hold;
  /** Present exactly when the case is about a target. */
  readonly target?: Target;
  /** Where the target was probed; verification goes on at this address while it is out. */
  readonly address?: string;
  readonly state: CaseState;
  readonly openedAt: number;
  readonly updatedAt: number;
  readonly closedAt?: number;
  readonly because?: ClosedBecause;
  readonly conviction?: TargetVerdict;
  readonly diagnosis?: Diagnosis;
  readonly inspectedAt?: number;
  readonly causeStatus?: CauseStatus;
  readonly causeCheckedAt?: number;
  readonly decision?: Decision;
  /** Oldest first. */
  readonly refusals?: readonly Refusal[];
  readonly ejections: readonly Ejection[];
  readonly watchUntilAt?: number;
  readonly events: readonly CaseEvent[];
  readonly outbox: readonly OutboxEntry[];
}
