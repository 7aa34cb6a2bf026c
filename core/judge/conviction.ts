import type { FleetVerdict } from '../model';
import { BUDGET_ROUNDS, LN_ALWAYS_SLOW_UNKNOWN, LN_MATERIAL, MAX_CONVICTED_FRACTION, OWN_HISTORY_ROUNDS, SUSPECT_NATS } from './parameters';
import { levelEvidence } from './level';
import { countAlike, countBad } from './others';
import type { Scales } from './scale';
import { badOfAll, hasShifted, isBadTogether, isBeyondOthers } from './shared';
import type { RoundSummary, TargetSummary } from './summary';
import type { Evidence, Measured } from './suspect';
import { isItsOwn, lnOwnOverCommon, ownRateEvidence, tailEvidence } from './tail';
import { isZoneHot, zoneHash } from './zone';

/** Why enough evidence is still no conviction. */
export type Veto = 'cold' | 'never-reached' | 'one-round' | 'no-peers' | 'no-history' | 'shared' | 'too-many' | 'everybody-alike' | 'zone';

export interface Ruling {
  readonly suspect: Measured;
  readonly evidence: Evidence | undefined;
  /** Evidence on the level alone: decides what is learned as normal. */
  readonly level: Evidence | undefined;
  readonly convicted: boolean;
  readonly veto: Veto | undefined;
}

/** What the round says about the fleet, and about each suspect, in their order. */
export interface Conviction {
  readonly fleet: FleetVerdict;
  /** Many had bad samples together, while the levels stayed. */
  readonly badTogether: boolean;
  /** Evidence a conviction needs, nats. */
  readonly neededNats: number;
  readonly rulings: readonly Ruling[];
  readonly hotZones: readonly number[];
}

/** Scales above its peers from which a target looks sick beside another. */
const SICK_SCALES = 3;
/** From this part of what a target stands above its peers, and so many scales, another one is like it. */
const HALF_OF_IT = 0.5;
const ALIKE_SCALES = 2;

/** ln of how many target-rounds there are in the time in which one false conviction is allowed. */
export function neededNats(targets: number): number {
  return Math.log(Math.max(targets, 2) * BUDGET_ROUNDS);
}

/** How many of these may be sick by themselves, at most. */
function mostSick(inService: readonly Measured[]): number {
  return Math.max(1, Math.floor(MAX_CONVICTED_FRACTION * inService.length));
}

export function convict(suspects: readonly Measured[], scales: Scales, rounds: readonly RoundSummary[]): Conviction {
  const needed = neededNats(suspects.length);
  const warm = suspects.filter(({ now }) => !now.cold && !now.out);
  const levels = suspects.map(levelEvidence);
  const evidences = suspects.map((suspect, i) => strongest(suspect, levels[i], tailEvidence(suspect), scales.spread));
  const inService = suspects.filter(({ now }) => !now.out);
  const sick = suspects.filter((suspect, i) => !suspect.now.out && looksSick(suspect, evidences[i], scales.usual));
  const shifted = hasShifted(warm, scales.fleet);
  const badTogether = !shifted && isBadTogether(warm);
  const tooMany = sick.length > mostSick(inService);
  const rulings = suspects.map((suspect, i): Ruling => {
    const level = levels[i];
    const evidence = evidences[i];
    const enough = evidence !== undefined && evidence.nats >= needed;
    const veto = enough
      ? vetoOf(suspect, evidence, { suspects, warm, tooMany, shifted, badTogether, rounds, needed, usual: scales.usual })
      : undefined;
    return { suspect, evidence, level, convicted: enough && veto === undefined, veto };
  });
  return {
    fleet: fleetOf(rulings, shifted, badTogether),
    badTogether,
    neededNats: needed,
    rulings,
    hotZones: hotZonesOf(rulings, warm, scales.usual),
  };
}

/**
 * Slow samples may be its usual level without a history of its own, and stand out from nothing where the typical target is off by what would be
 * material: then only errors and the level, which is held against the spread, count.
 */
function strongest({ position }: Measured, level: Evidence | undefined, tail: Evidence | undefined, spread: number): Evidence | undefined {
  if (tail?.why === 'tail' && (position.usualRounds < OWN_HISTORY_ROUNDS || spread >= LN_MATERIAL)) return level;
  return (tail?.nats ?? 0) > (level?.nats ?? 0) ? tail : level;
}

