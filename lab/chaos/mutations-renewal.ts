/** Guards of a lease, which are taken away by lying to the responder once the target is out. */
import type { HostCapture, LbTarget, Round } from '../../core/model';
import type { RespondPorts } from '../../lambda/ports';
import { everybodySlow, failsChecks, loaded, sicken } from './base-plans';
import type { Alteration, Mutation } from './mutation';
import { onePlan } from './mutations-config';
import type { Happening } from './happenings';
import { hostNames } from './plan';

const [FIRST = '', SECOND = '', THIRD = ''] = hostNames(3);

/**
 * The target is removed in the third minute; its lease of five minutes is renewed in the second
 * half.
 */
const REMOVED = sicken(1, FIRST);

function lying(change: (ports: RespondPorts) => Partial<RespondPorts>): () => Alteration {
  return () => (ports, config) => ({ ports: { ...ports, ...change(ports) }, config });
}

function aboutHealth(change: (entry: LbTarget) => LbTarget): () => Alteration {
  return lying(({ loadBalancing }) => ({
    loadBalancing: { ...loadBalancing, health: async (arn) => (await loadBalancing.health(arn)).map(change) },
  }));
}

function idle(capture: HostCapture): HostCapture {
  if (!('stdout' in capture)) return capture;
  return { ...capture, stdout: capture.stdout.replace(/(connection_pool_active) \d+/, '$1 1') };
}

/** The first target stands out of a round in which everybody is slow. */
function singledOut(round: Round): Round {
  if (round.fleet !== 'shared') return round;
  const verdicts = round.verdicts.map((entry) => ({
    ...entry,
    verdict: entry.key.startsWith(FIRST) ? ('convicted' as const) : ('clean' as const),
  }));
  return { ...round, fleet: 'convicted', verdicts };
}

function zonalShift(atMinute: number): Happening {
  return { atMinute, summary: 'a zonal shift begins', happen: ({ world }) => world.elb.setZonalShift('a', true) };
}

function zonalShiftEnds(atMinute: number): Happening {
  return { atMinute, summary: 'the zonal shift ends', happen: ({ world }) => world.elb.setZonalShift('a', false) };
}

export const RENEWAL: readonly Mutation[] = [
  {
    name: 'a lease is renewed while the others carry the load',
    takenAway: 'the peers seem idle',
    expected: 'capacity',
    plan: onePlan({}, { minutes: 14, happenings: [REMOVED, ...hostNames(4, 2).map((id) => loaded(4, id, 17))] }),
    alter: lying(({ hosts }) => ({
      hosts: {
        inspect: async (ids, ...more) =>
          (await hosts.inspect(ids, ...more)).map((capture) => (capture.host === ids[0] ? capture : idle(capture))),
      },
    })),
  },
  {
    name: 'no lease is renewed in a shared round',
    takenAway: 'a shared round singles one out',
    expected: 'shared-cause',
    plan: onePlan({}, { minutes: 14, happenings: [REMOVED, everybodySlow(5, true)] }),
    alter: lying(({ rounds }) => ({ rounds: { latest: async (arn, limit) => (await rounds.latest(arn, limit)).map(singledOut) } })),
  },
  {
    name: 'no lease is renewed during a zonal shift',
    takenAway: 'the override is not read',
    expected: 'frozen',
    plan: onePlan({}, { minutes: 14, happenings: [REMOVED, zonalShift(4), zonalShiftEnds(13)] }),
    alter: aboutHealth(({ target, state }) => ({ target, state })),
  },
  {
    name: 'below the floor the target comes back early',
    takenAway: 'unhealthy targets look healthy',
    expected: 'floor',
    plan: onePlan({}, { minutes: 14, happenings: [REMOVED, failsChecks(4, SECOND), failsChecks(4, THIRD)] }),
    alter: aboutHealth((entry) => (entry.state === 'unhealthy' ? { ...entry, state: 'healthy' } : entry)),
  },
];
