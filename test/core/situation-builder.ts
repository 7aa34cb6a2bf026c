/**
 * Builds the situation that a scenario file describes: four healthy static targets, one of them
 * convicted, everything in order.
 */
import { parseConfig } from '../../core/config';
import { openCase } from '../../core/case-transitions';
import type { Situation } from '../../core/decide/situation';
import type {
  AttachedGroup,
  AutoScalingView,
  Case,
  Diagnosis,
  Ejection,
  FleetVerdict,
  HostLoad,
  InstanceFacts,
  LbTarget,
  ObservedOwner,
  PackedPhases,
  Round,
  Target,
  TargetGroup,
  TargetVerdict,
  ZoneMembers,
} from '../../core/model';
import { TARGET_STATES, targetKey } from '../../core/model';
import { unreadableCase } from '../../core/unreadable';

const VERDICTS = ['clean', 'suspect', 'convicted', 'unjudged'] as const satisfies readonly TargetVerdict['verdict'][];
const FLEET_VERDICTS = ['none', 'suspect', 'convicted', 'shared', 'shared-zone', 'blind'] as const satisfies readonly FleetVerdict[];
const ABOUT = ['target', 'shared', 'blind', 'missing', 'breaker', 'hold'] as const satisfies readonly Case['about'][];
const WHY = ['level', 'tail', 'errors'] as const satisfies readonly TargetVerdict['why'][];
const CASE_STATES = ['suspected', 'out', 'watching', 'closed'] as const satisfies readonly Case['state'][];

/** @throws for a word that a scenario misspells. */
function oneOf<const Word extends string>(word: string, allowed: readonly Word[]): Word {
  const found = allowed.find((one) => one === word);
  if (found === undefined) throw new Error(`a scenario says "${word}"; allowed: ${allowed.join(', ')}`);
  return found;
}

export const NOW = Date.UTC(2026, 0, 1, 12);
export const GROUP = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/checkout/0123456789abcdef';

export type Description = ReadonlyMap<string, string>;

/** Keys a scenario may set. Anything else in a file is a mistake in the file. */
export const KEYS = [
  'mode',
  'tagged',
  'kill switch',
  'declared owner',
  'observed owner',
  'target type',
  'protocol',
  'protocol version',
  'probe path',
  'targets',
  'registered states',
  'states in rounds',
  'fleet',
  'verdict',
  'why',
  'cold',
  'reached',
  'evidence spans',
  'round ended',
  'clean rounds',
  'health nats',
  'rounds well',
  'client errors',
  'client slow',
  'client slow lately',
  'peers slow',
  'unjudged',
  'client before',
  'phases',
  'second look',
  'routing',
  'sticky',
  'slow start',
  'balancer',
  'p99',
  'balancer read',
  'declared capacity',
  'peer pools',
  'peer cpu',
  'inspected',
  'short seconds ago',
  'also suspected',
  'ejected by',
  'suspected in the other group',
  'min healthy',
  'count threshold',
  'dns percentage',
  'routing count',
  'routing percentage',
  'cross-zone',
  'zones',
  'instance zones',
  'case',
  'lease left',
  'restore announced',
  'confirmed',
  'cause',
  'cause checked',
  'watch left',
  'ejected minutes ago',
  'ejected elsewhere minutes ago',
  'zonal shift',
  'mitigation',
  'about',
  'second sick',
  'ejection before',
  'restored seconds ago',
  'spared seconds ago',
  'announced seconds ago',
  'confirmed seconds ago',
  'contested',
  'breaker',
  'hold',
  'restore asked by',
  'out since minutes',
  'answers',
  'group',
  'left meanwhile',
  'instance is',
  'given up',
  'later version',
  'asg sizes',
  'asg tagged',
  'asg zones',
  'asg units',
  'asg outside',
  'launch hook',
  'lifecycle',
  'suspended',
  'refresh',
  'in transition',
  'other group',
  'other threshold',
  'other percentage',
  'other balancer',
  'other shift',
  'not attached',
  'drains for',
  'asg unread',
  'port',
  'its instance ejected elsewhere minutes ago',
  'contested elsewhere',
  'out elsewhere',
] as const;

