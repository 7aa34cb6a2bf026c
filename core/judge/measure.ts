import { peerPool, placeTargets, type Position, type Reading } from './compare';
import { measureScales, type Scales } from './noise';
import { learnNuisance } from './nuisance';
import { JUMP_SCALES, LN_MATERIAL, LN_NOTICEABLE } from './parameters';
import { type BadCount, badOfAll, wasBeyondOthers } from './rate-evidence';
import { keyHash, type RoundSummary, type TargetSummary } from './record';
import { failures, slowSamples, type Measured } from './measured';

/** Everybody who was probed, in the order of the readings. */
export function measureTargets(
  readings: readonly Reading[],
  rounds: readonly RoundSummary[],
  startedAt: number,
): { candidates: Measured[]; scales: Scales } {
  const pool = peerPool(readings);
  const positions = placeTargets(readings, pool);
  const inPool = positions.filter((position) => pool.has(position.reading));
  const scales = measureScales(inPool, positions, rounds);
  const measured = positions.map((position) => {
    const scale = scales.of(position);
    const slowAbove = slowLimit(position, scales.slow(scale));
    return { position, scale, slowAbove, now: summarise(position, scale, slowAbove + immaterial(position), startedAt) };
  });
  const nuisances = learnNuisance(measured, rounds);
  const shared = rounds.map(sharedOf);
  const candidates: Measured[] = [];
  for (const [i, { position, scale, slowAbove, now }] of measured.entries()) {
    const nuisance = nuisances[i];
    if (nuisance === undefined) continue;
    // Most targets are well: nothing is asked of their past.
    const { sequence, windows } =
      now.bad > 0 || (now.residual ?? 0) >= LN_NOTICEABLE ? sequenceOf(position.reading, now, shared) : { sequence: [now], windows: 1 };
    candidates.push({ position, scale, perSample: scales.perSample(position), nuisance, slowAbove, now, sequence, windows });
  }
  return { candidates, scales };
}

/** What an earlier round says of causes that several targets shared. */
interface Shared {
  /** A cause of all. */
  readonly all: boolean;
  /** Everybody's bad samples, where those were what was shared. */
  readonly bad: BadCount | undefined;
  readonly hotZones: ReadonlySet<number>;
}

function sharedOf({ fleet, badTogether, hotZones, targets }: RoundSummary): Shared {
  return { all: fleet === 'shared', bad: badTogether ? badOfAll(targets) : undefined, hotZones: new Set(hotZones) };
}

/**
 * Warm rounds, newest first, without those in which all or the target's zone shared a cause that
 * explains it. What was seen of it before or in the last round in which all did proves nothing
 * about this target: only the rounds since may be evidence.
 */
function sequenceOf({ past, zone }: Reading, now: TargetSummary, rounds: readonly Shared[]): Pick<Measured, 'sequence' | 'windows'> {
  const zoneHash = keyHash(zone ?? '');
  const sequence = [now];
  let windows: number | undefined;
  for (const [age, { all, bad, hotZones }] of rounds.entries()) {
    const summary = past[age];
    if (all && !wasItsOwn(summary, bad)) windows ??= sequence.length;
    else if (summary !== undefined && !summary.cold && !hotZones.has(zoneHash)) sequence.push(summary);
  }
  return { sequence, windows: windows ?? sequence.length };
}

function wasItsOwn(summary: TargetSummary | undefined, bad: BadCount | undefined): boolean {
  return summary !== undefined && bad !== undefined && wasBeyondOthers(summary, bad);
}

/**
 * Far above its peers and above what it usually was itself: peers that became faster make nobody
 * slow.
 */
function slowLimit({ expected, usualLevel }: Position, slow: number): number {
  if (expected === undefined) return Infinity;
  return Math.max(expected, usualLevel ?? expected) + slow;
}

/**
 * What the whole target is slower by, up to the material: its level's affair, of which its samples
 * are no evidence of their own.
 */
function immaterial({ residual }: Position): number {
  return Math.min(LN_MATERIAL, Math.max(0, residual ?? 0));
}

function summarise({ reading, relative, residual }: Position, scale: number, slowAbove: number, startedAt: number): TargetSummary {
  const failed = failures(reading, slowAbove);
  return {
    hash: reading.hash,
    startedAt,
    scale,
    level: reading.level,
    relative,
    residual,
    bad: failed + slowSamples(reading, slowAbove),
    n: reading.n,
    failed,
    usual: false,
    sick: false,
    jumped: residual !== undefined && residual >= LN_MATERIAL && residual >= JUMP_SCALES * scale && !reading.cold,
    cold: reading.cold,
    refused: reading.refused,
    out: reading.out,
    reached: reading.answered || reading.past.some((summary) => summary?.reached === true),
  };
}
