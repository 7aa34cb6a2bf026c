import type { TargetGroup } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { HealthThresholds, Registration } from './elb-registration';
import { LAB_VPC } from './network';

/** What is needed to set a target group up. Everything not given has the service's default. */
export interface TargetGroupSpec {
  readonly name: string;
  readonly arn?: string;
  readonly port: number;
  readonly protocol?: 'HTTP' | 'HTTPS' | 'TCP' | 'TLS' | 'UDP';
  readonly protocolVersion?: 'HTTP1' | 'HTTP2' | 'GRPC';
  readonly ipAddressType?: 'ipv4' | 'ipv6';
  /** Target Optimizer: the port of its agents. */
  readonly targetControlPort?: number;
  readonly targetType?: 'instance' | 'ip' | 'lambda' | 'alb';
  readonly vpcId?: string;
  readonly healthCheck?: Partial<
    Pick<
      TargetGroup,
      | 'HealthCheckProtocol'
      | 'HealthCheckPort'
      | 'HealthCheckPath'
      | 'HealthCheckEnabled'
      | 'HealthCheckIntervalSeconds'
      | 'HealthCheckTimeoutSeconds'
      | 'HealthyThresholdCount'
      | 'UnhealthyThresholdCount'
      | 'Matcher'
    >
  >;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface GroupRecord {
  readonly arn: string;
  readonly group: TargetGroup;
  readonly attributes: Map<string, string>;
  readonly registrations: Map<string, Registration>;
  /** Targets that have drained, by key, and until when target health still lists them. */
  readonly departed: Map<string, { readonly target: Registration['target']; readonly until: number }>;
}

/**
 * Defaults of an Application Load Balancer's target group (ELBv2 API reference,
 * TargetGroupAttribute).
 */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  'deregistration_delay.timeout_seconds': '300',
  'slow_start.duration_seconds': '0',
  'stickiness.enabled': 'false',
  'stickiness.type': 'lb_cookie',
  'load_balancing.algorithm.type': 'round_robin',
  'load_balancing.algorithm.anomaly_mitigation': 'off',
  'load_balancing.cross_zone.enabled': 'use_load_balancer_configuration',
  'target_group_health.dns_failover.minimum_healthy_targets.count': '1',
  'target_group_health.dns_failover.minimum_healthy_targets.percentage': 'off',
  'target_group_health.unhealthy_state_routing.minimum_healthy_targets.count': '1',
  'target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage': 'off',
};

/** Without those that only an Application Load Balancer's groups have (same page). */
function ofNetwork(): Record<string, string> {
  const { 'stickiness.type': _type, ...shared } = ATTRIBUTES;
  const known = Object.entries(shared).filter(([name]) => !name.startsWith('load_balancing.algorithm.') && !name.startsWith('slow_start.'));
  return { ...Object.fromEntries(known), 'stickiness.type': 'source_ip' };
}

/**
 * New connections that a Network Load Balancer makes to a target after its deregistration: about
 * 120 s of them were seen (aws/containers-roadmap #470).
 */
export const NETWORK_REMOVAL_MS = 120_000;

export function groupRecord(arn: string, spec: TargetGroupSpec): GroupRecord {
  const protocol = spec.protocol ?? 'HTTP';
  const group: TargetGroup = {
    TargetGroupArn: arn,
    TargetGroupName: spec.name,
    Protocol: protocol,
    ...(protocol.startsWith('HTTP') ? { ProtocolVersion: spec.protocolVersion ?? 'HTTP1' } : {}),
    Port: spec.port,
    // A group of Lambda functions has neither (TargetGroup, API reference).
    ...(spec.targetType === 'lambda' ? {} : { VpcId: spec.vpcId ?? LAB_VPC }),
    TargetType: spec.targetType ?? 'instance',
    IpAddressType: spec.ipAddressType ?? 'ipv4',
    ...(spec.targetControlPort === undefined ? {} : { TargetControlPort: spec.targetControlPort }),
    HealthCheckEnabled: true,
    HealthCheckProtocol: 'HTTP',
    HealthCheckPort: 'traffic-port',
    HealthCheckPath: spec.protocolVersion === 'GRPC' ? '/AWS.ALB/healthcheck' : '/',
    HealthCheckIntervalSeconds: 30,
    HealthCheckTimeoutSeconds: 5,
    HealthyThresholdCount: 5,
    UnhealthyThresholdCount: 2,
    Matcher: spec.protocolVersion === 'GRPC' ? { GrpcCode: '12' } : { HttpCode: '200' },
    ...spec.healthCheck,
  };
  return {
    arn,
    group,
    attributes: new Map(Object.entries({ ...(protocol.startsWith('HTTP') ? ATTRIBUTES : ofNetwork()), ...spec.attributes })),
    registrations: new Map(),
    departed: new Map(),
  };
}

export function thresholds(record: GroupRecord): HealthThresholds {
  return { healthy: record.group.HealthyThresholdCount ?? 5, unhealthy: record.group.UnhealthyThresholdCount ?? 2 };
}

export function deregistrationDelayMs(record: GroupRecord): number {
  return 1000 * Number(record.attributes.get('deregistration_delay.timeout_seconds'));
}

/**
 * Whether so few targets are healthy that the load balancer sends to all of them (fails open):
 * fewer than the configured count, or than the configured percentage of the registered ones (target
 * group health, unhealthy state routing).
 */
export function failsOpen(record: GroupRecord, healthy: number, registered: number): boolean {
  const attribute = (name: string): string =>
    record.attributes.get(`target_group_health.unhealthy_state_routing.minimum_healthy_targets.${name}`) ?? 'off';
  if (healthy < (Number(attribute('count')) || 1)) return true;
  const percentage = Number(attribute('percentage'));
  return percentage > 0 && healthy * 100 < registered * percentage;
}
