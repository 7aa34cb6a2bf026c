import type { RoundSummary, TargetSummary } from './summary';
import type { BadCount, Suspect } from './suspect';
import type { OthersBad } from './tail';

/** Bad samples of everybody but the suspect since the window began, in this round and earlier ones; cold targets do not count. */
export function othersBad(suspect: Suspect, window: number, suspects: readonly Suspect[], rounds: readonly RoundSummary[]): OthersBad {
  const { hash, zone } = suspect.position.reading;
  const since = suspect.sequence[window - 1]?.startedAt ?? 0;
  const zones = new Map(suspects.map(({ position: { reading } }) => [reading.hash, reading.zone]));
  const lists = [suspects.map((other) => other.now), ...rounds.filter((round) => round.startedAt >= since).map((round) => round.targets)];
  const others = lists.flatMap((targets) => targets.filter((target) => target.hash !== hash && !target.cold && !target.out));
  return { fleet: countBad(others), zone: countBad(others.filter((target) => zones.get(target.hash) === zone)) };
}

function countBad(targets: readonly TargetSummary[]): BadCount {
  return targets.reduce<BadCount>((sum, target) => ({ k: sum.k + target.bad, n: sum.n + target.n }), { k: 0, n: 0 });
}
