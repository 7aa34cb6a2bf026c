/**
 * What the two pipelines need from the world. Handlers wire these to AWS (lambda/aws/ and the
 * adapters beside each stage); chaos runs wire them to the lab's world model. A method makes at
 * most one mutating call.
 */
import type { Query, Row } from '../core/access-log/query';
import type { Config } from '../core/config';
import type {
  BalancerMinute,
  Blocked,
  Case,
  CaseStateChange,
  HostCapture,
  InstanceFacts,
  InstanceRef,
  LbTarget,
  ListedGroup,
  LoadBalancer,
  ObservedOwner,
  OutboxEntry,
  ProbePlan,
  ProbeReport,
  ProbeVersion,
  ClientProbe,
  ClientView,
  DeclaredService,
  Ejection,
  Owner,
  Round,
  ServiceView,
  Target,
  TargetGroup,
  TargetRef,
} from '../core/model';
import type { KillSwitch } from '../core/decide/situation';
import type { Deployment } from '../core/report/links';
import type { MetricName } from './contract';

export interface Clock {
  now(): number;
  sleep(ms: number): Promise<void>;
}

/**
 * What a client of the load balancer is sampled with: GET. Without a host it is the load balancer's
 * own name.
 */
export interface ClientRequest {
  readonly host?: string;
  readonly path: string;
  /** Absent: HTTP/1.1. */
  readonly version?: ProbeVersion;
  /** What is spoken to the targets: a TCP listener passes it on. Absent: HTTP. */
  readonly protocol?: 'HTTP' | 'HTTPS';
}

export interface LoadBalancing {
  /**
   * The target groups that the configuration names or whose tags it selects, in few calls for many
   * groups. One that does not exist is absent.
   */
  groups(config: Config): Promise<ListedGroup[]>;
  /**
   * Those of these target groups, by ARN, of which ELB says that they do not exist. One call for
   * each. @throws when it cannot be told.
   */
  missing(groupArns: readonly string[]): Promise<string[]>;
  /**
   * Where the request reaches each group and no other, by its ARN; groups for which no listener's
   * rules do so are absent.
   */
  reach(
    groups: readonly ListedGroup[],
    requestOf: (group: ListedGroup) => ClientRequest,
  ): Promise<ReadonlyMap<string, readonly LoadBalancer[]>>;
  /**
   * These groups with their attributes, and without where clients reach them: a call for each. One
   * that was deleted meanwhile is absent.
   */
  describe(groups: readonly ListedGroup[]): Promise<TargetGroup[]>;
  /**
   * Fresh target health of one group, without targets that are Lambda functions. @throws
   * TargetGroupNotFound (lambda/discover/gone.ts), and all else.
   */
  health(groupArn: string): Promise<LbTarget[]>;
}

export interface BalancerMetrics {
  /**
   * What the load balancer measured of one target group, minute by minute, oldest first, from
   * `VIEW_MINUTES` ago until now. Minutes without a request are absent. @throws when CloudWatch
   * does not answer in full, or no Application Load Balancer forwards to the group.
   */
  minutes(group: Pick<TargetGroup, 'arn' | 'loadBalancerArns'>, now: number): Promise<BalancerMinute[]>;
}

export interface AccessLogs {
  /**
   * The rows of one Logs Insights query, and how much it read. @throws when it does not end within
   * 20 s, reads more than is configured, fails, or may have left rows out.
   */
  query(query: Query): Promise<{ readonly rows: readonly Row[]; readonly scannedBytes: number }>;
}

export interface Hosts {
  /**
   * Runs the inspection document on the hosts; every host asked for is answered, a silent one as
   * `notInspectable`.
   */
  inspect(ids: readonly string[], parameters: Readonly<Record<string, string[]>>, waitMs: number): Promise<HostCapture[]>;
}

export interface Instances {
  /** Facts by instance id; ids that EC2 does not know, or that no longer run, are absent. */
  describe(ids: readonly string[]): Promise<Map<string, InstanceFacts>>;
}

/** What has to be known of a target group to say who is behind its targets. */
export type RefGroup = Pick<ListedGroup, 'arn' | 'targetType' | 'vpcId' | 'tags'>;

