/**
 * Guards that are taken away by lying to the responder about the world. The checker sees what the
 * world answered.
 */
import type { HostCapture, ObservedOwner } from '../../core/model';
import { TargetNotRunning, TargetVanished } from '../../lambda/act/vanished';
import { everybodySlow, fails, failsChecks, heal, killSwitchSet, loaded, misread, operatorHolds, rolledBack, sicken } from './base-plans';
import { lying, aboutGroups, aboutHealth, aboutRounds, singledOut, sickWhenOut } from './lies';
import type { Mutation } from './mutation';
import { onePlan, planNamed } from './mutations-config';
import { alwaysSlow } from './mutations-views';
import type { Plan } from './happenings';
import { groupArn, hostNames, PORT, STACK } from './plan';

const [FIRST = '', SECOND = ''] = hostNames(2);

function goneForGood(error: unknown): never {
  throw error instanceof TargetNotRunning ? new TargetVanished(error.message) : error;
}

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
    name: 'operators hold targets',
    takenAway: 'holds are not seen',
    expected: 'held',
    plan: onePlan({}, { minutes: 12, happenings: [operatorHolds(1, FIRST, 30), sicken(2, FIRST)], calmMinutes: 40 }),
    alter: lying(({ cases }) => ({
      cases: { ...cases, open: async () => (await cases.open()).filter((incident) => incident.about !== 'hold') },
    })),
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
    plan: onePlan({}, { client: 'none', happenings: [failsChecks(0, FIRST), sicken(2, FIRST)] }),
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