const SICK = 1;

export function situation(description: Description): Situation {
  const read = reader(description);
  const count = Number(read('targets', '4'));
  const targets = Array.from({ length: count }, (_, index) => target(index + 1, read));
  const sick = targets[SICK - 1] ?? target(SICK, read);
  const rounds = roundsOf(read, targets, sick);
  const config = parseConfig({
    mode: read('mode', 'enforce'),
    targetGroups: [
      {
        arn: GROUP,
        minHealthy: Number(read('min healthy', '1')),
        ...(read('probe path', '/api/cart') === 'none' ? {} : { probe: { path: '/api/cart' } }),
        ...declared(read),
        ...capacity(read),
      },
    ],
    network: { subnetIds: subnets(read), securityGroupIds: ['sg-0123456789abcdef0'] },
  });
  const groupConfig = config.targetGroups[0];
  if (groupConfig === undefined) throw new Error('no group');
  const owners = new Map<string, ObservedOwner>(targets.map((entry) => [entry.id, observed(read, targets)]));
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
      read('group', 'read') === 'read' ? [{ group: group(read), config: groupConfig, rounds, lbView: lbView(read, targets), owners }] : [],
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
    ],
    closedCases: [
      ...laterVersion(read, 'closed'),
      ...earlier(read, read('ejected minutes ago', ''), sick, GROUP),
      ...earlier(read, read('ejected elsewhere minutes ago', ''), { id: 'i-other', port: 8080 }, `${GROUP}-other`),
      ...earlier(read, read('its instance ejected elsewhere minutes ago', ''), ...elsewhere(sick)),
      ...contestedBefore(read, 'contested', sick, GROUP),
      ...contestedBefore(read, 'contested elsewhere', ...elsewhere(sick)),
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
  return new Map([[GROUP.replace('/checkout/', '/internal/'), { ...round, verdicts }]]);
}

type Read = (key: (typeof KEYS)[number], otherwise: string) => string;

function reader(description: Description): Read {
  const unknown = [...description.keys()].filter((key) => !KEYS.some((known) => known === key));
  if (unknown.length > 0) throw new Error(`unknown keys: ${unknown.join(', ')}; known: ${KEYS.join(', ')}`);
  return (key, otherwise) => description.get(key) ?? otherwise;
}

function declared(read: Read): { owner?: 'static' | 'asg' } {
  const owner = read('declared owner', 'static');
  return owner === 'none' ? {} : { owner: owner as 'static' | 'asg' };
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

function observed(read: Read, targets: readonly Target[]): ObservedOwner {
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

/** `yes`: for the scenarios' stack; `no`: not there; anything else is the value of the tag. */
function enforceTag(tagged: string): Record<string, string> {
  return tagged === 'no' ? {} : { 'sickbay:enforce': tagged === 'yes' ? 'Sickbay' : tagged };
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
  const attributes = {
    'target_group_health.dns_failover.minimum_healthy_targets.count': read('other threshold', '1'),
    'target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage': read('other percentage', 'off'),
    'load_balancing.cross_zone.enabled': 'use_load_balancer_configuration',
    // Only an Application Load Balancer's target groups have it.
    ...(read('other balancer', 'application') === 'application' ? { 'load_balancing.algorithm.type': 'round_robin' } : {}),
  };
  return [{ arn: GROUP.replace('/checkout/', '/internal/'), lbView: view, attributes, tags: {} }];
}

function target(index: number, read: Read): Target {
  const zone = read('zones', '').split(' ')[index - 1];
  return { id: `i-${index}`, port: Number(read('port', '8080')), ...(zone === undefined || zone === '' ? {} : { availabilityZone: zone }) };
}

function group(read: Read): TargetGroup {
  return {
    arn: GROUP,
    name: 'checkout',
    protocol: read('protocol', 'HTTP'),
    protocolVersion: read('protocol version', 'HTTP1'),
    port: 8080,
    targetType: read('target type', 'instance'),
    healthCheck: { protocol: 'HTTP', port: 'traffic-port', path: '/health', intervalS: 30, timeoutS: 5 },
    attributes: {
      'deregistration_delay.timeout_seconds': read('drains for', '300'),
      'target_group_health.dns_failover.minimum_healthy_targets.count': read('count threshold', '1'),
      'target_group_health.dns_failover.minimum_healthy_targets.percentage': read('dns percentage', 'off'),
      'target_group_health.unhealthy_state_routing.minimum_healthy_targets.count': read('routing count', '1'),
      'target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage': read('routing percentage', 'off'),
      'load_balancing.algorithm.type': read('routing', 'round_robin'),
      'slow_start.duration_seconds': read('slow start', '0'),
      'stickiness.enabled': read('sticky', 'no') === 'yes' ? 'true' : 'false',
      'load_balancing.cross_zone.enabled': read('cross-zone', 'use_load_balancer_configuration'),
    },
    tags: enforceTag(read('tagged', 'yes')),
    loadBalancers: [],
  };
}

function lbView(read: Read, targets: readonly Target[], text = read('registered states', '')): LbTarget[] {
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
        ...(read('mitigation', 'no') === 'yes' ? { mitigationInEffect: true } : {}),
        ...(read('slow start', '0') === '0' ? {} : { sinceAt: NOW - 400_000 }),
      },
    ];
  });
}

