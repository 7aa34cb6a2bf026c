import { LN_ALWAYS_SLOW, LN_ALWAYS_SLOW_UNKNOWN, LN_MATERIAL, LN_NOTICEABLE, OWN_HISTORY_ROUNDS, ZONE_FRACTION } from './parameters';
import { lowerMedianOfSorted, median, sorted } from './quantiles';
import { keyHash, type RoundSummary } from './summary';
import type { Measured } from './suspect';

/** Rounds over which a neighbour counts as warm, and for which a hot zone is remembered. */
const ROUNDS = 3;

/** Hash of the suspect's zone, as records keep it. */
export function zoneHash(suspect: Measured): number {
  return keyHash(suspect.position.reading.zone ?? '');
}

/**
 * Whether the other targets of the suspect's zone are slow as well, became so when it did (from `since`, where its evidence begins), or were slow in the
 * newest of `rounds`: then the zone is the cause. `usual` is how much the fleet's targets differ: a neighbour's own scale is no measure, a zone that was slow
 * for a while has widened it.
 */
export function isZoneHot(
  suspect: Measured,
  since: number,
  warm: readonly Measured[],
  rounds: readonly RoundSummary[],
  usual: number,
): boolean {
  const neighbours = warm.filter((other) => other !== suspect && isNeighbour(other, suspect));
  const others = warm.filter((other) => other !== suspect);
  if (neighbours.length === 0 || neighbours.length >= others.length) return false;
  if (rounds.slice(0, ROUNDS).some((round) => round.hotZones.includes(zoneHash(suspect)))) return true;
  const enough = Math.max(1, ZONE_FRACTION * neighbours.length);
  if (neighbours.filter((neighbour) => isWarm(neighbour, usual)).length >= enough) return true;
  if (suspect.position.usualRounds < OWN_HISTORY_ROUNDS && isItsZones(suspect, neighbours, usual)) return true;
  return neighbours.length > 1 && countRisen(suspect, since, neighbours, others, usual) >= enough;
}

/** In the same zone, and measured of late: a neighbour that just now answers too little to have a level is one all the same. */
function isNeighbour(other: Measured, suspect: Measured): boolean {
  return other.position.reading.zone === suspect.position.reading.zone && recentResiduals(other).length > 0;
}

function recentResiduals({ position: { residual, reading } }: Measured): number[] {
  const earlier = reading.past.slice(0, ROUNDS - 1).map((summary) => (summary?.cold === false ? summary.residual : undefined));
  return [residual, ...earlier].filter((value) => value !== undefined);
}

/**
 * Without a past of its own, what a target stands above its peers is its zone's as well where its neighbours stand above theirs, be that usual by now: in a zone that
 * has been slow for longer than is remembered. Then it must be far above its zone.
 */
function isItsZones({ position: { relative, sameType } }: Measured, neighbours: readonly Measured[], usual: number): boolean {
  const zone = lowerMedianOfSorted(sorted(neighbours.flatMap(({ position }) => position.relative ?? []))) ?? 0;
  return zone >= Math.max(0.5 * LN_MATERIAL, 1.2 * usual) && (relative ?? 0) - zone < (sameType ? LN_ALWAYS_SLOW : LN_ALWAYS_SLOW_UNKNOWN);
}

/** Its median residual over the newest rounds is above half of what is material and above the usual noise. */
function isWarm(suspect: Measured, usual: number): boolean {
  const residuals = recentResiduals(suspect);
  return (median(residuals) ?? 0) >= Math.max(0.5 * LN_MATERIAL, (1.2 * usual) / Math.sqrt(residuals.length));
}

/**
 * How many neighbours rose since then, and by more than the other zones did: among peers of its type that are in the same zone, and by now among its own past,
 * such a one would not stand out.
 */
function countRisen(suspect: Measured, since: number, neighbours: readonly Measured[], others: readonly Measured[], usual: number): number {
  const least = Math.max(LN_NOTICEABLE, 2 * usual);
  const rises = (of: readonly Measured[]): number[] => of.flatMap((other) => riseSince(other, since) ?? []);
  const risen = rises(neighbours).filter((rise) => rise >= least);
  if (risen.length === 0) return 0;
  const common = lowerMedianOfSorted(sorted(rises(others.filter((other) => !isNeighbour(other, suspect))))) ?? 0;
  return risen.filter((rise) => rise - common >= least).length;
}

/** How far its level since then is above the one before; undefined without a past before. */
function riseSince({ now, position }: Measured, since: number): number | undefined {
  const during = now.level === undefined ? [] : [now.level];
  const before: number[] = [];
  for (const summary of position.reading.past) {
    if (summary?.level === undefined || summary.cold || summary.out) continue;
    (summary.startedAt >= since ? during : before).push(summary.level);
  }
  const from = median(before);
  const to = median(during);
  return from === undefined || to === undefined || before.length < OWN_HISTORY_ROUNDS ? undefined : to - from;
}
