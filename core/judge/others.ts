import type { Reading } from './reading';
import type { RoundSummary, TargetSummary } from './summary';
import { type BadCount, type Evidence, failures, slowSamples, type Measured } from './suspect';
import type { OthersBad } from './tail';

/** Bad samples of one target in its window, and of everybody else since that began; cold targets do not count. */
export function countBad(
  suspect: Measured,
  evidence: Evidence,
  suspects: readonly Measured[],
  rounds: readonly RoundSummary[],
): { own: BadCount; others: OthersBad } {
  const { hash, zone } = suspect.position.reading;
  const bad = (target: TargetSummary): number => (evidence.why === 'errors' ? target.hard : target.bad);
  const own = suspect.sequence.slice(0, evidence.window);
  const since = own.at(-1)?.startedAt ?? 0;
  const zones = new Map(suspects.map(({ position: { reading } }) => [reading.hash, reading.zone]));
  const lists = [suspects.map((other) => other.now), ...rounds.filter((round) => round.startedAt >= since).map((round) => round.targets)];
  const others = { fleet: { k: 0, n: 0 }, zone: { k: 0, n: 0 } };
  for (const targets of lists) {
    for (const target of targets) {
      if (target.hash === hash || target.cold || target.out) continue;
      add(others.fleet, target, bad);
      if (zones.get(target.hash) === zone) add(others.zone, target, bad);
    }
  }
  return { own: total(own, bad), others };
}

/**
 * This round's bad samples by one measure, the suspect's own limit: the others' limits are relative to what they usually answer, and a disturbance of
 * all may lie below those of some. Compared with its own instance type, where four are known.
 */
export function countAlike(suspect: Measured, why: 'tail' | 'errors', warm: readonly Measured[]): { own: BadCount; others: BadCount } {
  const bad = (reading: Reading): number =>
    failures(reading, suspect.slowAbove) + (why === 'tail' ? slowSamples(reading, suspect.slowAbove) : 0);
  const { type } = suspect.position.reading;
  const peers = warm.filter((other) => other !== suspect);
  const same = peers.filter((other) => type !== undefined && other.position.reading.type === type);
  const others = { k: 0, n: 0 };
  for (const { now, position } of same.length >= 4 ? same : peers) {
    others.k += bad(position.reading);
    others.n += now.n;
  }
  return { own: { k: bad(suspect.position.reading), n: suspect.now.n }, others };
}

function add(sum: { k: number; n: number }, target: TargetSummary, bad: (target: TargetSummary) => number): void {
  sum.k += bad(target);
  sum.n += target.n;
}

function total(targets: readonly TargetSummary[], bad: (target: TargetSummary) => number): BadCount {
  const sum = { k: 0, n: 0 };
  for (const target of targets) add(sum, target, bad);
  return sum;
}