interface Scene {
  readonly suspects: readonly Measured[];
  readonly warm: readonly Measured[];
  /** More targets look sick than may be sick by themselves. */
  readonly tooMany: boolean;
  readonly shifted: boolean;
  readonly badTogether: boolean;
  readonly rounds: readonly RoundSummary[];
  readonly needed: number;
  /** How much the fleet's targets usually differ. */
  readonly usual: number;
}

/** The first reason not to convict on this evidence; undefined when there is none. */
function vetoOf(suspect: Measured, evidence: Evidence, scene: Scene): Veto | undefined {
  const { warm, tooMany, shifted, badTogether, rounds, usual } = scene;
  const peers = warm.filter((other) => other !== suspect);
  if (suspect.now.cold) return 'cold';
  if (!suspect.now.reached) return 'never-reached';
  if (evidence.badRounds < 2) return 'one-round';
  if (peers.length < 1) return 'no-peers';
  if (peers.length < 2 && suspect.position.usualRounds < OWN_HISTORY_ROUNDS) return 'no-history';
  if (shifted || (badTogether && !isWorseThanOthers(suspect.now, peers))) return 'shared';
  if (tooMany || (evidence.why === 'level' && isOneOfMany(suspect, scene))) return 'too-many';
  if (evidence.why !== 'level' && isAlike(suspect, evidence, evidence.why, scene)) return 'everybody-alike';
  return evidence.why !== 'errors' && isZoneHot(suspect, sinceOf(suspect, evidence), warm, rounds, usual) ? 'zone' : undefined;
}

/** As many as may not be sick by themselves stand above their peers by half of what this one does: a release in batches that takes one of them beyond the material. */
function isOneOfMany({ position }: Measured, { suspects, usual }: Scene): boolean {
  const least = Math.max(HALF_OF_IT * (position.residual ?? 0), ALIKE_SCALES * usual);
  const inService = suspects.filter(({ now }) => !now.out);
  return inService.filter((other) => (other.position.residual ?? 0) >= least).length > mostSick(inService);
}

function isWorseThanOthers({ bad, n }: TargetSummary, peers: readonly Measured[]): boolean {
  return isBeyondOthers({ k: bad, n }, badOfAll(peers.map(({ now }) => now)));
}

/** Start of the first round of the evidence, epoch ms. */
function sinceOf({ sequence, now }: Measured, { window }: Evidence): number {
  return (sequence[window - 1] ?? now).startedAt;
}

/** Against the usual scale, as far as that is one: when many are sick this round's is wide, and where they stay so the usual one as well. Young targets count too: a release in batches shows in them first. */
function looksSick({ position: { residual } }: Measured, evidence: Evidence | undefined, usualScale: number): boolean {
  if (evidence !== undefined && evidence.nats >= SUSPECT_NATS) return true;
  return residual !== undefined && residual >= Math.max(LN_MATERIAL, Math.min(LN_ALWAYS_SLOW_UNKNOWN, SICK_SCALES * usualScale));
}

/** The others are bad as well: over the window, or in this round by the suspect's own measure. */
function isAlike(suspect: Measured, evidence: Evidence, why: 'tail' | 'errors', { suspects, warm, rounds, needed }: Scene): boolean {
  const { own, others } = countBad(suspect, evidence, suspects, rounds);
  if (!isItsOwn(own, others, needed)) return true;
  const alike = countAlike(suspect, why, warm);
  return lnOwnOverCommon(alike.own, alike.others) < 0 || (ownRateEvidence(suspect, why, alike.others)?.nats ?? 0) < needed;
}

function fleetOf(rulings: readonly Ruling[], shifted: boolean, badTogether: boolean): FleetVerdict {
  if (shifted) return 'shared';
  if (rulings.some((ruling) => ruling.convicted)) return 'convicted';
  if (badTogether || rulings.some((ruling) => ruling.veto === 'too-many')) return 'shared';
  return rulings.some((ruling) => ruling.veto === 'zone') ? 'shared-zone' : 'none';
}

/** Zones that are hot by measurement; a veto that rests on memory alone is not remembered again. */
function hotZonesOf(rulings: readonly Ruling[], warm: readonly Measured[], usual: number): number[] {
  const hot = rulings.filter(
    ({ suspect, evidence, veto }) =>
      veto === 'zone' && evidence !== undefined && isZoneHot(suspect, sinceOf(suspect, evidence), warm, [], usual),
  );
  return [...new Set(hot.map(({ suspect }) => zoneHash(suspect)))];
}
