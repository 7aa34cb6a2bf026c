/**
 * Guards that are taken away by lying to the responder about the world. The checker sees what the
 * world answered.
 */
import type { HostCapture, LbTarget, ObservedOwner } from '../../core/model';
import { TargetNotRunning, TargetVanished } from '../../lambda/act/vanished';
import { BASE_PLANS, everybodySlow, fails, heal, killSwitchSet, loaded, misread, operatorHolds, rolledBack, sicken } from './base-plans';
import { lying, aboutGroups, aboutHealth, aboutRounds, singledOut, sickWhenOut } from './lies';
import type { Mutation } from './mutation';
import { onePlan } from './mutations-config';
import { alwaysSlow } from './mutations-views';
import type { Plan } from './happenings';
import { groupArn, hostNames, PORT, STACK } from './plan';

const [FIRST = '', SECOND = ''] = hostNames(2);

function goneForGood(error: unknown): never {
  throw error instanceof TargetNotRunning ? new TargetVanished(error.message) : error;
}

function planNamed(name: string): Plan {
  const plan = BASE_PLANS.find((candidate) => candidate.name === name);
  if (plan === undefined) throw new Error(`no base plan ${name}`);
  return plan;
}

const SHARED_HOST = 'i-00000006';
const withoutShared = (view: readonly LbTarget[]) => view.filter((entry) => entry.target.id !== SHARED_HOST);

/** A target comes back, and another is sick by then. */
const ONE_AFTER_THE_OTHER: Plan = onePlan(
  { protocol: 'TCP', nlb: 'act', attributes: { 'load_balancing.cross_zone.enabled': 'true' } },
  { minutes: 20, happenings: [sicken(1, FIRST), heal(6, FIRST), sicken(6, SECOND)] },
);

