import type { TargetDescription, TargetHealth, TargetHealthReasonEnum } from '@aws-sdk/client-elastic-load-balancing-v2';

export interface HealthThresholds {
  readonly healthy: number;
  readonly unhealthy: number;
}

/**
 * One target in one group: what health checks have said about it and whether it is on its way out.
 */
export interface Registration {
  readonly target: TargetDescription & { readonly Id: string; readonly Port: number };
  readonly zone: string | undefined;
  health: 'initial' | 'healthy' | 'unhealthy';
  checked: boolean;
  reason: TargetHealthReasonEnum | undefined;
  passed: number;
  failed: number;
  /** End of the deregistration delay; undefined while registered. */
  drainingUntil: number | undefined;
}

export function newRegistration(target: Registration['target'], zone: string | undefined): Registration {
  return { target, zone, health: 'initial', checked: false, reason: undefined, passed: 0, failed: 0, drainingUntil: undefined };
}

/**
 * Enters one health check's result. A new target needs one success to become healthy, an unhealthy
 * one the group's healthy threshold in a row; failures count against the unhealthy threshold (ELBv2
 * user guide, target group health checks).
 */
export function enterHealthCheck(entry: Registration, ok: boolean, reason: TargetHealthReasonEnum, thresholds: HealthThresholds): void {
  entry.checked = true;
  entry.passed = ok ? entry.passed + 1 : 0;
  entry.failed = ok ? 0 : entry.failed + 1;
  const needed = entry.health === 'initial' ? 1 : thresholds.healthy;
  if (ok && entry.passed >= needed) {
    entry.health = 'healthy';
    entry.reason = undefined;
  }
  if (!ok && entry.failed >= thresholds.unhealthy) {
    entry.health = 'unhealthy';
    entry.reason = reason;
  }
}

const DESCRIPTIONS: Readonly<Partial<Record<TargetHealthReasonEnum, string>>> = {
  'Elb.RegistrationInProgress': 'Target registration is in progress',
  'Elb.InitialHealthChecking': 'Initial health checks in progress',
  'Target.DeregistrationInProgress': 'Target deregistration is in progress',
  'Target.NotRegistered': 'Target is not registered to the target group',
  'Target.NotInUse': 'Target group is not configured to receive traffic from the load balancer',
  'Target.InvalidState': 'Target is in the stopped or terminated state',
  'Target.Timeout': 'Request timed out',
  'Target.FailedHealthChecks': 'Health checks failed',
};

/**
 * `State`, `Reason` and `Description` as DescribeTargetHealth has them; a healthy target carries
 * the state alone.
 */
export function targetHealth(state: NonNullable<TargetHealth['State']>, reason?: TargetHealthReasonEnum): TargetHealth {
  if (reason === undefined) return { State: state };
  return { State: state, Reason: reason, Description: DESCRIPTIONS[reason] ?? reason };
}

/** The health that checks alone have given this target. */
export function checkedHealth(entry: Registration): TargetHealth {
  if (entry.health !== 'initial') return targetHealth(entry.health, entry.reason);
  return targetHealth('initial', entry.checked ? 'Elb.InitialHealthChecking' : 'Elb.RegistrationInProgress');
}

/** Under what a group keeps a registration. */
export function keyOf(id: string, port: number): string {
  return `${id}:${port}`;
}
