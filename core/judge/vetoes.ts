import type { VetoName } from '../model';
import { type Measured, type Evidence, failures, slowSamples } from './measured';
import type { Reading } from './compare';
import { lnBinomialTail, lowerMedianOfSorted, median, sorted } from './math';
import {
  ALIKE_PART,
  ALIKE_SCALES,
  LN_ALWAYS_SLOW,
  LN_ALWAYS_SLOW_UNKNOWN,
  LN_MATERIAL,
  LN_NOTICEABLE,
  LN_SHARED_RISE,
  LN_UNUSUAL,
  MAX_CONVICTED_FRACTION,
  OWN_HISTORY_ROUNDS,
  SHARED_BAD_FRACTION,
  ZONE_FRACTION,
  ZONE_RISE_PART,
  ZONE_RISE_SCALES,
  ZONE_ROUNDS,
} from './parameters';
import { type BadCount, badOfAll, isBeyondOthers, isItsOwn, lnOwnOverCommon, type OthersBad, ownRateEvidence } from './rate-evidence';
import { keyHash, type RoundSummary, type TargetSummary } from './record';

/** Why enough evidence is still no conviction. */
export interface Veto {
  readonly name: VetoName;
  /** For people. */
  readonly text: string;
  readonly holds: (candidate: Measured, evidence: Evidence, scene: Scene) => boolean;
}

/**
 * In the order in which they are asked; the first that holds is told. docs/judge.md has the harm
 * that each prevents, and a test holds its table to this one.
 */
export const VETOES: readonly Veto[] = [
  { name: 'cold', text: 'too young to be judged', holds: ({ now }) => now.cold },
  { name: 'never-reached', text: 'never once reached, so the fault may be ours', holds: ({ now }) => !now.reached },
  { name: 'one-round', text: 'one round is no evidence', holds: (_, { badRounds }) => badRounds < 2 },
  { name: 'no-peers', text: 'no peers to compare it with', holds: (candidate, _, scene) => peersOf(candidate, scene).length === 0 },
  {
    name: 'no-history',
    text: 'no history of its own to tell',
    holds: (candidate, _, scene) => peersOf(candidate, scene).length < 2 && candidate.position.usualRounds < OWN_HISTORY_ROUNDS,
  },
  { name: 'shared', text: 'a cause that all share is likelier', holds: isShared },
  {
    name: 'too-many',
    text: 'too many targets look the same',
    holds: (candidate, { why }, scene) => scene.tooMany || (why === 'level' && isOneOfMany(candidate, scene)),
  },
  {
    name: 'everybody-alike',
    text: 'the others have bad samples as well',
    holds: (candidate, evidence, scene) => evidence.why !== 'level' && isAlike(candidate, evidence, evidence.why, scene),
  },
  { name: 'zone', text: 'its zone is slow as well', holds: isZones },
];

/** What the vetoes look at beside the candidate. */
export interface Scene {
  readonly candidates: readonly Measured[];
  readonly eligible: readonly Measured[];
  /** More targets look sick than may be sick by themselves. */
  readonly tooMany: boolean;
  readonly shifted: boolean;
  readonly badTogether: boolean;
  readonly rounds: readonly RoundSummary[];
  readonly needed: number;
  /** How much the fleet's targets usually differ. */
  readonly usual: number;
}

/** The first veto that holds; undefined when there is none. */
export function vetoOn(candidate: Measured, evidence: Evidence, scene: Scene): Veto | undefined {
  return VETOES.find(({ holds }) => holds(candidate, evidence, scene));
}

function peersOf(candidate: Measured, { eligible }: Scene): Measured[] {
  return eligible.filter((other) => other !== candidate);
}

function isShared(candidate: Measured, _: Evidence, scene: Scene): boolean {
  return scene.shifted || (scene.badTogether && !isWorseThanOthers(candidate.now, peersOf(candidate, scene)));
}

function isZones(candidate: Measured, evidence: Evidence, { eligible, rounds, usual }: Scene): boolean {
  return evidence.why !== 'errors' && isZoneHot(candidate, sinceOf(candidate, evidence), eligible, rounds, usual);
}

/**
 * As many as may not be sick by themselves stand above their peers by half of what this one does: a
 * release in batches that takes one of them beyond the material.
 */
function isOneOfMany({ position }: Measured, { candidates, usual }: Scene): boolean {
  const least = Math.max(ALIKE_PART * (position.residual ?? 0), ALIKE_SCALES * usual);
  const inService = candidates.filter(({ now }) => !now.out);
  return inService.filter((other) => (other.position.residual ?? 0) >= least).length > mostSick(inService);
}

