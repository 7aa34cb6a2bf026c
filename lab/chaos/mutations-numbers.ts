/** Limits of how many may be out: floors, budgets and the breaker, each taken away. */
import type { LbTarget } from '../../core/model';
import { failsChecks, sicken } from './base-plans';
import { aboutGroups, aboutHealth, aboutRounds, lying } from './lies';
import type { Mutation } from './mutation';
import { onePlan, planNamed } from './mutations-config';
import { hostNames, PORT } from './plan';

const [FIRST = ''] = hostNames(1);

const SHARED_HOST = 'i-00000006';
const withoutShared = (view: readonly LbTarget[]) => view.filter((entry) => entry.target.id !== SHARED_HOST);

export const GUARDS_ON_NUMBERS: readonly Mutation[] = [
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
      { happenings: [failsChecks(0, 'i-00000004'), sicken(2, FIRST)] },
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
    plan: onePlan({ hosts: hostNames(6) }, { happenings: [...hostNames(3, 4).map((id) => failsChecks(0, id)), sicken(2, FIRST)] }),
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
];
