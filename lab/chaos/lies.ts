/** Ports that lie to the responder about the world, for the mutations. */
import { targetKey, type LbTarget, type Round, type ServiceView, type TargetGroup } from '../../core/model';
import type { RespondPorts } from '../../lambda/ports';
import type { Alteration } from './mutation';

export function lying(change: (ports: RespondPorts) => Partial<RespondPorts>): () => Alteration {
  return () => (ports, config) => ({ ports: { ...ports, ...change(ports) }, config });
}

export function aboutGroups(change: (group: TargetGroup) => TargetGroup): () => Alteration {
  return lying(({ loadBalancing }) => ({
    loadBalancing: { ...loadBalancing, describe: async (listed) => (await loadBalancing.describe(listed)).map(change) },
  }));
}

export function aboutHealth(change: (view: LbTarget[], groupArn: string) => LbTarget[]): () => Alteration {
  return lying(({ loadBalancing }) => ({
    loadBalancing: { ...loadBalancing, health: async (arn) => change(await loadBalancing.health(arn), arn) },
  }));
}

export function aboutRounds(change: (round: Round) => Round): () => Alteration {
  return lying(({ rounds }) => ({ rounds: { latest: async (arn, limit) => (await rounds.latest(arn, limit)).map(change) } }));
}

/** What ECS says of a service and its tasks. */
export function aboutServices(change: (view: ServiceView) => ServiceView): () => Alteration {
  return lying(({ ecs }) => ({
    ecs: {
      ...ecs,
      read: async (...asked) => {
        const view = await ecs.read(...asked);
        return view === undefined ? undefined : change(view);
      },
    },
  }));
}

/** A shared round that singles the first target out after all. */
export function singledOut(round: Round): Round {
  if (round.fleet !== 'shared') return round;
  const [first, ...others] = round.verdicts;
  if (first === undefined) return round;
  const convicted = { ...first, verdict: 'convicted' as const, evidenceSince: round.startedAt - 400_000, cold: false };
  return { ...round, fleet: 'convicted', verdicts: [convicted, ...others.map((other) => ({ ...other, verdict: 'clean' as const }))] };
}

/** Targets that are not registered look sick for ever. */
export function sickWhenOut(round: Round): Round {
  const registered = new Set(round.lbView.filter((entry) => entry.state !== 'draining').map((entry) => targetKey(entry.target)));
  const verdicts = round.verdicts.map((entry) => (registered.has(entry.key) ? entry : { ...entry, verdict: 'suspect' as const }));
  return { ...round, verdicts };
}
