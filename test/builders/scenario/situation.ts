/**
 * Builds the situation that a scenario file describes: four healthy static targets, one of them
 * convicted, everything in order.
 */
import { parseConfig, type ConfigInput } from '../../../core/config';
import type { Situation } from '../../../core/decide/situation';
import type { ObservedOwner, Round } from '../../../core/model';
import { GROUP, INTERNAL } from '../groups';
import { NOW } from '../now';
import { verdict } from '../rounds';
import { breakers, casesOf, contestedBefore, earlier, elsewhere, holds, laterVersion, outElsewhere } from './cases';
import { describedGroup, holders, isAddresses, lbView, observedOwner, targetOf } from './group';
import { oneOf, reader, type Description, type Read } from './keys';
import { describedRounds } from './rounds';
import { otherReplacements, serviceOf } from './service';

const SICK = 1;

export function situation(description: Description): Situation {
  const read = reader(description);
  const count = Number(read('targets', '4'));
  const targets = Array.from({ length: count }, (_, index) => targetOf(index + 1, read));
  const sick = targets[SICK - 1] ?? targetOf(SICK, read);
  const rounds = describedRounds(read, targets, sick);
  const config = parseConfig({
    mode: read('mode', 'enforce'),
    targetGroups: [
      {
        arn: GROUP,
        minHealthy: Number(read('min healthy', '1')),
        ...(read('probe path', '/api/cart') === 'none'
          ? {}
          : { probe: { path: '/api/cart', ...probePort(read), ...probeVersion(read), ...probeProtocol(read) } }),
        ...(read('nlb', '') === 'act' ? { nlb: 'act' as const } : {}),
        ...declared(read),
        ...capacity(read),
      },
    ],
    ...(read('access log', '') === '' ? {} : { accessLogs: { logGroups: ['/aws/alb/checkout'] } }),
    network: { subnetIds: subnets(read), securityGroupIds: ['sg-0123456789abcdef0'] },
  });
  const groupConfig = config.targetGroups[0];
  if (groupConfig === undefined) throw new Error('no group');
  const owners = new Map<string, ObservedOwner>(targets.map((entry) => [entry.id, observedOwner(read, targets)]));
  const killSwitch =
    read('kill switch', 'off') === 'off'
      ? { state: 'off' as const }
      : { state: 'on' as const, ...(read('kill switch', '') === 'unreadable' ? { why: 'unreadable' } : {}) };
  return {
    now: NOW,
    config,
    killSwitch,
    ...(read('group', 'read') === 'dropped' ? { dropped: new Map([[GROUP, lbView(read, targets)]]) } : {}),
    ...(read('instance is', '') === '' ? {} : { instanceStates: new Map([[sick.id, read('instance is', '')]]) }),
    groups:
      read('group', 'read') === 'read'
        ? [
            {
              group: describedGroup(read),
              config: groupConfig,
              rounds,
              lbView: lbView(read, targets),
              owners,
              ...serviceOf(read, targets),
              ...(isAddresses(read) ? { targetRefs: new Map(Object.entries(holders(read, targets, 'holder'))) } : {}),
            },
          ]
        : [],
    unread: read('group', 'read') === 'unread' ? [GROUP] : [],
    gone: read('group', 'read') === 'deleted' ? [GROUP] : [],
    hosts: new Map(),
    latest: latestOf(read, rounds[0]),
    openCases: [
      ...casesOf(read, sick, targets),
      ...breakers(read),
      ...holds(read, targets),
      ...laterVersion(read, 'open'),
      ...outElsewhere(read, sick),
      ...otherReplacements(read, targets).open,
    ],
    closedCases: [
      ...laterVersion(read, 'closed'),
      ...earlier(read, read('ejected minutes ago', ''), sick, GROUP),
      ...earlier(read, read('another ejected minutes ago', ''), { id: 'i-9', port: 8080 }, GROUP),
      ...earlier(read, read('ejected elsewhere minutes ago', ''), { id: 'i-other', port: 8080 }, `${GROUP}-other`),
      ...earlier(read, read('its instance ejected elsewhere minutes ago', ''), ...elsewhere(sick)),
      ...contestedBefore(read, 'contested', sick, GROUP),
      ...contestedBefore(read, 'contested elsewhere', ...elsewhere(sick)),
      ...otherReplacements(read, targets).closed,
    ],
  };
}

/**
 * The second target group is configured, and measured, where one of its targets is suspected there.
 */
function latestOf(read: Read, round: Round | undefined): Map<string, Round> {
  const suspected = read('suspected in the other group', '');
  if (round === undefined || suspected === '') return new Map();
  const verdicts = read('other group', '')
    .split(' ')
    .map((_, index) => verdict(`i-${index + 1}:9090`, `${index + 1}` === suspected ? { verdict: 'suspect' } : {}));
  return new Map([[INTERNAL, { ...round, verdicts }]]);
}

/** What the targets of a TCP or TLS group are said to speak. */
function probeProtocol(read: Read): { protocol?: 'HTTP' | 'HTTPS' } {
  const protocol = read('probe protocol', '');
  return protocol === '' ? {} : { protocol: oneOf(protocol, ['HTTP', 'HTTPS']) };
}

/** What the operator says is spoken, where they say it. */
function probeVersion(read: Read): { protocolVersion?: 'HTTP1' | 'HTTP2' | 'GRPC' } {
  const version = read('probe version', '');
  return version === '' ? {} : { protocolVersion: oneOf(version, ['HTTP1', 'HTTP2', 'GRPC']) };
}

/** Past an agent. */
function probePort(read: Read): { readonly port?: number } {
  const port = read('probe port', '');
  return port === '' ? {} : { port: Number(port) };
}

function declared(read: Read): Pick<ConfigInput['targetGroups'][number], 'owner' | 'ecs'> {
  const owner = read('declared owner', 'static');
  if (owner === 'ecs') return { owner, ecs: { cluster: 'shop', service: 'checkout' } };
  return owner === 'none' ? {} : { owner: oneOf(owner, ['static', 'asg']) };
}

/**
 * A second prober is there when the scenario tells what it measured, or that it measured nothing.
 */
function subnets(read: Read): string[] {
  return ['subnet-0123456789abcdef0', ...(read('second look', '') === '' ? [] : ['subnet-0123456789abcdef1'])];
}

/** Requests a second that one target can serve. */
function capacity(read: Read): { capacity?: { requestsPerSecondPerTarget: number } } {
  const each = read('declared capacity', 'none');
  return each === 'none' ? {} : { capacity: { requestsPerSecondPerTarget: Number(each) } };
}