function isWorseThanOthers({ bad, n }: TargetSummary, peers: readonly Measured[]): boolean {
  return isBeyondOthers({ k: bad, n }, badOfAll(peers.map(({ now }) => now)));
}

/** Start of the first round of the evidence, epoch ms. */
function sinceOf({ sequence, now }: Measured, { window }: Evidence): number {
  return (sequence[window - 1] ?? now).startedAt;
}

/** How many of these may be sick by themselves, at most. */
export function mostSick(inService: readonly Measured[]): number {
  return Math.max(1, Math.floor(MAX_CONVICTED_FRACTION * inService.length));
}

/** The others are bad as well: over the window, or in this round by the suspect's own measure. */
function isAlike(
  candidate: Measured,
  evidence: Evidence,
  why: 'tail' | 'errors',
  { candidates, eligible, rounds, needed }: Scene,
): boolean {
  const { own, others } = countBad(candidate, evidence, candidates, rounds);
  if (!isItsOwn(own, others, needed)) return true;
  const alike = countAlike(candidate, why, eligible);
  return lnOwnOverCommon(alike.own, alike.others) < 0 || (ownRateEvidence(candidate, why, alike.others)?.nats ?? 0) < needed;
}

/**
 * Bad samples of one target in its window, and of everybody else since that began; cold targets do
 * not count.
 */