export const GUARDS_IN_WORLD: readonly Mutation[] = [
  {
    name: 'a Network Load Balancer settles',
    takenAway: 'its group looks as if it were of an Application Load Balancer',
    expected: 'network',
    plan: ONE_AFTER_THE_OTHER,
    alter: aboutGroups((group) => ({ ...group, protocol: 'HTTP' })),
  },
  {
    name: 'enforce tag',
    takenAway: 'every group looks tagged',
    expected: 'mode',
    plan: onePlan({ tagged: false }),
    alter: aboutGroups((group) => ({ ...group, tags: { ...group.tags, 'sickbay:enforce': STACK } })),
  },
  {
    name: 'stack in the enforce tag',
    takenAway: 'a group that is tagged for another stack looks tagged for this one',
    expected: 'mode',
    plan: onePlan({ tagged: 'Another' }),
    alter: aboutGroups((group) => ({ ...group, tags: { ...group.tags, 'sickbay:enforce': STACK } })),
  },
  {
    name: 'one group obeys one stack',
    takenAway: 'two Sickbays watch it, and each takes the tag for its own',
    expected: 'budget',
    plan: onePlan({ hosts: hostNames(8) }, { twoStacks: true, happenings: [sicken(1, FIRST), sicken(1, SECOND)] }),
    alter: () => (ports, config, stage) =>
      aboutGroups((group) => ({ ...group, tags: { ...group.tags, 'sickbay:enforce': config.stack } }))()(ports, config, stage),
  },
  {
    name: 'kill switch',
    takenAway: 'it always reads as off',
    expected: 'kill-switch',
    plan: onePlan({}, { happenings: [killSwitchSet(0, 'on'), sicken(1, FIRST)] }),
    alter: lying(({ killSwitch }) => ({ killSwitch: { read: async () => (await killSwitch.read(), { state: 'off' }) } })),
  },
  {
    name: 'owner observed',
    takenAway: 'everything looks static',
    expected: 'owner',
    plan: onePlan({}, { happenings: [memberOfAutoScaling(FIRST), sicken(1, FIRST)] }),
    alter: lying(({ owners }) => ({
      owners: {
        observe: async (group, targets) => {
          const seen = await owners.observe(group, targets);
          return new Map([...seen.keys()].map((id): [string, ObservedOwner] => [id, { owner: 'static' }]));
        },
      },
    })),
  },
  {
    name: "the group's count threshold",
    takenAway: 'the attribute is not read',
    expected: 'floor',
    plan: onePlan({ attributes: { 'target_group_health.unhealthy_state_routing.minimum_healthy_targets.count': '5' } }),
    alter: aboutGroups((group) => ({ ...group, attributes: {} })),
  },
  {
    name: "the group's percentage threshold",
    takenAway: 'the attribute is not read',
    expected: 'floor',
    // One of the four that stay is unhealthy: 75 % of them serve.
    plan: onePlan(
      { attributes: { 'target_group_health.dns_failover.minimum_healthy_targets.percentage': '80' } },
      { happenings: [failingChecks(0, 'i-00000004'), sicken(2, FIRST)] },
    ),
    alter: aboutGroups((group) => ({ ...group, attributes: {} })),
  },
  {
    name: 'thresholds hold in each zone',
    takenAway: 'cross-zone looks on',
    expected: 'floor',
    // Three in the zone of the sick one, which is asked to keep as many; four in the other.
    plan: onePlan({
      hosts: [FIRST, 'i-00000003', 'i-00000005', 'i-00000002', 'i-00000004', 'i-00000006', 'i-00000008'],
      attributes: {
        'load_balancing.cross_zone.enabled': 'false',
        'target_group_health.unhealthy_state_routing.minimum_healthy_targets.count': '3',
      },
    }),
    alter: aboutGroups((group) => ({ ...group, attributes: { ...group.attributes, 'load_balancing.cross_zone.enabled': 'true' } })),
  },
  {
    name: 'floor of a zone',
    takenAway: 'cross-zone looks on',
    expected: 'floor',
    plan: onePlan({ hosts: hostNames(4), attributes: { 'load_balancing.cross_zone.enabled': 'false' } }),
    alter: aboutGroups((group) => ({ ...group, attributes: {} })),
  },
  {
    name: 'floor of the fraction',
    takenAway: 'unhealthy targets look healthy',
    expected: 'floor',
    plan: onePlan({ hosts: hostNames(6) }, { happenings: [failingChecks(0, 'i-00000004', 'i-00000005', 'i-00000006'), sicken(2, FIRST)] }),
    alter: aboutHealth((view) => view.map((entry) => ({ ...entry, state: 'healthy' }))),
  },
  {
    name: 'one at a time below 20 targets',
    takenAway: 'twenty more targets than there are',
    expected: 'budget',
    plan: planNamed('two-sick'),
    alter: () => (ports, config, stage) => {
      const phantoms = hostNames(20, 501).map((id) => ({ target: { id, port: PORT }, state: 'healthy' as const }));
      // So many registered would raise the floor, and so many in service the projection.
      const floorless = { ...config, limits: { ...config.limits, healthyFraction: 0, capacityCeiling: 100 } };
      return aboutHealth((view) => [...view, ...phantoms])()(ports, floorless, stage);
    },
  },
  {
    name: 'breaker',
    takenAway: 'open breakers are not seen',
    expected: 'breaker',
    plan: onePlan(
      { hosts: hostNames(24) },
      { minutes: 90, happenings: ['i-00000001', 'i-00000002', 'i-00000003'].map((id, index) => sicken(3 + 9 * index, id)) },
    ),
    alter: lying(({ cases }) => ({
      cases: { ...cases, open: async () => (await cases.open()).filter((incident) => incident.about !== 'breaker') },
    })),
  },
  {
    name: 'operators hold targets',
    takenAway: 'holds are not seen',
    expected: 'held',
    plan: onePlan({}, { minutes: 12, happenings: [operatorHolds(1, FIRST, 30), sicken(2, FIRST)], calmMinutes: 40 }),
    alter: lying(({ cases }) => ({
      cases: { ...cases, open: async () => (await cases.open()).filter((incident) => incident.about !== 'hold') },
    })),
  },
  {
    name: 'shared hosts share a budget',
    takenAway: 'the shared host is not seen',
    expected: 'budget',
    plan: {
      ...onePlan(),
      groups: [
        { name: 'checkout', hosts: hostNames(6) },
        { name: 'search', hosts: hostNames(6, 6) },
      ],
      happenings: [sicken(1, FIRST), sicken(1, 'i-00000011')],
    },
    alter: () => (ports, config, stage) => {
      const blindHealth = aboutHealth(withoutShared)()(ports, config, stage);
      return aboutRounds((round) => ({ ...round, lbView: withoutShared(round.lbView) }))()(blindHealth.ports, config, stage);
    },
  },
  {
    name: 'shared cause',
    takenAway: 'a shared round singles one out',
    expected: 'shared-cause',
    plan: onePlan({}, { minutes: 12, happenings: [everybodySlow(6, true)] }),
    alter: aboutRounds(singledOut),
  },
  {
    name: 'errors need a second view',
    takenAway: 'CloudWatch seems to agree with everything',
    expected: 'evidence',
    plan: onePlan({}, { minutes: 12, happenings: [misread(4, FIRST)] }),
    alter: lying(({ clock }) => ({
      balancerMetrics: {
        minutes: async () => [{ startsAt: clock.now() - 60_000, requests: 500, serverErrors: 500, connectionErrors: 0 }],
      },
    })),
  },
  {
    name: 'errors of another target are no second view',
    takenAway: 'neither its verdict nor its probes are seen',
    expected: 'evidence',
    plan: onePlan({ hosts: hostNames(24) }, { minutes: 14, happenings: [misread(4, FIRST), fails(4, SECOND)] }),
    alter: aboutRounds((round) => ({
      ...round,
      verdicts: round.verdicts.map((entry) => (entry.key.startsWith(SECOND) ? { ...entry, verdict: 'clean', why: 'level' } : entry)),
      samples: { ...round.samples, [`${SECOND}:${PORT}`]: [] },
    })),
  },
  {
    name: 'readings of the hosts are young',
    takenAway: 'an old inspection seems to have been made just now',
    expected: 'capacity',
    plan: onePlan({}, { minutes: 12, happenings: [killSwitchSet(0, 'on'), sicken(1, FIRST), ...busy(4, 5), killSwitchSet(9, 'off')] }),
    alter: () => {
      const first = new Map<string, HostCapture>();
      return lying(({ clock, hosts }) => ({
        hosts: {
          inspect: async (ids, ...more) => {
            for (const capture of await hosts.inspect(ids, ...more)) if (!first.has(capture.host)) first.set(capture.host, capture);
            return ids.flatMap((id) => first.get(id) ?? []).map((capture) => ({ ...capture, capturedAt: clock.now() }));
          },
        },
      }))();
    },
  },
  {
    name: 'the fullest survivor decides',
    takenAway: 'every peer seems to be as idle as the idlest',
    expected: 'capacity',
    plan: onePlan({}, { minutes: 12, happenings: [loaded(0, SECOND, 2, 200), ...busy(0, 5).slice(1), sicken(5, FIRST)] }),
    alter: lying(({ hosts }) => ({
      hosts: {
        inspect: async ([sick = '', ...peers], ...more) => {
          const captures = await hosts.inspect([sick, ...peers], ...more);
          return captures.map((capture) =>
            'stdout' in capture && capture.host !== sick
              ? { ...capture, stdout: capture.stdout.replace(/(connection_pool_active) \d+/, '$1 0') }
              : capture,
          );
        },
      },
    })),
  },
  {
    name: 'zonal shift freezes',
    takenAway: 'the override is not read',
    expected: 'frozen',
    plan: onePlan({}, { happenings: [zonalShift(0), sicken(1, FIRST)] }),
    alter: aboutHealth((view) => view.map(({ target, state }) => ({ target, state }))),
  },
  {
    name: 'mitigation freezes',
    takenAway: 'anomaly detection is not read',
    expected: 'frozen',
    plan: onePlan({}, { happenings: [mitigation(0), sicken(1, FIRST)] }),
    alter: aboutHealth((view) => view.map(({ target, state }) => ({ target, state }))),
  },
  {
    name: 'contested targets stay',
    takenAway: 'closed cases are forgotten',
    expected: 'contested',
    plan: planNamed('operator-registers'),
    alter: lying(({ cases }) => ({ cases: { ...cases, closedSince: async () => [] } })),
  },
  {
    name: 'only a healthy target is removed',
    takenAway: 'it looks healthy whatever it is',
    expected: 'fresh-look',
    // Without requests it is in nobody's view: a p99 that always was as high as its probes excludes
    // nothing.
    plan: onePlan({}, { client: 'none', happenings: [failingChecks(0, FIRST), sicken(2, FIRST)] }),
    alter: () => (ports, config, stage) => {
      const lying = alwaysSlow(ports, config, stage);
      return aboutHealth((view) => view.map((entry) => ({ ...entry, state: 'healthy' })))()(lying.ports, lying.config, stage);
    },
  },
  {
    name: 'records of a later version count',
    takenAway: 'they are left out',
    expected: 'unreadable',
    plan: onePlan({}, { happenings: [rolledBack(0, groupArn('checkout')), sicken(1, FIRST)] }),
    alter: lying(({ cases }) => ({
      cases: { ...cases, open: async () => (await cases.open()).filter((incident) => incident.about !== 'unreadable') },
    })),
  },
  {
    name: 'a stopped instance has not vanished',
    takenAway: 'what does not run looks terminated',
    expected: 'restore-kept',
    plan: planNamed('stopped'),
    alter: lying(({ registrations: { asg, static: direct } }) => ({
      instanceStates: { of: async () => new Map() },
      registrations: { asg, static: { ...direct, restore: (arn, removal) => direct.restore(arn, removal).catch(goneForGood) } },
    })),
  },
  {
    name: 'a drained target is not registered',
    takenAway: 'the reason of `unused` is not read',
    expected: 'restore-kept',
    plan: planNamed('drained'),
    alter: aboutHealth((view) =>
      view.map(({ reason, ...entry }) =>
        reason === 'Target.NotRegistered' ? entry : { ...entry, ...(reason === undefined ? {} : { reason }) },
      ),
    ),
  },
  {
    name: 'renewal needs evidence',
    takenAway: 'what is out looks sick for ever',
    expected: 'renewal-needs-evidence',
    plan: planNamed('recovers'),
    alter: aboutRounds(sickWhenOut),
  },
];

