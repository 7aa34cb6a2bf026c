/**
 * What has to be known of an Auto Scaling group before one of its instances may go on standby. What
 * cannot be read is said, and forbids it.
 */
import {
  DescribeAutoScalingGroupsCommand,
  DescribeLifecycleHooksCommand,
  paginateDescribeInstanceRefreshes,
  type AutoScalingClient,
  type AutoScalingGroup,
  type AutoScalingInstanceDetails,
} from '@aws-sdk/client-auto-scaling';
import {
  DescribeTagsCommand,
  DescribeTargetGroupAttributesCommand,
  type ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { AttachedGroup, AutoScalingView, TargetGroup } from '../../core/model';
import { loadBalancing } from './load-balancing';

/**
 * Statuses of a refresh that has ended (InstanceRefresh, API reference); any other one is under
 * way.
 */
const ENDED = ['Successful', 'Failed', 'Cancelled', 'RollbackSuccessful', 'RollbackFailed'];

/** Lifecycle states in which a member stays until somebody acts. */
const STEADY = ['InService', 'Standby'];

/**
 * The Auto Scaling group of one of its members, as seen from a target group; undefined when the
 * group itself cannot be read.
 */
export async function viewAutoScaling(
  autoScaling: AutoScalingClient,
  balancing: ElasticLoadBalancingV2Client,
  { arn: here }: Pick<TargetGroup, 'arn'>,
  member: AutoScalingInstanceDetails,
): Promise<AutoScalingView | undefined> {
  const name = member.AutoScalingGroupName ?? '';
  const read = await attempt('the group', () => groupNamed(autoScaling, name));
  if (!('value' in read) || read.value === undefined) return undefined;
  const group = read.value;
  const targetGroups = targetGroupsOf(group);
  const [refreshes, hooks, ...attached] = await Promise.all([
    attempt('its instance refreshes', () => refreshesOf(autoScaling, name)),
    attempt('its lifecycle hooks', () => launchHooksOf(autoScaling, name)),
    ...targetGroups.filter((arn) => arn !== here).map((arn) => attempt(`target group ${arn}`, () => attachedGroup(balancing, arn))),
  ]);
  return {
    name,
    lifecycle: member.LifecycleState ?? 'unknown',
    units: Number(member.WeightedCapacity ?? 1),
    minSize: group.MinSize ?? Infinity,
    maxSize: group.MaxSize ?? 0,
    desired: group.DesiredCapacity ?? 0,
    ...servingByZone(group),
    launchHooks: 'value' in hooks ? hooks.value : [`unreadable: ${hooks.unread}`],
    tags: Object.fromEntries((group.Tags ?? []).map((tag) => [tag.Key ?? '', tag.Value ?? ''])),
    suspendedProcesses: (group.SuspendedProcesses ?? []).map((process) => process.ProcessName ?? 'a process'),
    inTransition: inTransition(group, member),
    refreshes: 'value' in refreshes ? refreshes.value : [`unreadable: ${refreshes.unread}`],
    attachedHere: targetGroups.includes(here),
    attached: attached.flatMap((one) => ('value' in one ? [one.value] : [])),
    unread: [...attached.flatMap((one) => ('unread' in one ? [one.unread] : [])), ...unreadable(group)],
  };
}

/** What was read, or what was not and why: nothing here may keep a restore from being made. */
async function attempt<Value>(what: string, read: () => Promise<Value>): Promise<{ readonly value: Value } | { readonly unread: string }> {
  try {
    return { value: await read() };
  } catch (error) {
    return { unread: `${what}: ${String(error)}` };
  }
}

async function groupNamed(client: AutoScalingClient, name: string): Promise<AutoScalingGroup | undefined> {
  const answer = await client.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }));
  return answer.AutoScalingGroups?.find((group) => group.AutoScalingGroupName === name);
}