/** What EC2 says, where ELB gives no zone. */
function instances(read: Read, targets: readonly Target[]): Record<string, InstanceFacts> {
  const zones = read('instance zones', '').split(' ').filter(Boolean);
  return Object.fromEntries(zones.map((zone, index) => [targets[index]?.id ?? `i-${index + 1}`, { zone }]));
}

export function verdict(key: string, fields: Partial<TargetVerdict> = {}): TargetVerdict {
  return {
    key,
    verdict: 'clean',
    evidenceNats: 0,
    neededNats: 14.6,
    bad: { k: 0, n: 10 },
    cold: false,
    everReached: true,
    healthNats: 9,
    healthNeededNats: 5,
    cleanRounds: 5,
    says: 'like its peers',
    ...fields,
  };
}

/** Rounds from before the evidence, in which nothing was wrong. */
const USUAL_ROUNDS = 3;

/**
 * Newest first, a minute apart: as many clean rounds of the sick target as the scenario says, sick
 * ones before them, and usual ones before those.
 */
function roundsOf(read: Read, targets: readonly Target[], sick: Target): Round[] {
  const clean = Number(read('clean rounds', '0'));
  const endedAt = NOW - Number(read('round ended', '10')) * 1000;
  const told = Math.max(2, clean + 1, Math.floor(Number(read('evidence spans', '90')) / 60) + 1);
  return Array.from({ length: told + (clean === 0 ? USUAL_ROUNDS : 0) }, (_, index) => {
    const usual = index >= told && clean === 0;
    const made = round(read, targets, sick, endedAt - index * 60_000, index < clean || usual, usual);
    return usual
      ? { ...made, ...clientView(read('client before', '0').replace('all', '1e9'), '0', 20 * targets.length) }
      : { ...made, ...clientsNow(read, targets, index < told / 2) };
  });
}

/**
 * As the scenario says; where it says nothing, clients meet no errors, and of a slow target its
 * share: twenty requests for each target in service.
 */
function clientsNow(read: Read, targets: readonly Target[], lately: boolean): Pick<Round, 'clientView'> {
  const throughout = read('client slow', '');
  const [errors, slow] = [read('client errors', ''), lately ? read('client slow lately', throughout) : throughout];
  if (errors !== '' || slow !== '') return clientView(errors || '0', slow || '0');
  if (read('why', 'level') === 'errors') return {};
  const serving = lbView(read, targets).filter(({ state }) => state === 'healthy').length;
  return clientView('0', read('second sick', '0') === '0' ? '20' : '40', 20 * serving);
}

/** Of so many requests these fail and these are slow; nothing where the scenario says `none`. */
function clientView(errors: string, slow: string, of = 20): Pick<Round, 'clientView'> {
  if (errors === 'none' || slow === 'none') return {};
  const samples = Array.from({ length: of }, (_, index) =>
    index < Number(errors) ? { error: { kind: 'reset' as const } } : { latencyMs: index < Number(errors) + Number(slow) ? 2600 : 100 },
  );
  return { clientView: { groupArn: GROUP, samples } };
}

