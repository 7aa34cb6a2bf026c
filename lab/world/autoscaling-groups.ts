import type { AutoScalingGroup, InstanceRefresh, LifecycleHook, LifecycleState } from '@aws-sdk/client-auto-scaling';
import { AwsError } from './aws-error';
import type { Instances } from './instances';

export interface AutoScalingGroupSpec {
  readonly name: string;
  readonly arn?: string;
  readonly minSize: number;
  readonly maxSize: number;
  readonly desiredCapacity: number;
  readonly instanceIds: readonly string[];
  readonly targetGroupArns: readonly string[];
  readonly healthCheckType?: 'EC2' | 'ELB';
  /** Zones of its subnets; those of its first instances by default. */
  readonly zones?: readonly string[];
  readonly hooks?: readonly Hook[];
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * A lifecycle hook. What completes it when an instance is launched or ended does so at once; nobody
 * does on the way out of standby.
 */
export interface Hook {
  readonly name: string;
  /** LAUNCHING by default. */
  readonly on?: 'LAUNCHING' | 'TERMINATING';
  readonly defaultResult: 'ABANDON' | 'CONTINUE';
  readonly heartbeatS: number;
}

export interface Sizes {
  readonly minSize: number;
  readonly maxSize: number;
  readonly desiredCapacity: number;
}

export interface GroupState {
  spec: AutoScalingGroupSpec;
  readonly arn: string;
  readonly createdAt: number;
  readonly zones: readonly string[];
  readonly hooks: Hook[];
  minSize: number;
  maxSize: number;
  desired: number;
  readonly members: Map<string, LifecycleState>;
  readonly refreshes: InstanceRefresh[];
  readonly suspended: Set<string>;
}

/** The group as DescribeAutoScalingGroups shows it. */
export function describeGroup(state: GroupState, instances: Instances): AutoScalingGroup {
  const { spec } = state;
  return {
    AutoScalingGroupName: spec.name,
    AutoScalingGroupARN: state.arn,
    MinSize: state.minSize,
    MaxSize: state.maxSize,
    DesiredCapacity: state.desired,
    DefaultCooldown: 300,
    AvailabilityZones: [...state.zones],
    HealthCheckType: spec.healthCheckType ?? 'EC2',
    CreatedTime: new Date(state.createdAt),
    TargetGroupARNs: [...spec.targetGroupArns],
    TrafficSources: spec.targetGroupArns.map((Identifier) => ({ Identifier, Type: 'elbv2' })),
    SuspendedProcesses: [...state.suspended].map((ProcessName) => ({ ProcessName, SuspensionReason: 'User suspended' })),
    Instances: [...state.members].map(([id, lifecycle]) => ({
      InstanceId: id,
      AvailabilityZone: zoneOf(id, instances),
      LifecycleState: lifecycle,
      HealthStatus: 'Healthy',
      ProtectedFromScaleIn: false,
    })),
    Tags: Object.entries(spec.tags ?? {}).map(([Key, Value]) => ({
      Key,
      Value,
      ResourceId: spec.name,
      ResourceType: 'auto-scaling-group',
    })),
  };
}

/** The hooks as DescribeLifecycleHooks shows them. */
export function describeHooks({ spec, hooks }: GroupState): LifecycleHook[] {
  return hooks.map(({ name, on = 'LAUNCHING', defaultResult, heartbeatS }) => ({
    LifecycleHookName: name,
    AutoScalingGroupName: spec.name,
    LifecycleTransition: `autoscaling:EC2_INSTANCE_${on}`,
    DefaultResult: defaultResult,
    HeartbeatTimeout: heartbeatS,
    GlobalTimeout: 172_800,
  }));
}

export function zoneOf(id: string, instances: Instances): string {
  return instances.find(id)?.zone ?? 'unknown';
}

/**
 * @throws AwsError ValidationError when an instance is not in the group, or in another state than
 * the one needed.
 */
export function requireState(state: GroupState, instanceIds: readonly string[], needed: LifecycleState): void {
  for (const id of instanceIds) {
    const lifecycle = state.members.get(id);
    if (lifecycle === undefined)
      throw new AwsError('ValidationError', `The instance ${id} is not part of Auto Scaling group ${state.spec.name}.`);
    if (lifecycle !== needed) throw new AwsError('ValidationError', `The instance ${id} is in state ${lifecycle}, needed ${needed}.`);
  }
}

export function newGroup(spec: AutoScalingGroupSpec, made: string, createdAt: number, instances: Instances): GroupState {
  return {
    spec,
    arn: made,
    createdAt,
    zones: spec.zones ?? [...new Set(spec.instanceIds.map((id) => zoneOf(id, instances)))],
    hooks: [...(spec.hooks ?? [])],
    minSize: spec.minSize,
    maxSize: spec.maxSize,
    desired: spec.desiredCapacity,
    members: new Map(),
    refreshes: [],
    suspended: new Set(),
  };
}

/** As Auto Scaling begins what it refuses for a size. */
export function sizesText(state: GroupState): string {
  const { minSize, maxSize, desired } = state;
  return `AutoScalingGroup ${state.spec.name} has min-size=${minSize}, max-size=${maxSize}, and desired-size=${desired}.`;
}
