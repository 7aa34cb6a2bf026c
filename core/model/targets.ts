/**
 * Shared contracts: targets and what the load balancer says. Everything is exported by
 * core/model.ts, from which all others import.
 */
/**
 * A target as ELB gave it: Id and Port, and for an IP address the Availability Zone. Stored before
 * a removal and replayed unchanged on the restore. Of an instance no zone is kept: RegisterTargets
 * does not take one (TargetDescription, ELBv2 API reference).
 */
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

/**
 * Whether the id is an instance's (`i-` and hexadecimal digits; EC2 user guide, resource ids): an
 * IP address has dots or colons.
 */
export function isInstanceId(id: string): boolean {
  return id.startsWith('i-');
}

/** States of DescribeTargetHealth (ELBv2 API reference, TargetHealth.State). */
export const TARGET_STATES = ['initial', 'healthy', 'unhealthy', 'unhealthy.draining', 'unused', 'draining', 'unavailable'] as const;
export type TargetState = (typeof TARGET_STATES)[number];

/**
 * What the load balancer believes about one target: a claim to be recorded beside the measurement,
 * never trusted.
 */
export interface LbTarget {
  readonly target: Target;
  readonly state: TargetState;
  readonly reason?: string;
  /**
   * Automatic Target Weights has moved traffic away from this target
   * (AnomalyDetection.MitigationInEffect).
   */
  readonly mitigationInEffect?: boolean;
  /** It was asked for, and the load balancer did not say (a target behind no ALB never has it). */
  readonly mitigationUntold?: boolean;
  /** A zonal shift is on (AdministrativeOverride.State other than `no_override`). */
  readonly zonalShift?: boolean;
  /**
   * When we first saw the target in this state; undefined: it was so when we first looked at the
   * group.
   */
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
  /** Values of `grpc-status` (Matcher.GrpcCode, ELBv2 API reference). */
  readonly grpcMatcher?: string;
}

/** What ELB says about one target group. */
export interface TargetGroup {
  readonly arn: string;
  readonly name: string;
  readonly protocol: string;
  readonly protocolVersion?: string;
  readonly port: number;
  readonly targetType: string;
  /** Where its targets are. Absent for Lambda functions, and in older rounds. */
  readonly vpcId?: string;
  /**
   * Target Optimizer: the port of the agents that limit the requests in progress on each target
   * (TargetGroup.TargetControlPort, ELBv2 API reference).
   */
  readonly targetControlPort?: number;
  /**
   * `ipv6`: targets are reached by their IPv6 address alone (CreateTargetGroup, API reference).
   * Absent in older rounds: IPv4.
   */
  readonly ipAddressType?: string;
  readonly healthCheck: HealthCheck;
  /** DescribeTargetGroupAttributes, as key and value. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** Where a client was sampled; empty where nobody asked. */
  readonly loadBalancers: readonly LoadBalancer[];
  /** Load balancers that have it in a listener or rule, by which CloudWatch names their metrics. */
  readonly loadBalancerArns?: readonly string[];
}

/** What DescribeTargetGroups and DescribeTags say: for many groups in few calls. */
export type ListedGroup = Omit<TargetGroup, 'attributes' | 'loadBalancers'> & {
  readonly loadBalancerArns: readonly string[];
};
