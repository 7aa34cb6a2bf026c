/**
 * What the operator's account has before anything is deployed, and what the template adds to it.
 */
import type { Owner } from '../../core/model';
import type { Assembly } from '../boot/descriptions';
import { HEALTH_CALL, LISTENER_OF_CALLS } from '../fleet/calls';
import { HEALTH_PAGE, type Fleet } from '../fleet/fleet';
import { ADDRESSES } from '../fleet/network';
import type { World } from '../world/world';
import {
  AUTO_SCALING_GROUP,
  CALENDAR,
  DEREGISTRATION_DELAY_S,
  GROUP_ARN,
  LOAD_BALANCER,
  LOG_GROUP,
  STACK,
  type SceneConfig,
} from './config';
import { BALANCER, TARGETS, furnishNetwork, subnetOf } from './network';
import { startService } from './tasks';

/** The person at the terminal. */
const OPERATOR_ROLE = 'operator';
const HEALTH_CHECK_S = 1;

/**
 * Instances, target group and load balancer of the shop, and what the template adds to the account.
 */
export function furnish(world: World, assembly: Assembly, fleet: Fleet, { owner = 'static', addresses }: SceneConfig): void {
  furnishNetwork(world, OPERATOR_ROLE);
  addInstances(world, fleet);
  addTargetGroup(world, fleet, addresses);
  world.logs.add(LOG_GROUP);
  addLoadBalancer(world, assembly, fleet);
  if (addresses === undefined) registerHosts(world, fleet, owner);
  else registerAddresses(world, fleet);
  addDocuments(world, assembly);
  deploy(world, assembly);
}

function addInstances(world: World, fleet: Fleet): void {
  for (const host of [...fleet.hosts, ...fleet.containerHosts]) {
    const subnetId = subnetOf(host.availabilityZone);
    world.instances.add({
      id: host.instanceId,
      address: host.address,
      zone: host.availabilityZone,
      ...(subnetId === undefined ? {} : { subnetId }),
      securityGroupIds: [TARGETS],
      hostname: host.name,
      tags: { 'sickbay:inspect': 'true', 'sickbay:stop': STACK },
    });
    world.ssm.manage(host.instanceId);
  }
}

/** Of the AWS Load Balancer Controller, on the target groups that it makes. */
const CONTROLLER_TAGS = {
  'elbv2.k8s.aws/cluster': 'shop',
  'service.k8s.aws/stack': 'shop/checkout',
  'service.k8s.aws/resource': 'shop/checkout:80',
};

const ATTRIBUTES = {
  'deregistration_delay.timeout_seconds': String(DEREGISTRATION_DELAY_S),
  'stickiness.enabled': 'true',
  'stickiness.type': 'lb_cookie',
};

function addTargetGroup(world: World, fleet: Fleet, addresses: SceneConfig['addresses']): void {
  world.elb.addTargetGroup({
    name: 'checkout-tg',
    arn: GROUP_ARN,
    port: fleet.port,
    protocol: 'HTTP',
    targetType: addresses === undefined && fleet.tasks === undefined ? 'instance' : 'ip',
    ...(fleet.calls ? { protocolVersion: 'GRPC' as const } : {}),
    healthCheck: healthCheckOf(fleet),
    attributes: ATTRIBUTES,
    tags: { 'sickbay:enforce': STACK, 'sickbay:stop': STACK, ...(addresses === 'kubernetes' ? CONTROLLER_TAGS : {}) },
  });
}

function healthCheckOf(fleet: Fleet) {
  return {
    HealthCheckPath: healthPathOf(fleet),
    ...(fleet.calls ? { Matcher: { GrpcCode: '0' } } : {}),
    HealthCheckIntervalSeconds: HEALTH_CHECK_S,
    HealthyThresholdCount: 2,
    UnhealthyThresholdCount: 2,
  };
}