/** All but the first of so many hosts are full from now on. */
function busy(atMinute: number, count: number): Plan['happenings'] {
  return hostNames(count - 1, 2).map((id) => loaded(atMinute, id, 17));
}

function memberOfAutoScaling(id: string) {
  return {
    atMinute: 0,
    summary: `${id} joins an Auto Scaling group`,
    happen: ({ world }: Parameters<Plan['happenings'][number]['happen']>[0]) =>
      void world.autoScaling.addGroup({ name: 'web', minSize: 0, maxSize: 9, desiredCapacity: 1, instanceIds: [id], targetGroupArns: [] }),
  };
}

function failingChecks(atMinute: number, ...ids: string[]): Plan['happenings'][number] {
  return {
    atMinute,
    summary: `${ids.join(', ')} fail the load balancer's checks`,
    happen: (stage) => {
      for (const id of ids) stage.failingChecks.add(id);
    },
  };
}

function zonalShift(atMinute: number): Plan['happenings'][number] {
  return { atMinute, summary: 'a zonal shift begins', happen: ({ world }) => world.elb.setZonalShift('a', true) };
}

function mitigation(atMinute: number): Plan['happenings'][number] {
  return {
    atMinute,
    summary: `traffic is moved away from ${SECOND}`,
    happen: ({ world }) => world.elb.setAnomaly(groupArn('checkout'), SECOND, 'anomalous', true),
  };
}
