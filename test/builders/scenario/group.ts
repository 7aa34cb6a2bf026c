/** The target group of a scenario, its targets as everybody sees them, and what manages them. */
import {
  TARGET_STATES,
  targetKey,
  type AttachedGroup,
  type AutoScalingView,
  type InstanceFacts,
  type LbTarget,
  type ObservedOwner,
  type Target,
  type TargetGroup,
  type TargetRef,
  type ZoneMembers,
} from '../../../core/model';
import { GROUP, groupOf, INTERNAL } from '../groups';
import { NOW } from '../now';
import { oneOf, type Read } from './keys';

/** Tasks of a declared service are told by their service, whatever their address. */
export function isAddresses(read: Read): boolean {
  return read('target type', 'instance') === 'ip' && read('declared owner', 'static') !== 'ecs';
}

export function targetOf(index: number, read: Read): Target {
  const zone = read('zones', '').split(' ')[index - 1];
  const id = isAddresses(read) ? `10.0.0.${index}` : `i-${index}`;
  return { id, port: Number(read('port', '8080')), ...(zone === undefined || zone === '' ? {} : { availabilityZone: zone }) };
}

/** Who has an address: its own host, unless a scenario says otherwise. */
export function holderOf(target: Target, word = 'host'): TargetRef {
  const name = target.id.split('.').at(-1) ?? '';
  const host = { kind: 'instance', instanceId: `i-${name}`, interfaceId: `eni-${name}` } as const;
  switch (oneOf(word, ['host', 'stranger', 'secondary', 'pod', 'task', 'unknown'])) {
    case 'host':
      return { ...host, isPrimary: true };
    case 'stranger':
      return { ...host, instanceId: 'i-stranger', interfaceId: 'eni-stranger', isPrimary: true };
    case 'secondary':
      return host;
    case 'pod':
      return { kind: 'pod', nodeId: `i-${name}` };
    case 'task':
      return { kind: 'ecs-task', taskArn: 'arn:task', cluster: 'shop', launchType: 'FARGATE' };
    case 'unknown':
      return { kind: 'unknown', why: 'as the scenario says' };
  }
}

/** Of every target of a group of addresses, by its key; the first one's as the scenario says. */
export function holders(read: Read, targets: readonly Target[], key: 'holder' | 'holder in the round'): Record<string, TargetRef> {
  if (!isAddresses(read)) return {};
  return Object.fromEntries(
    targets.map((target, index) => [targetKey(target), holderOf(target, index === 0 ? read(key, 'host') : 'host')]),
  );
}

export function describedGroup(read: Read): TargetGroup {
  return groupOf({
    arn: GROUP,
    name: 'checkout',
    protocol: read('protocol', 'HTTP'),
    protocolVersion: read('protocol version', 'HTTP1'),
    port: 8080,
    targetType: read('target type', 'instance'),
    ...(read('control port', '') === '' ? {} : { targetControlPort: Number(read('control port', '')) }),
    attributes: attributes(read),
    tags: enforceTag(read('tagged', 'yes')),
  });
}

function attributes(read: Read): Record<string, string> {
  return {
    'deregistration_delay.timeout_seconds': read('drains for', '300'),
    'target_group_health.dns_failover.minimum_healthy_targets.count': read('count threshold', '1'),
    'target_group_health.dns_failover.minimum_healthy_targets.percentage': read('dns percentage', 'off'),
    'target_group_health.unhealthy_state_routing.minimum_healthy_targets.count': read('routing count', '1'),
    'target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage': read('routing percentage', 'off'),
    'load_balancing.algorithm.type': read('routing', 'round_robin'),
    'load_balancing.algorithm.anomaly_mitigation': read('target weights', 'off'),
    'slow_start.duration_seconds': read('slow start', '0'),
    'stickiness.enabled': read('sticky', 'no') === 'yes' ? 'true' : 'false',
    'load_balancing.cross_zone.enabled': read('cross-zone', 'use_load_balancer_configuration'),
  };
}

/** `yes`: for the scenarios' stack; `no`: not there; anything else is the value of the tag. */
function enforceTag(tagged: string): Record<string, string> {
  return tagged === 'no' ? {} : { 'sickbay:enforce': tagged === 'yes' ? 'Sickbay' : tagged };
}

export function lbView(read: Read, targets: readonly Target[], text = read('registered states', '')): LbTarget[] {
  const states = text.split(' ').filter(Boolean);
  return targets.flatMap((entry, index): LbTarget[] => {
    const [state = 'healthy', reason] = (states[index] ?? 'healthy').split('/');
    if (state === 'absent') return [];
    return [
      {
        target: entry,
        state: oneOf(state, TARGET_STATES),
        ...(reason === undefined ? {} : { reason }),
        ...(read('zonal shift', 'no') === 'yes' ? { zonalShift: true } : {}),
        ...mitigationOf(read('mitigation', 'no'), index),
        ...(read('slow start', '0') === '0' ? {} : { sinceAt: NOW - 400_000 }),
        ...sinceOf(read('last one in service since s', ''), index === targets.length - 1),
      },
    ];
  });
}

