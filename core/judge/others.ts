import type { RoundSummary, TargetSummary } from './summary';
import { type BadCount, type Evidence, slowSamples, type Suspect } from './suspect';
import type { OthersBad } from './tail';

/** Bad samples of one target in its window, and of everybody else since that began; cold targets do not count. */
export function countBad(
  suspect: Suspect,
  evidence: Evidence,
  suspects: readonly Suspect[],
  rounds: readonly RoundSummary[],
): { own: BadCount; others: OthersBad } {
  const { hash, zone } = suspect.position.reading;
  const bad = (target: TargetSummary): number => (evidence.why === 'errors' ? target.hard : target.bad);
  const own = suspect.sequence.slice(0, evidence.window);
  const since = own.at(-1)?.startedAt ?? 0;
  const zones = new Map(suspects.map(({ position: { reading } }) => [reading.hash, reading.zone]));
  const lists = [suspects.map((other) => other.now), ...rounds.filter((round) => round.startedAt >= since).map((round) => round.targets)];
  const others = lists.flatMap((targets) => targets.filter((target) => target.hash !== hash && !target.cold && !target.out));
  const inZone = others.filter((target) => zones.get(target.hash) === zone);
  return { own: total(own, bad), others: { fleet: total(others, bad), zone: total(inZone, bad) } };
}

/**
 * This round's bad samples by one measure, the suspect's own limit: the others' limits are relative to what they usually answer, and a disturbance of
 * all may lie below those of some. Compared with its own instance type, where four are known.
 */
export function countAlike(suspect: Suspect, warm: readonly Suspect[]): { own: BadCount; others: BadCount } {
  const { type } = suspect.position.reading;
  const peers = warm.filter((other) => other !== suspect);
  const same = peers.filter((other) => type !== undefined && other.position.reading.type === type);
  const others = { k: 0, n: 0 };
  for (const { now, position } of same.length >= 4 ? same : peers) {
    others.k += now.hard + slowSamples(position.reading, suspect.slowAbove);
    others.n += now.n;
  }
  return { own: { k: suspect.now.bad, n: suspect.now.n }, others };
}

function total(targets: readonly TargetSummary[], bad: (target: TargetSummary) => number): BadCount {
  return targets.reduce<BadCount>((sum, target) => ({ k: sum.k + bad(target), n: sum.n + target.n }), { k: 0, n: 0 });
}
