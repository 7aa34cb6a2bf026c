/** Guards that are taken away by another configuration than the one the checker knows. */
import type { Config } from '../../core/config';
import { BASE_PLANS, killSwitchSet, sicken } from './base-plans';
import type { Alteration, Mutation } from './mutation';
import type { Plan } from './happenings';
import { hostNames, type GroupPlan } from './plan';

const [FIRST = '', SECOND = '', THIRD = ''] = hostNames(3);

/** @throws when there is none of this name */
export function planNamed(name: string): Plan {
  const plan = BASE_PLANS.find((candidate) => candidate.name === name);
  if (plan === undefined) throw new Error(`no base plan ${name}`);
  return plan;
}

/** A plan with one sick host in a group of five, which is removed unless something forbids it. */
export function onePlan(fields: Partial<GroupPlan> = {}, more: Partial<Plan> = {}): Plan {
  return {
    name: 'mutation',
    groups: [{ name: 'checkout', hosts: hostNames(5), ...fields }],
    minutes: 9,
    happenings: [sicken(1, FIRST)],
    ...more,
  };
}

function configured(change: (config: Config) => Config): () => Alteration {
  return () => (ports, config) => ({ ports, config: change(config) });
}

function group(fields: Partial<Config['targetGroups'][number]>): () => Alteration {
  return configured((config) => ({ ...config, targetGroups: config.targetGroups.map((entry) => ({ ...entry, ...fields })) }));
}

function limits(fields: Partial<Config['limits']>): () => Alteration {
  return configured((config) => ({ ...config, limits: { ...config.limits, ...fields } }));
}

function durations(fields: Partial<Config['durations']>): () => Alteration {
  return configured((config) => ({ ...config, durations: { ...config.durations, ...fields } }));
}

const MANY = hostNames(24);

/** No sweep after the fifth, and a responder that is woken all the same. */
function fiveSweeps(): () => number | undefined {
  let sweeps = 0;
  return () => (sweeps++ < 5 ? 0 : undefined);
}

export const GUARDS_IN_CONFIG: readonly Mutation[] = [
  {
    name: 'mode',
    takenAway: 'the responder believes it may enforce',
    expected: 'mode',
    plan: onePlan({}, { mode: 'observe' }),
    alter: configured((config) => ({ ...config, mode: 'enforce' })),
  },
  {
    name: 'owner declared',
    takenAway: 'an owner that nobody declared',
    expected: 'owner',
    plan: onePlan({ owner: 'none' }),
    alter: group({ owner: 'static' }),
  },
  {
    name: 'Network Load Balancer declared',
    takenAway: 'nlb: act that nobody wrote',
    expected: 'network',
    plan: onePlan({ protocol: 'TCP', attributes: { 'load_balancing.cross_zone.enabled': 'true' } }),
    alter: group({ nlb: 'act' }),
  },
  {
    name: "the user's floor",
    takenAway: 'minHealthy of 1',
    expected: 'floor',
    plan: onePlan({ minHealthy: 5 }),
    alter: group({ minHealthy: 1 }),
  },
  {
    name: 'capacity ceiling',
    takenAway: 'a ceiling of 1000 %',
    expected: 'capacity',
    plan: onePlan({}, { poolInUse: 16 }),
    alter: limits({ capacityCeiling: 10 }),
  },
  {
    name: 'budget of a group and hour',
    takenAway: '100 an hour',
    expected: 'budget',
    plan: onePlan({ hosts: MANY }, { minutes: 24, happenings: [sicken(1, FIRST), sicken(8, SECOND), sicken(15, THIRD)] }),
    alter: limits({ ejectionsPerGroupHour: 100 }),
  },
  {
    name: 'budget of the stack and hour',
    takenAway: '100 an hour',
    expected: 'budget',
    plan: {
      ...onePlan(),
      groups: [
        { name: 'checkout', hosts: MANY },
        { name: 'search', hosts: hostNames(24, 101) },
      ],
      happenings: [FIRST, SECOND, 'i-00000101', 'i-00000102'].map((id, index) => sicken(1 + 8 * (index % 2), id)),
      minutes: 18,
    },
    alter: limits({ ejectionsPerStackHour: 100 }),
  },
  {
    name: 'fresh evidence',
    takenAway: 'rounds of yesterday will do',
    expected: 'evidence',
    plan: onePlan({}, { minutes: 14, happenings: [killSwitchSet(0, 'on'), sicken(1, FIRST), killSwitchSet(11, 'off')] }),
    options: { repeats: true, sweepLateMs: fiveSweeps() },
    alter: durations({ staleS: 100_000 }),
  },
  {
    name: 'length of a lease',
    takenAway: 'a lease of a day',
    expected: 'back-in-time',
    plan: onePlan(),
    alter: durations({ leaseS: 86_400, leaseCapS: 86_400 }),
  },
];
