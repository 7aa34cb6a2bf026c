/** What is read of AWS: load balancers, metrics, logs, instances and hosts. */
import type { Query, Row } from '../../core/access-log/query';
import type { Config } from '../../core/config';
import type {
  BalancerMinute,
  HostCapture,
  InstanceFacts,
  InstanceRef,
  LbTarget,
  ListedGroup,
  LoadBalancer,
  ObservedOwner,
  ProbeVersion,
  Target,
  TargetGroup,
  TargetRef,
} from '../../core/model';
import type { KillSwitch } from '../../core/decide/situation';

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

/** One task of ECS, on the container host that it runs on. */
export interface TaskLook {
  readonly instanceId: string;
  /** Of the inspection document: they name the task and its port. */
  readonly parameters: Readonly<Record<string, string[]>>;
}

export interface TaskHosts {
  /**
   * Runs the inspection document once for each task, several of which may be on one host. Answers
   * in the order of `looks`, each known by its instance; a silent one is `notInspectable`.
   */
  inspect(looks: readonly TaskLook[], waitMs: number): Promise<HostCapture[]>;
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

export interface Owners {
  /** Who manages each target's registration, by target id. */
  observe(group: TargetGroup, targets: readonly Target[]): Promise<Map<string, ObservedOwner>>;
}

export interface KillSwitchReader {
  /** `on` when it cannot be read: the reason is kept for the alert. */
  read(): Promise<KillSwitch>;
}