function round(read: Read, targets: readonly Target[], sick: Target, endedAt: number, clean: boolean, usual: boolean): Round {
  const seconds = Number(read('evidence spans', '90'));
  const said = oneOf(read('verdict', 'convicted'), [...VERDICTS, 'unmeasured']);
  const sickVerdict = verdict(targetKey(sick), {
    verdict: said === 'unmeasured' ? 'unjudged' : said,
    evidenceNats: 19.2,
    bad: { k: 10, n: 10 },
    why: oneOf(read('why', 'level'), WHY),
    cold: read('cold', 'no') === 'yes',
    everReached: read('reached', 'yes') === 'yes',
    evidenceSince: endedAt - seconds * 1000,
    says: '19.2 nats of evidence, 14.6 needed; 71x its peers; 10 of 10 samples bad',
  });
  const wellVerdict = verdict(targetKey(sick), {
    healthNats: Number(read('health nats', '9')),
    cleanRounds: Number(read('rounds well', '5')),
  });
  const second = targets[Number(read('second sick', '0')) - 1];
  const suspected = read('also suspected', '')
    .split(' ')
    .map((index) => targets[Number(index) - 1]);
  const others = targets
    .filter((entry) => entry !== sick)
    .map((entry) => {
      const key = targetKey(entry);
      if (entry === second && !usual) return { ...sickVerdict, key, evidenceNats: 17 };
      if (entry === targets[Number(read('unjudged', '0')) - 1]) return verdict(key, { verdict: 'unjudged' });
      return verdict(key, suspected.includes(entry) ? { verdict: 'suspect', evidenceNats: 7 } : {});
    });
  return {
    v: 1,
    groupArn: GROUP,
    startedAt: endedAt - 5000,
    endedAt,
    trigger: 'schedule',
    group: group(read),
    lbView: lbView(read, targets, read('states in rounds', read('registered states', ''))).filter(
      (entry) => read('left meanwhile', 'no') === 'no' || entry.target !== sick,
    ),
    instances: instances(read, targets),
    addresses: {},
    samples: {
      ...Object.fromEntries(targets.map((entry) => [targetKey(entry), entry === second ? [] : PEER_MS])),
      ...(usual
        ? {}
        : Object.fromEntries(targets.slice(1, 1 + Number(read('peers slow', '0'))).map((entry) => [targetKey(entry), SICK_MS]))),
      [targetKey(sick)]: clean ? PEER_MS : sickSamples(read),
      ...(second === undefined || clean || read('case', '') === 'out' ? {} : { [targetKey(second)]: sickSamples(read) }),
    },
    ...(clean
      ? {}
      : { phases: { [targetKey(sick)]: phases(read), ...(second === undefined ? {} : { [targetKey(second)]: phases(read) }) } }),
    ...(clean ? {} : secondLook(read, targets, sick)),
    fleet: clean ? 'none' : oneOf(read('fleet', 'convicted'), FLEET_VERDICTS),
    says: 'as the scenario says',
    verdicts: [...(said === 'unmeasured' ? [] : [clean ? wellVerdict : sickVerdict]), ...others],
    record: '',
    notes: [],
  };
}

const PEER_MS = [38, 39, 40, 40, 40, 40, 41, 41, 42, 43];
const SICK_MS = [2440, 2450, 2460, 2470, 2480, 2490, 2500, 2510, 2520, 2530];

function sickSamples(read: Read): (number | string)[] {
  if (read('answers', 'yes') === 'no') return ['timeout'];
  return read('why', 'level') === 'errors' ? SICK_MS.map(() => 'reset') : SICK_MS;
}

/**
 * Where the time goes: into the wait, as from a slow application, or into the connect, as from a
 * slow path.
 */
function phases(read: Read): (PackedPhases | null)[] {
  if (read('phases', 'wait') === 'none') return [];
  if (read('why', 'level') === 'errors') return SICK_MS.map(() => (read('phases', 'wait') === 'connect' ? 'connect' : 'wait'));
  return SICK_MS.map((ms) => (read('phases', 'wait') === 'connect' ? [ms - 40, 0, 39, 1] : [1, 0, ms - 2, 1]));
}

