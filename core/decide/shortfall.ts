/**
 * When too few serve while a target is out, Sickbay restores it before its lease ends, even if it
 * is still slow. The floor is that of a removal. Here a target counts as not serving only on
 * evidence against it, because a restore needs a reason too.
 */
import { isRegistered, lbTargetOf } from '../case';
import { targetKey, type Ejection, type GuardrailCheck, type LbTarget, type Round, type TargetCase } from '../model';
import { autoScalingOf } from './candidate';
import { freshRound } from './decision';
import { shortfallsAt } from './floor';
import type { Ledger } from './ledger';
import { affectedGroups } from './affected-groups';
import { settledAt, VIEW_SETTLES_MS } from './settling';
import type { GroupSituation, Situation } from './situation';

/** A case whose target is out, with what was read of its group in this run. */
export interface Absent {
  readonly situation: Situation;
  readonly group: GroupSituation;
  readonly incident: TargetCase;
  readonly ledger: Ledger;
}

/**
 * The floors that do not hold without the target, in every group that it was removed from; none:
 * all hold. Undefined when that is not known: right after the removal, when target health is empty
 * or lacks what the last round saw registered, or when the Auto Scaling group cannot be read.
 */
export function shortfallOf(absent: Absent, ejection: Ejection): GuardrailCheck[] | undefined {
  const { situation, group, incident } = absent;
  const round = group.rounds[0];
  if (round === undefined || situation.now < settledAt(ejection)) return undefined;
  if (ejection.owner === 'asg' && autoScalingOf(absent) === undefined) return undefined;
  const asked = { ...absent, round };
  const isWell = notAccused(freshRound(situation, group));
  const groups = affectedGroups(asked).map((affected) => ({ ...affected, isWell }));
  if (groups.some(({ lbView }) => lbView.length === 0) || !isWhole(group.lbView, round, incident)) return undefined;
  return groups.flatMap((affected) => shortfallsAt(affected, asked).map((one) => ({ ...one, value: `${affected.label}${one.value}` })));
}

/**
 * Seen in an earlier run too, long enough ago that one stale answer cannot be behind both: no
 * target is restored early on a single reading.
 */
export function isLasting(shortfall: readonly GuardrailCheck[], { situation, incident }: Absent, ejection: Ejection): boolean {
  const { shortSinceAt } = incident;
  if (shortfall.length === 0 || shortSinceAt === undefined || shortSinceAt < outSince(ejection)) return false;
  return situation.now - shortSinceAt >= VIEW_SETTLES_MS;
}

function outSince({ confirmedAt, intentAt }: Ejection): number {
  return confirmedAt ?? intentAt;
}

/**
 * What the last round saw registered is listed in some state. A target that is really gone is
 * missing from the next round as well.
 */
function isWhole(view: readonly LbTarget[], round: Round, { target }: TargetCase): boolean {
  const others = round.lbView.filter((entry) => isRegistered(entry) && entry.target.id !== target.id);
  return others.every((entry) => lbTargetOf(view, entry.target) !== undefined);
}

/**
 * Hosts that are suspected or convicted count against the floor; one that is not judged, as in a
 * blind round or after its launch, does not.
 */
function notAccused(round: Round | undefined): (entry: LbTarget) => boolean {
  const accused = (round?.verdicts ?? []).filter(({ verdict }) => verdict === 'suspect' || verdict === 'convicted').map(({ key }) => key);
  const hosts = new Set((round?.lbView ?? []).filter(({ target }) => accused.includes(targetKey(target))).map(({ target }) => target.id));
  return ({ target }) => !hosts.has(target.id);
}