export interface TargetRefs {
  /**
   * Who is behind each target right now, by its key. Every target that is asked for is answered:
   * what cannot be told, and why, is `unknown`.
   */
  of(group: RefGroup, targets: readonly Target[]): Promise<ReadonlyMap<string, TargetRef>>;
  /**
   * Whether the address is, right now, the primary one of that interface, and that the primary one
   * of that instance. @throws when EC2 cannot be asked.
   */
  holds(address: string, ref: InstanceRef): Promise<boolean>;
}

export interface InstanceStates {
  /**
   * The state of each instance, as EC2 names it (InstanceState, API reference), by id; one that EC2
   * knows nothing of is absent. @throws when EC2 cannot be asked.
   */
  of(ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

export interface Prober {
  probe(plan: ProbePlan): Promise<ProbeReport>;
}

export interface ClientSampler {
  /**
   * Samples an internet-facing load balancer as a client does; no sample starts after the window.
   */
  sample(probe: ClientProbe, startWindowMs: number): Promise<ClientView>;
}

export interface RoundRecords {
  /** Newest first. */
  latest(groupArn: string, limit: number): Promise<Round[]>;
  append(round: Round): Promise<void>;
  /**
   * Puts on record that a round of these groups begins. Returns when it began: `at`, or a little
   * later, for no two begin at the same time.
   */
  begin(groupArns: readonly string[], at: number): Promise<number>;
  /**
   * When the latest round of each group began, finished or not, of those that began after one time
   * and before another; by ARN.
   */
  begun(after: number, before: number): Promise<ReadonlyMap<string, number>>;
}

/** A lease on the whole stack; `until` is when it ends. */
export interface StackLease {
  readonly holder: string;
  readonly untilAt: number;
}

export interface CaseRecords {
  open(): Promise<Case[]>;
  /** Cases closed after the given time. */
  closedSince(at: number): Promise<Case[]>;
  /**
   * Stores the case if nobody else wrote it since it was read; returns it with its new `rev`.
   * @throws when it was overtaken.
   */
  put<Incident extends Case>(incident: Incident): Promise<Incident>;
  /** Copies a closed case to the archive. */
  archive(incident: Case): Promise<void>;
  /** Removes a closed case from the open ones, if nobody else wrote it since it was read. */
  drop(incident: Case): Promise<void>;
}

export interface LeaseRecords {
  /** The lease, or undefined while somebody else holds it. */
  acquire(holder: string, now: number, untilAt: number): Promise<StackLease | undefined>;
  release(lease: StackLease): Promise<void>;
}

/** What has to be known of a removal to make it and to undo it. */
export type Removal = Pick<Ejection, 'owner' | 'target' | 'targetRef' | 'autoScalingGroup'>;

/**
 * The scheduled restore: a one-time EventBridge Scheduler entry that undoes the removal without any
 * of our code.
 */
export interface ScheduledRestores {
  /** Creates the entry, or moves the one that is there. */
  create(name: string, at: number, groupArn: string, removal: Removal): Promise<void>;
  move(name: string, at: number, groupArn: string, removal: Removal): Promise<void>;
  exists(name: string): Promise<boolean>;
  cancel(name: string): Promise<void>;
}

export interface Owners {
  /** Who manages each target's registration, by target id. */
  observe(group: TargetGroup, targets: readonly Target[]): Promise<Map<string, ObservedOwner>>;
}

/**
 * How one kind of owner takes a target out and brings it back. Success proves nothing: target
 * health is read afterwards.
 */
export interface Registration {
  /** One removal, without retries. */
  remove(groupArn: string, removal: Removal): Promise<void>;
  /**
   * One call at most; none while the owner is at it already. @throws TargetVanished when there is
   * nothing to bring back any more, TargetNotRunning when it can be brought back once its instance
   * runs, AddressNotFree while ELB does not take its address, and ReturnRefused when only a person
   * can make it possible.
   */
  restore(groupArn: string, removal: Removal): Promise<void>;
}

/** One registration an owner; a removal is undone by the one that made it. */
export type Registrations = Readonly<Record<Owner, Registration>>;

/** A task to be stopped, with what is told in its place (StopTask, ECS API reference: `reason`). */
export interface TaskStop {
  readonly clusterArn: string;
  readonly taskArn: string;
  readonly reason: string;
}

/** ECS. */
export interface EcsServices {
  /**
   * The service as it is now, with its running tasks and those of `others`, by ARN, that ECS still
   * knows; undefined when ECS knows no such service. @throws when ECS cannot be asked.
   */
  read(declared: DeclaredService, others?: readonly string[]): Promise<ServiceView | undefined>;
  /** One StopTask, without retries. Success proves nothing: the task is read afterwards. */
  stop(task: TaskStop): Promise<void>;
  /** One DeregisterTargets, without retries. */
  deregister(groupArn: string, target: Target): Promise<void>;
  /**
   * One RegisterTargets, without retries. Whose the address is the caller has read from ECS: EC2
   * does not know a task.
   */
  register(groupArn: string, target: Target): Promise<void>;
}

/**
 * The scheduled stop: a one-time EventBridge Scheduler entry that stops a task without any of our
 * code.
 */
export interface ScheduledStops {
  create(name: string, at: number, task: TaskStop): Promise<void>;
  move(name: string, at: number, task: TaskStop): Promise<void>;
  exists(name: string): Promise<boolean>;
  cancel(name: string): Promise<void>;
}

export type Severity = OutboxEntry['severity'];

/**
 * How many endpoints hear a topic. SNS counts one as pending until it has confirmed its
 * subscription.
 */
export interface Audience {
  readonly confirmed: number;
  readonly pending: number;
}

/** The two topics: each entry goes to the one of its severity. */
export interface Topic {
  publish(entry: OutboxEntry, context: { readonly caseId: string; readonly groupArn?: string }): Promise<void>;
  audience(severity: Severity): Promise<Audience>;
}

/** EventBridge. */
export interface CaseEvents {
  /** @throws when EventBridge did not take the event: its answer may say so without failing. */
  emit(event: CaseStateChange): Promise<void>;
}

export interface KillSwitchReader {
  /** `on` when it cannot be read: the reason is kept for the alert. */
  read(): Promise<KillSwitch>;
}

export interface Responder {
  /** Starts the responder asynchronously. */
  wake(): Promise<void>;
}

/** Values of the whole stack, of one target group or of one reason, at one time. */
export interface Measurement {
  readonly at: number;
  readonly of?: { readonly group: string } | { readonly reason: Blocked };
  readonly values: Readonly<Partial<Record<MetricName, number>>>;
}

export interface Metrics {
  (measurement: Measurement): void;
}

export interface Log {
  (event: string, details: Readonly<Record<string, unknown>>): void;
}

export interface SweepPorts {
  readonly clock: Clock;
  readonly loadBalancing: LoadBalancing;
  readonly instances: Instances;
  readonly targetRefs: Pick<TargetRefs, 'of'>;
  readonly prober: Prober;
  /** In another subnet, where the configuration names several. */
  readonly secondProber?: Prober;
  readonly clients: ClientSampler;
  readonly rounds: RoundRecords;
  readonly cases: Pick<CaseRecords, 'open'>;
  readonly responder: Responder;
  readonly log: Log;
  readonly metrics: Metrics;
}

export interface RespondPorts {
  readonly clock: Clock;
  readonly loadBalancing: LoadBalancing;
  readonly balancerMetrics: BalancerMetrics;
  /** Undefined where none are configured. */
  readonly accessLogs?: AccessLogs;
  readonly hosts: Hosts;
  readonly rounds: Pick<RoundRecords, 'latest'>;
  readonly cases: CaseRecords;
  readonly lease: LeaseRecords;
  readonly scheduledRestores: ScheduledRestores;
  readonly owners: Owners;
  readonly instanceStates: InstanceStates;
  readonly targetRefs: Pick<TargetRefs, 'of'>;
  readonly registrations: Registrations;
  readonly ecs: EcsServices;
  readonly scheduledStops: ScheduledStops;
  readonly topic: Topic;
  readonly caseEvents: CaseEvents;
  /** Where this stack is, and where people find it: for links in what they are told. */
  readonly deployment: Deployment;
  readonly killSwitch: KillSwitchReader;
  readonly log: Log;
  readonly metrics: Metrics;
}