/** From the second subnet: `slow`, `fast`, `failing`, `all slow` with the peers, or `failed`. */
function secondLook(read: Read, targets: readonly Target[], sick: Target): Pick<Round, 'secondLook'> {
  const summary = read('second look', '');
  if (summary === '' || summary === 'none') return {};
  if (summary === 'failed') return { secondLook: { samples: {}, why: 'the prober could not be asked: timed out' } };
  const peers = targets.slice(1, 3).map((entry) => [targetKey(entry), summary === 'all slow' ? SICK_MS : PEER_MS]);
  return {
    secondLook: {
      samples: {
        ...Object.fromEntries(peers),
        [targetKey(sick)]: summary === 'fast' ? PEER_MS : summary === 'failing' ? SICK_MS.map(() => 'reset') : SICK_MS,
      },
    },
  };
}

function diagnosis(read: Read, targets: readonly Target[]): Diagnosis {
  const pools = read('peer pools', '8/20 6/20 7/20')
    .split(' ')
    .filter((text) => text.includes('/'));
  const cpu = read('peer cpu', '').split(' ').filter(Boolean);
  return {
    findings: [{ cause: 'pool-starvation', confidence: 0.9, evidence: ['pool 20/20, 45 waiting'], against: [] }],
    differences: [],
    notInspectable: [],
    pools: pools.map((text, index) => ({
      host: targets[index + 1]?.id ?? `peer-${index}`,
      active: Number(text.split('/')[0]),
      max: Number(text.split('/')[1]),
    })),
    cpu: cpu.map((text, index) => ({ host: targets[index + 1]?.id ?? `peer-${index}`, busyFraction: Number(text) })),
    notes: [],
  };
}

/** One reading of each peer, in their order: a pool, a CPU, or both; `-` is none. */
function loads(read: Read, targets: readonly Target[]): HostLoad[] {
  const pools = read('peer pools', '8/20 6/20 7/20').split(' ');
  const cpu = read('peer cpu', '').split(' ').filter(Boolean);
  return targets.slice(1).flatMap(({ id: host }, index): HostLoad[] => {
    const [active, max] = (pools[index] ?? '').split('/').map(Number);
    const busy = Number(cpu[index] ?? NaN);
    const pool = active === undefined || max === undefined ? {} : { pool: { active, max } };
    const cpuBusy = Number.isNaN(busy) ? {} : { cpuBusy: busy };
    const capturedAt = NOW - 1000 * Number(read('inspected', '20'));
    return Object.keys({ ...pool, ...cpuBusy }).length === 0 ? [] : [{ host, capturedAt, ...pool, ...cpuBusy }];
  });
}

function casesOf(read: Read, sick: Target, targets: readonly Target[]): Case[] {
  const about = oneOf(read('about', 'target'), ABOUT);
  const common = { now: NOW - 120_000, groupArn: GROUP, id: 'case-1', summary: 'opened' };
  if (about === 'shared' || about === 'blind' || about === 'missing') return [openCase({ ...common, about })];
  if (about === 'breaker') return [openCase({ ...common, about })];
  if (about !== 'target') throw new Error(`about: got "${about}"; allowed: target, shared, blind, missing, breaker`);
  const second = targets[Number(read('second sick', '0')) - 1];
  return [targetCase(read, sick, targets, 'case-1'), ...(second === undefined ? [] : [targetCase(read, second, targets, 'case-2')])];
}

function targetCase(read: Read, subject: Target, targets: readonly Target[], id: string): Case {
  const state = oneOf(read('case', 'suspected'), CASE_STATES);
  const opened = openCase({ now: NOW - 120_000, groupArn: GROUP, about: 'target', id, summary: 'opened', target: subject });
  const checked = read('cause checked', '');
  return {
    ...opened,
    rev: 1,
    state,
    diagnosis: diagnosis(read, targets),
    loads: loads(read, targets),
    ...(read('short seconds ago', '') === '' ? {} : { shortSinceAt: NOW - 1000 * Number(read('short seconds ago', '')) }),
    ...balancer(read),
    ejections: ejections(read, subject, state),
    ...(state === 'watching' ? { watchUntilAt: NOW + Number(read('watch left', '300')) * 1000 } : {}),
    ...(checked === '' ? {} : { causeCheckedAt: NOW - Number(checked) * 1000, causeStatus: read('cause', 'unknown') as 'gone' }),
  };
}