function sinceOf(seconds: string, isLast: boolean): Pick<LbTarget, 'sinceAt'> {
  return seconds === '' || !isLast ? {} : { sinceAt: NOW - Number(seconds) * 1000 };
}

/**
 * `yes`: on every target; `peer`: on the second one alone; `untold`: it is not said of the second.
 */
function mitigationOf(said: string, index: number): Pick<LbTarget, 'mitigationInEffect' | 'mitigationUntold'> {
  if (said === 'yes' || (said === 'peer' && index === 1)) return { mitigationInEffect: true };
  return said === 'untold' && index === 1 ? { mitigationUntold: true } : {};
}

/** What EC2 says, where ELB gives no zone. */
export function instances(read: Read, targets: readonly Target[]): Record<string, InstanceFacts> {
  const zones = read('instance zones', '').split(' ').filter(Boolean);
  return Object.fromEntries(zones.map((zone, index) => [targets[index]?.id ?? `i-${index + 1}`, { zone }]));
}

export function observedOwner(read: Read, targets: readonly Target[]): ObservedOwner {
  const owner = read('observed owner', 'static');
  if (owner === 'static') return { owner };
  if (owner === 'asg') return { owner, autoScaling: autoScaling(read, targets) };
  return { owner: owner === 'unknown' ? 'unknown' : 'other', why: 'as the scenario says' };
}

/**
 * A group of as many as there are targets, at rest, attached to the target group and to `other
 * group`, whose states are given.
 */
function autoScaling(read: Read, targets: readonly Target[]): AutoScalingView {
  const [desired = 4, minSize = 2, maxSize = desired + 2] = read('asg sizes', '4/2').split('/').map(Number);
  const listed = (key: 'suspended' | 'refresh' | 'in transition' | 'asg unread' | 'asg outside' | 'launch hook') =>
    read(key, '').split(', ').filter(Boolean);
  return {
    name: 'web',
    lifecycle: read('lifecycle', 'InService'),
    units: Number(read('asg units', '1').split(' ')[0]),
    minSize,
    maxSize,
    desired,
    zones: asgZones(read, targets),
    inOtherZones: listed('asg outside'),
    launchHooks: listed('launch hook'),
    tags: enforceTag(read('asg tagged', 'yes')),
    suspendedProcesses: listed('suspended'),
    inTransition: listed('in transition'),
    refreshes: listed('refresh'),
    attachedHere: read('not attached', 'no') === 'no',
    attached: otherGroup(read, targets),
    unread: listed('asg unread'),
  };
}

/**
 * `asg zones` has the zone of each instance in turn, `none` where it is in no enabled one, and any
 * that is empty after `and`; by turns two zones. `asg units` are their weights.
 */
function asgZones(read: Read, targets: readonly Target[]): ZoneMembers[] {
  const asked = read('asg zones', targets.map((_, index) => 'ab'.charAt(index % 2)).join(' '));
  const names = asked.split(' ').filter((name) => name !== 'and');
  const units = read('asg units', '').split(' ').filter(Boolean).map(Number);
  const members = targets.map(({ id }, index) => ({ id, zone: names[index], units: units[index] ?? 1 }));
  const enabled = [...new Set(names)].filter((zone) => zone !== 'none');
  return enabled.map((zone) => ({
    zone,
    units: Object.fromEntries(members.filter((one) => one.zone === zone).map((one) => [one.id, one.units])),
  }));
}

function otherGroup(read: Read, targets: readonly Target[]): AttachedGroup[] {
  const states = read('other group', '').split(' ').filter(Boolean);
  if (states.length === 0) return [];
  const view = states.flatMap((state, index) =>
    state === 'absent'
      ? []
      : [
          {
            target: { id: targets[index]?.id ?? `i-${index + 1}`, port: 9090 },
            state: oneOf(state, TARGET_STATES),
            ...(read('other shift', 'no') === 'yes' ? { zonalShift: true } : {}),
          },
        ],
  );
  return [{ arn: INTERNAL, lbView: view, attributes: otherAttributes(read), tags: {} }];
}

function otherAttributes(read: Read): Record<string, string> {
  return {
    'target_group_health.dns_failover.minimum_healthy_targets.count': read('other threshold', '1'),
    'target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage': read('other percentage', 'off'),
    'load_balancing.cross_zone.enabled': 'use_load_balancer_configuration',
    // Only an Application Load Balancer's target groups have it.
    ...(read('other balancer', 'application') === 'application' ? { 'load_balancing.algorithm.type': 'round_robin' } : {}),
  };
}
