import type { RoundSummary, TargetSummary } from './summary';
import type { BadCount, Suspect } from './suspect';
import type { OthersBad } from './tail';

/** Counts the bad samples of everybody but one target, in this round and earlier ones; cold targets do not count. */
export function countOthers(suspects: readonly Suspect[], rounds: readonly RoundSummary[]): OthersBad {
  const zones = new Map(suspects.map(({ position: { reading } }) => [reading.hash, reading.zone]));
  const all = [suspects.map((suspect) => suspect.now), ...rounds.map((round) => round.targets)];
  return (suspect, window) => {
    const { hash, zone } = suspect.position.reading;
    const others = all
      .slice(0, window)
      .flatMap((targets) => targets.filter((target) => target.hash !== hash && !target.cold && !target.out));
    return { fleet: countBad(others), zone: countBad(others.filter((target) => zones.get(target.hash) === zone)) };
  };
}

function countBad(targets: readonly TargetSummary[]): BadCount {
  return targets.reduce<BadCount>((sum, target) => ({ k: sum.k + target.bad, n: sum.n + target.n }), { k: 0, n: 0 });
}