/**
 * What CloudWatch said `balancer read` seconds ago: `failed/requests` of each minute up to now,
 * `nothing`, or `unread`.
 */
function balancer(read: Read): Pick<Case, 'balancer'> {
  const said = read('balancer', '');
  const readAt = NOW - 1000 * Number(read('balancer read', '20'));
  if (said === '') return {};
  if (said === 'unread') return { balancer: { readAt, minutes: [], unread: 'AccessDenied: no' } };
  const counts = said === 'nothing' ? [] : said.split(' ').map((minute) => minute.split('/').map(Number));
  const p99s = read('p99', '2600').split(' ');
  const minutes = counts.map(([failed = 0, requests = 0], index) => ({
    startsAt: NOW - (counts.length - index) * 60_000,
    requests,
    serverErrors: failed,
    connectionErrors: 0,
    p99Ms: Number(p99s[index] ?? p99s.at(-1)),
  }));
  return { balancer: { readAt, minutes } };
}

function ejections(read: Read, subject: Target, state: Case['state']): Ejection[] {
  return [...itsEjections(read, subject, state), ...spared(read, subject)];
}

/**
 * A removal that was announced a minute before it was given up: as not made, or, `called off`,
 * before anything was asked for.
 */
function spared(read: Read, subject: Target): Ejection[] {
  const [ago = '', calledOff] = read('spared seconds ago', '').split(', ');
  if (ago === '') return [];
  const abandonedAt = NOW - Number(ago) * 1000;
  const cancelled = calledOff === 'called off' ? { wayBackCancelledAt: abandonedAt } : {};
  return [{ ...ejection(subject, abandonedAt - 60_000, abandonedAt + 840_000), abandonedAt, ...cancelled }];
}

function itsEjections(read: Read, subject: Target, state: Case['state']): Ejection[] {
  if (state === 'suspected' && read('confirmed', 'yes') === 'yes' && read('ejection before', 'no') === 'no') return [];
  const leaseEndsAt = NOW + Number(read('lease left', '600')) * 1000;
  const since = read('out since minutes', '');
  const base = { ...ejection(subject, since === '' ? leaseEndsAt - 900_000 : NOW - Number(since) * 60_000, leaseEndsAt), ...byOwner(read) };
  const ago = (key: 'announced seconds ago' | 'confirmed seconds ago', otherwise: number) =>
    NOW - 1000 * Number(read(key, String(otherwise)));
  if (read('confirmed', 'yes') === 'no') return [{ ...base, intentAt: ago('announced seconds ago', 60) }];
  const confirmed = { ...base, confirmedAt: ago('confirmed seconds ago', (NOW - base.intentAt) / 1000 - 1) };
  if (state === 'watching' || state === 'suspected')
    return [{ ...confirmed, restoredAt: NOW - Number(read('restored seconds ago', '200')) * 1000 }];
  const asker = read('restore asked by', '');
  return [
    {
      ...confirmed,
      ...(read('restore announced', 'no') === 'yes' || asker !== '' ? { restoreIntentAt: NOW - 60_000 } : {}),
      ...(asker === '' ? {} : { restoreAskedBy: asker }),
      ...givenUp(read),
    },
  ];
}

/** An ejection is what the observed owner is taken out by. */
function byOwner(read: Read): Partial<Ejection> {
  return read('ejected by', read('observed owner', 'static')) === 'asg' ? { owner: 'asg', autoScalingGroup: 'web' } : {};
}

/** The same instance in another target group, on another port. */
function elsewhere({ id }: Target): [Target, string] {
  return [{ id, port: 9090 }, GROUP.replace('/checkout/', '/internal/')];
}