export function countBad(
  candidate: Measured,
  evidence: Evidence,
  candidates: readonly Measured[],
  rounds: readonly RoundSummary[],
): { own: BadCount; others: OthersBad } {
  const { hash, zone } = candidate.position.reading;
  const bad = (target: TargetSummary): number => (evidence.why === 'errors' ? target.failed : target.bad);
  const own = candidate.sequence.slice(0, evidence.window);
  const since = own.at(-1)?.startedAt ?? 0;
  const zones = new Map(candidates.map(({ position: { reading } }) => [reading.hash, reading.zone]));
  const lists = [candidates.map((other) => other.now), ...rounds.filter((round) => round.startedAt >= since).map((round) => round.targets)];
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
 * This round's bad samples by one measure, the suspect's own limit: the others' limits are relative
 * to what they usually answer, and a disturbance of all may lie below those of some. Compared with
 * its own instance type, where four are known.
 */
export function countAlike(
  candidate: Measured,
  why: 'tail' | 'errors',
  eligible: readonly Measured[],
): { own: BadCount; others: BadCount } {
  const bad = (reading: Reading): number =>
    failures(reading, candidate.slowAbove) + (why === 'tail' ? slowSamples(reading, candidate.slowAbove) : 0);
  const { type } = candidate.position.reading;
  const peers = eligible.filter((other) => other !== candidate);
  const same = peers.filter((other) => type !== undefined && other.position.reading.type === type);
  const others = { k: 0, n: 0 };
  for (const { now, position } of same.length >= 4 ? same : peers) {
    others.k += bad(position.reading);
    others.n += now.n;
  }
  return { own: { k: bad(candidate.position.reading), n: candidate.now.n }, others };
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

/** The lower-median target left its own past: the cause is shared. */
export function hasShifted(eligible: readonly Measured[], scale: number): boolean {
  const rises = sorted(eligible.flatMap(({ position }) => position.rise ?? []));
  const lower = lowerMedianOfSorted(rises);
  return rises.length >= 2 && lower !== undefined && lower >= Math.max(LN_SHARED_RISE, 2 * scale);
}

export function isBadTogether(eligible: readonly Measured[]): boolean {
  if (eligible.length < 2) return false;
  const bad = eligible.filter((candidate) => candidate.now.bad > 0).length;
  if (bad < Math.max(2, SHARED_BAD_FRACTION * eligible.length)) return false;
  const worst = eligible.reduce((a, b) => ((b.now.bad - a.now.bad || b.now.hash - a.now.hash) > 0 ? b : a));
  const others = eligible.filter((candidate) => candidate !== worst);
  const k = others.reduce((sum, candidate) => sum + candidate.now.bad, 0);
  const n = others.reduce((sum, candidate) => sum + candidate.position.reading.n, 0);
  return -lnBinomialTail(k, n, median(eligible.map((candidate) => candidate.nuisance.badRate)) ?? 0) >= LN_UNUSUAL;
}

/** Hash of the suspect's zone, as records keep it. */
export function zoneHash(candidate: Measured): number {
  return keyHash(candidate.position.reading.zone ?? '');
}

/**
 * Whether the other targets of the suspect's zone are slow as well, became so when it did (from
 * `since`, where its evidence begins), or were slow in the newest of `rounds`: then the zone is the
 * cause. `usual` is how much the fleet's targets differ: a neighbour's own scale is no measure, a
 * zone that was slow for a while has widened it.
 */
export function isZoneHot(
  candidate: Measured,
  since: number,
  eligible: readonly Measured[],
  rounds: readonly RoundSummary[],
  usual: number,
): boolean {
  const neighbours = eligible.filter((other) => other !== candidate && isNeighbour(other, candidate));
  const others = eligible.filter((other) => other !== candidate);
  if (neighbours.length === 0 || neighbours.length >= others.length) return false;
  if (rounds.slice(0, ZONE_ROUNDS).some((round) => round.hotZones.includes(zoneHash(candidate)))) return true;
  const enough = Math.max(1, ZONE_FRACTION * neighbours.length);
  if (neighbours.filter((neighbour) => isElevated(neighbour, usual)).length >= enough) return true;
  if (candidate.position.usualRounds < OWN_HISTORY_ROUNDS && isItsZones(candidate, neighbours, usual)) return true;
  return neighbours.length > 1 && countRisen(candidate, since, neighbours, others, usual) >= enough;
}

/**
 * In the same zone, and measured of late: a neighbour that just now answers too little to have a
 * level is one all the same.
 */
function isNeighbour(other: Measured, candidate: Measured): boolean {
  return other.position.reading.zone === candidate.position.reading.zone && recentResiduals(other).length > 0;
}

function recentResiduals({ position: { residual, reading } }: Measured): number[] {
  const earlier = reading.past.slice(0, ZONE_ROUNDS - 1).map((summary) => (summary?.cold === false ? summary.residual : undefined));
  return [residual, ...earlier].filter((value) => value !== undefined);
}

/**
 * Without a past of its own, what a target stands above its peers is its zone's as well where its
 * neighbours stand above theirs, be that usual by now: in a zone that has been slow for longer than
 * is remembered. Then it must be far above its zone.
 */
function isItsZones({ position: { relative, sameType } }: Measured, neighbours: readonly Measured[], usual: number): boolean {
  const zone = lowerMedianOfSorted(sorted(neighbours.flatMap(({ position }) => position.relative ?? []))) ?? 0;
  return (
    zone >= Math.max(ZONE_RISE_PART * LN_MATERIAL, ZONE_RISE_SCALES * usual) &&
    (relative ?? 0) - zone < (sameType ? LN_ALWAYS_SLOW : LN_ALWAYS_SLOW_UNKNOWN)
  );
}

/**
 * Its median residual over the newest rounds is above half of what is material and above the usual
 * noise.
 */
function isElevated(candidate: Measured, usual: number): boolean {
  const residuals = recentResiduals(candidate);
  return (median(residuals) ?? 0) >= Math.max(ZONE_RISE_PART * LN_MATERIAL, (ZONE_RISE_SCALES * usual) / Math.sqrt(residuals.length));
}

/**
 * How many neighbours rose since then, and by more than the other zones did: among peers of its
 * type that are in the same zone, and by now among its own past, such a one would not stand out.
 */
function countRisen(
  candidate: Measured,
  since: number,
  neighbours: readonly Measured[],
  others: readonly Measured[],
  usual: number,
): number {
  const least = Math.max(LN_NOTICEABLE, 2 * usual);
  const rises = (of: readonly Measured[]): number[] => of.flatMap((other) => riseSince(other, since) ?? []);
  const risen = rises(neighbours).filter((rise) => rise >= least);
  if (risen.length === 0) return 0;
  const common = lowerMedianOfSorted(sorted(rises(others.filter((other) => !isNeighbour(other, candidate))))) ?? 0;
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

/** A candidate, and the veto against its evidence. */
export interface Vetoed {
  readonly candidate: Measured;
  readonly evidence: Evidence | undefined;
  readonly veto: Veto | undefined;
}

/** Zones that are hot by measurement; a veto that rests on memory alone is not remembered again. */
export function hotZonesOf(rulings: readonly Vetoed[], eligible: readonly Measured[], usual: number): number[] {
  const hot = rulings.filter(
    ({ candidate, evidence, veto }) =>
      veto?.name === 'zone' && evidence !== undefined && isZoneHot(candidate, sinceOf(candidate, evidence), eligible, [], usual),
  );
  return [...new Set(hot.map(({ candidate }) => zoneHash(candidate)))];
}