async function refreshesOf(client: AutoScalingClient, name: string): Promise<string[]> {
  const statuses: string[] = [];
  for await (const page of paginateDescribeInstanceRefreshes({ client }, { AutoScalingGroupName: name }))
    statuses.push(...(page.InstanceRefreshes ?? []).map((refresh) => refresh.Status ?? 'unknown'));
  return statuses.filter((status) => !ENDED.includes(status));
}

/**
 * The transition of a hook that runs when an instance is ended; any other one may be of a launch
 * (LifecycleHook, API reference).
 */
const TERMINATING = 'autoscaling:EC2_INSTANCE_TERMINATING';

/** All of them in one answer: DescribeLifecycleHooks has no pages (API reference). */
async function launchHooksOf(client: AutoScalingClient, name: string): Promise<string[]> {
  const answer = await client.send(new DescribeLifecycleHooksCommand({ AutoScalingGroupName: name }));
  return (answer.LifecycleHooks ?? [])
    .filter((hook) => hook.LifecycleTransition !== TERMINATING)
    .map((hook) => `${hook.LifecycleHookName} (${hook.DefaultResult} after ${hook.HeartbeatTimeout} s)`);
}

/**
 * Members in service by enabled zone. A group's subnets reside in its AvailabilityZones
 * (CreateAutoScalingGroup, API reference).
 */
function servingByZone({ AvailabilityZones = [], Instances = [] }: AutoScalingGroup): Pick<AutoScalingView, 'zones' | 'inOtherZones'> {
  const serving = Instances.filter((instance) => instance.LifecycleState === 'InService');
  const unitsIn = (zone: string) =>
    serving.filter((one) => one.AvailabilityZone === zone).map((one) => [one.InstanceId ?? '', Number(one.WeightedCapacity ?? 1)] as const);
  return {
    zones: AvailabilityZones.map((zone) => ({ zone, units: Object.fromEntries(unitsIn(zone)) })),
    inOtherZones: serving.filter((one) => !AvailabilityZones.includes(one.AvailabilityZone ?? '')).map((one) => one.InstanceId ?? ''),
  };
}

function inTransition(group: AutoScalingGroup, member: AutoScalingInstanceDetails): string[] {
  return (group.Instances ?? [])
    .filter((instance) => instance.InstanceId !== member.InstanceId && !STEADY.includes(instance.LifecycleState ?? ''))
    .map((instance) => `${instance.InstanceId} ${instance.LifecycleState}`);
}

function targetGroupsOf(group: AutoScalingGroup): string[] {
  const sources = (group.TrafficSources ?? []).filter((source) => isElb(source)).map((source) => source.Identifier ?? '');
  return [...new Set([...(group.TargetGroupARNs ?? []), ...sources])];
}

/**
 * Classic load balancers and VPC Lattice lose the instance as well, and nobody here can see what is
 * left there.
 */
function unreadable(group: AutoScalingGroup): string[] {
  const others = (group.TrafficSources ?? []).filter((source) => !isElb(source)).map((source) => source.Identifier ?? 'a traffic source');
  return [...new Set([...(group.LoadBalancerNames ?? []), ...others])].map((name) => `${name}: not a target group of ELBv2`);
}

function isElb({ Type, Identifier = '' }: { readonly Type?: string | undefined; readonly Identifier?: string | undefined }): boolean {
  return Type === 'elbv2' || Identifier.includes(':elasticloadbalancing:');
}

async function attachedGroup(client: ElasticLoadBalancingV2Client, arn: string): Promise<AttachedGroup> {
  const [lbView, attributes, tags] = await Promise.all([
    loadBalancing(client).health(arn),
    client.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn: arn })),
    client.send(new DescribeTagsCommand({ ResourceArns: [arn] })),
  ]);
  return {
    arn,
    lbView,
    attributes: Object.fromEntries((attributes.Attributes ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? ''])),
    tags: Object.fromEntries((tags.TagDescriptions?.[0]?.Tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? ''])),
  };
}