/** A case of the same instance in the other target group, which holds it out just now. */
function outElsewhere(read: Read, sick: Target): Case[] {
  if (read('out elsewhere', 'no') === 'no') return [];
  const [subject, groupArn] = elsewhere(sick);
  const opened = openCase({ now: NOW - 120_000, groupArn, about: 'target', id: 'case-elsewhere', summary: 'opened', target: subject });
  const out = { ...ejection(subject, NOW - 60_000, NOW + 840_000), ...byOwner(read), confirmedAt: NOW - 59_000 };
  return [{ ...opened, state: 'out', ejections: [out] }];
}

export function ejection(subject: Target, intentAt: number, leaseEndsAt: number): Ejection {
  return { owner: 'static', intentAt, target: subject, scheduleName: 'sickbay-back', leaseS: 900, leaseEndsAt, originalCount: 4 };
}

/** By Ann, a minute ago; its scheduled restore cancelled so many seconds ago, or not yet. */
function givenUp(read: Read): Partial<Ejection> {
  const cancelled = read('given up', 'no');
  if (cancelled === 'no') return {};
  const by = { givenUpAt: NOW - 60_000, givenUpBy: 'Ann: kept for forensics' };
  return cancelled === 'now' ? by : { ...by, wayBackCancelledAt: NOW - Number(cancelled) * 1000 };
}

function laterVersion(read: Read, where: 'open' | 'closed'): Case[] {
  if (read('later version', 'none') !== where) return [];
  return [unreadableCase({ id: 'later', groupArn: GROUP, version: '2', ...(where === 'closed' ? { closedAt: NOW - 3_600_000 } : {}) })];
}

function breakers(read: Read): Case[] {
  const place = read('breaker', 'none');
  if (place === 'none') return [];
  const where = place === 'stack' ? {} : { groupArn: place === 'group' ? GROUP : `${GROUP}-other` };
  return [openCase({ now: NOW - 120_000, ...where, about: 'breaker', id: 'case-breaker', summary: 'opened' })];
}

/**
 * `group`, a target by its number, `elsewhere`: the first one in another group, or `over`: one
 * whose time is over.
 */
function holds(read: Read, targets: readonly Target[]): Case[] {
  const what = read('hold', 'none');
  if (what === 'none') return [];
  const held = targets[Number(what) - 1];
  const hold = {
    by: 'Ann',
    reason: 'load test',
    ...(held === undefined ? {} : { target: held }),
    ...(what === 'over' ? { untilAt: NOW - 1 } : {}),
  };
  const elsewhere = what === 'elsewhere';
  const groupArn = elsewhere ? GROUP.replace('/checkout/', '/internal/') : GROUP;
  const asked = elsewhere ? { ...hold, target: { id: 'i-1', port: 9090 } } : hold;
  return [openCase({ now: NOW - 120_000, groupArn, about: 'hold', hold: asked, id: 'case-hold', summary: 'opened' })];
}

/** A case of an hour ago that ended because an operator put the target back. */
function contestedBefore(read: Read, key: 'contested' | 'contested elsewhere', subject: Target, groupArn: string): Case[] {
  if (read(key, 'no') === 'no') return [];
  return earlier(read, '70', subject, groupArn).map((incident) => ({
    ...incident,
    id: 'contested-before',
    because: 'operator',
    decision: {
      action: 'close',
      because: 'operator',
      caseId: incident.id,
      groupArn,
      reason: 'somebody else registered it again: left alone',
      blocked: ['contested'],
      guardrails: [],
      lookAgainAt: 0,
    },
  }));
}

function earlier(read: Read, minutes: string, subject: Target, groupArn: string): Case[] {
  return minutes
    .split(' ')
    .filter(Boolean)
    .map((text, index) => {
      const at = NOW - Number(text) * 60_000;
      const done = { ...ejection(subject, at, at + 900_000), ...byOwner(read), confirmedAt: at + 1000, restoredAt: at + 600_000 };
      return {
        ...openCase({ now: at, groupArn, about: 'target', id: `closed-${index}`, summary: 'opened', target: subject }),
        state: 'closed',
        closedAt: at + 700_000,
        ejections: [done],
      };
    });
}
