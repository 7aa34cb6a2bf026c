import type { Why } from '../model';
import type { Nuisance } from './nuisance';
import { learnNuisance } from './nuisance';
import { LN_MATERIAL } from './parameters';
import { peerPool, placeTargets, type Position } from './positions';
import type { Reading } from './reading';
import { fleetScales, ownScale, type Scales } from './scale';
import type { RoundSummary, TargetSummary } from './summary';

/** One target with everything its evidence is computed from. */
export interface Suspect {
  readonly position: Position;
  readonly scale: number;
  readonly nuisance: Nuisance;
  /** This round; `suspect` is not known yet and false. */
  readonly now: TargetSummary;
  /** Its summaries that count, this round's first: warm, and not of rounds with a shared cause. */
  readonly sequence: readonly TargetSummary[];
}

export interface Evidence {
  readonly nats: number;
  readonly why: Why;
  /** Rounds of the sequence it rests on. */
  readonly window: number;
}

/** Bad and all samples of a set of targets over a set of rounds. */
export interface BadCount {
  readonly k: number;
  readonly n: number;
}

/** Scales from a jump of the level that cannot be noise. */
const JUMP_SCALES = 4;

/** Everybody who was probed, in the order of the readings. */
export function lineUp(readings: readonly Reading[], rounds: readonly RoundSummary[]): { suspects: Suspect[]; scales: Scales } {
  const pool = peerPool(readings);
  const positions = placeTargets(readings);
  const inPool = positions.filter((position) => pool.has(position.reading));
  const scales = fleetScales(inPool, positions, rounds);
  const nuisances = learnNuisance(readings, rounds);
  const suspects = positions.flatMap((position, i) => {
    const nuisance = nuisances[i];
    return nuisance === undefined ? [] : [makeSuspect(position, nuisance, scales, rounds)];
  });
  return { suspects, scales };
}

function makeSuspect(position: Position, nuisance: Nuisance, scales: Scales, rounds: readonly RoundSummary[]): Suspect {
  const scale = ownScale(position, scales);
  const now = summarise(position, scale, scales.tail);
  const earlier = position.reading.past.filter((summary, i) => summary !== undefined && !summary.cold && rounds[i]?.fleet !== 'shared');
  return { position, scale, nuisance, now, sequence: [now, ...earlier.filter((summary) => summary !== undefined)] };
}

function summarise({ reading, expected, relative, residual }: Position, scale: number, tail: number): TargetSummary {
  const slow = expected === undefined ? 0 : reading.ys.filter((y) => y < reading.limit && y > expected + tail).length;
  return {
    hash: reading.hash,
    ...(reading.median === undefined ? {} : { median: reading.median }),
    ...(relative === undefined ? {} : { relative }),
    ...(residual === undefined ? {} : { residual }),
    bad: reading.hard + slow,
    n: reading.n,
    hard: reading.hard,
    suspect: false,
    jumped: residual !== undefined && residual >= LN_MATERIAL && residual >= JUMP_SCALES * scale && !reading.cold,
    cold: reading.cold,
    refused: reading.refused,
    out: reading.out,
    reached: reading.answered || reading.past.some((summary) => summary?.reached === true),
  };
}
