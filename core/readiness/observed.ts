/**
 * What was seen of one target group: how many rounds, how many of them blind, and which targets
 * came near a removal without one.
 */
import type { FleetVerdict, Round, TargetVerdict } from '../model';

/** A round as its index has it: without its body. */
export interface RoundMark {
  readonly startedAt: number;
  readonly fleet: FleetVerdict;
}

/** From this fraction of the evidence that a removal needs a suspicion is a near miss. */
const NEAR = 0.5;

/** Rounds of one target under suspicion that are further apart are two suspicions. */
const APART_MS = 600_000;

/** A suspicion that came at least half way, and ended without a conviction. */
export interface NearMiss {
  readonly target: string;
  readonly at: number;
  readonly untilAt: number;
  /** The most evidence it had, as a fraction of what a removal needs; over 1 where a veto stood. */
  readonly peak: number;
  /** The verdict of that round in one line. */
  readonly verdict: string;
}

export interface GroupObserved {
  readonly groupArn: string;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly rounds: number;
  /** Usual time between two rounds, ms. */
  readonly intervalMs: number;
  /** Rounds that would have been, one each interval from the first to the last. */
  readonly expectedRounds: number;
  /** Rounds in which the prober could not see. */
  readonly blindRounds: number;
  /** Rounds in which targets shared a cause, all of them or those of a zone. */
  readonly sharedRounds: number;
  /** Targets in the newest round. */
  readonly targets: number;
  /**
   * Rounds with a target under suspicion in which Automatic Target Weights had moved traffic: then
   * nothing is removed. Absent: none.
   */
  readonly mitigatedRounds?: number;
  /** Target Optimizer's control port, where the group has one. */
  readonly targetControlPort?: number;
  /**
   * The newest round has no sample of any target, and was not blind: the group is of a kind that
   * cannot be measured, or is empty. Absent: it has some.
   */
  readonly unprobed?: true;
  /** Oldest first. */
  readonly nearMisses: readonly NearMiss[];
}

/**
 * @param marks of every round, oldest first
 * @param suspected bodies of those rounds that had a target under suspicion, in any order
 * @param targets in the newest round
 * @returns undefined where there is no round
 */
export function observe(
  groupArn: string,
  marks: readonly RoundMark[],
  suspected: readonly Round[],
  targets: number,
  newest: Pick<GroupObserved, 'targetControlPort' | 'unprobed'> = {},
): GroupObserved | undefined {
  const [first] = marks;
  const last = marks.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const intervalMs = usualGap(marks);
  const count = (...verdicts: readonly FleetVerdict[]) => marks.filter(({ fleet }) => verdicts.includes(fleet)).length;
  return {
    groupArn,
    firstAt: first.startedAt,
    lastAt: last.startedAt,
    rounds: marks.length,
    intervalMs,
    expectedRounds: intervalMs === 0 ? marks.length : Math.round((last.startedAt - first.startedAt) / intervalMs) + 1,
    blindRounds: count('blind'),
    sharedRounds: count('shared', 'shared-zone'),
    targets,
    ...mitigatedIn(suspected),
    ...newest,
    nearMisses: nearMisses(suspected),
  };
}

function mitigatedIn(rounds: readonly Round[]): Pick<GroupObserved, 'mitigatedRounds'> {
  const mitigated = rounds.filter(({ lbView }) => lbView.some((entry) => entry.mitigationInEffect === true)).length;
  return mitigated === 0 ? {} : { mitigatedRounds: mitigated };
}

/** The median: a few rounds on an alarm, or a sweep that was down for a day, do not move it. */
function usualGap(marks: readonly RoundMark[]): number {
  const gaps = marks.slice(1).map(({ startedAt }, index) => startedAt - (marks[index]?.startedAt ?? startedAt));
  return gaps.sort((a, b) => a - b)[gaps.length >> 1] ?? 0;
}

interface Sighting {
  readonly at: number;
  readonly verdict: TargetVerdict;
}

/** Suspicions that came near and were no conviction in any of their rounds. */
export function nearMisses(rounds: readonly Round[]): NearMiss[] {
  const sightings = new Map<string, Sighting[]>();
  for (const { startedAt, verdicts } of [...rounds].sort((a, b) => a.startedAt - b.startedAt))
    for (const verdict of verdicts.filter((one) => one.verdict === 'suspect' || one.verdict === 'convicted'))
      sightings.set(verdict.key, [...(sightings.get(verdict.key) ?? []), { at: startedAt, verdict }]);
  return [...sightings]
    .flatMap(([target, seen]) => spells(seen).flatMap((spell) => nearMiss(target, spell) ?? []))
    .sort((a, b) => a.at - b.at);
}

function spells(sightings: readonly Sighting[]): Sighting[][] {
  const found: Sighting[][] = [];
  for (const sighting of sightings) {
    const current = found.at(-1);
    const before = current?.at(-1);
    if (current === undefined || before === undefined || sighting.at - before.at > APART_MS) found.push([sighting]);
    else current.push(sighting);
  }
  return found;
}

function nearMiss(target: string, spell: readonly Sighting[]): NearMiss | undefined {
  if (spell.some(({ verdict }) => verdict.verdict === 'convicted')) return undefined;
  const [worst] = [...spell].sort((a, b) => share(b.verdict) - share(a.verdict));
  const [first] = spell;
  const last = spell.at(-1);
  if (worst === undefined || first === undefined || last === undefined || share(worst.verdict) < NEAR) return undefined;
  return { target, at: first.at, untilAt: last.at, peak: share(worst.verdict), verdict: worst.verdict.says };
}

function share({ evidenceNats, neededNats }: TargetVerdict): number {
  return neededNats > 0 ? evidenceNats / neededNats : 0;
}