function addLoadBalancer(world: World, assembly: Assembly, fleet: Fleet): void {
  const balancer = world.elb.addLoadBalancer({
    name: 'checkout',
    arn: `arn:aws:elasticloadbalancing:${assembly.region}:${assembly.account}:loadbalancer/${LOAD_BALANCER}`,
    dnsName: ADDRESSES.loadBalancer,
    scheme: 'internet-facing',
    zones: ['us-east-1a', 'us-east-1b'],
    securityGroups: [BALANCER],
  });
  const listener = fleet.calls ? { port: LISTENER_OF_CALLS, protocol: 'HTTPS' as const } : { port: 80, protocol: 'HTTP' as const };
  world.elb.addListener({ loadBalancerArn: balancer, ...listener, forwardTo: [GROUP_ARN] });
}

/** What may be run on which hosts, and the calendar by which a stop may be forbidden. */
function addDocuments(world: World, assembly: Assembly): void {
  for (const { name, type, content } of assembly.documents)
    if (type === 'Automation') world.automation.addRunbook(name, content);
    else world.ssm.addDocument(name, content);
  world.ssm.requireTag('sickbay:inspect', 'true', /Inspection/);
  world.ssm.requireTag('sickbay:stop', STACK, /-Stopping-(Plan|Stop)-/);
  world.calendars.set(CALENDAR, 'OPEN');
}

/** What else the template makes in the account. */
function deploy(world: World, assembly: Assembly): void {
  for (const parameter of assembly.parameters)
    world.parameters.putParameter({ Name: parameter.name, Value: parameter.value, Type: 'String' });
  for (const topic of assembly.topics) world.sns.addTopic(topic.name);
  for (const bucket of assembly.buckets) world.s3.addBucket(bucket.name);
  for (const { name, namespace, metricName, dimensions } of assembly.alarms)
    world.alarms.addAlarm({ AlarmName: name, Namespace: namespace, MetricName: metricName, Dimensions: [...dimensions] });
  for (const group of assembly.scheduleGroups) world.scheduler.createScheduleGroup({ Name: group.name });
}

function healthPathOf({ calls }: Fleet): string {
  return calls ? HEALTH_CALL : HEALTH_PAGE;
}

/** By hand, or by the controller of a cluster, whose pods have these addresses. */
function registerAddresses(world: World, fleet: Fleet): void {
  const Targets = fleet.hosts.map(({ address }) => ({ Id: address, Port: fleet.port }));
  world.elb.registerTargets({ TargetGroupArn: GROUP_ARN, Targets });
}

/** By hand, or by an Auto Scaling group that has the hosts and registers them itself. */
function registerHosts(world: World, fleet: Fleet, owner: Owner): void {
  if (fleet.tasks !== undefined) return startService(world, fleet);
  const instanceIds = fleet.hosts.map((host) => host.instanceId);
  if (owner === 'static')
    world.elb.registerTargets({ TargetGroupArn: GROUP_ARN, Targets: instanceIds.map((Id) => ({ Id, Port: fleet.port })) });
  else
    world.autoScaling.addGroup({
      ...AUTO_SCALING_GROUP,
      maxSize: instanceIds.length + 1,
      desiredCapacity: instanceIds.length,
      instanceIds,
      targetGroupArns: [GROUP_ARN],
      tags: { 'sickbay:enforce': STACK },
    });
}

/** The load balancer of the fleet, under the control of the world's ELB. */
export async function balance(world: World, fleet: Fleet): Promise<void> {
  const endpoints = (targets: ReturnType<World['elb']['routable']>) =>
    targets.map(({ id, port, address }) => ({ target: { id, port }, address }));
  await fleet.balance({
    routable: () => endpoints(world.elb.routable(GROUP_ARN)),
    checked: () => endpoints(world.elb.checkable(GROUP_ARN)),
    calls: fleet.calls,
    check: { path: healthPathOf(fleet), intervalMs: HEALTH_CHECK_S * 1000, timeoutMs: 1000 },
    onHealthCheck: (result) => world.elb.reportHealthCheck(GROUP_ARN, result.target, result.ok, result.reason),
    sticky: () => true,
  });
}
