import { LN_MATERIAL, LN_MAX_OFFSET_SAME, LN_MAX_OFFSET_UNKNOWN, OWN_HISTORY_ROUNDS } from './parameters';
import { lowerMedianOfSorted, lowerMedianWithout, median, type Sorted, sorted } from './quantiles';
import type { Reading } from './reading';

/** Where a target stands among its peers, in y. */
export interface Position {
  readonly reading: Reading;
  /** Compared with enough targets of its own instance type. */
  readonly sameType: boolean;
  /** How many targets the reference is made of. */
  readonly peers: number;
  /** Median of the peers' levels. */
  readonly reference: number | undefined;
  /** The reference plus the target's usual offset from it. */
  readonly expected: number | undefined;
  /** Level minus reference. */
  readonly relative: number | undefined;
  /** Level minus expected. */
  readonly residual: number | undefined;
  /** The target's own usual level; undefined under 4 usual rounds. */
  readonly usualLevel: number | undefined;
  /** Level minus the median level of its usual rounds, however few; undefined without any. */
  readonly rise: number | undefined;
  /** Rounds of its past that count as normal. */
  readonly usualRounds: number;
}

const OWN_TYPE_PEERS = 4;

const NOBODY = sorted([]);

/** Places every target against the leave-one-out median of its peers: of its type where there are four, else of the fleet. */
export function placeTargets(readings: readonly Reading[], pool: ReadonlySet<Reading>): Position[] {
  const fleet = sorted(levelsOf(pool));
  const types = groupByType(pool);
  const counts = new Map<string | undefined, number>();
  for (const { type } of readings) counts.set(type, (counts.get(type) ?? 0) + 1);
  return readings.map((reading) => placeTarget(reading, pool.has(reading), fleet, types, offsetLimit(reading, counts)));
}

/** Targets in service that make the reference: the warm ones, unless most are cold. */
export function peerPool(readings: readonly Reading[]): ReadonlySet<Reading> {
  const inService = readings.filter((reading) => !reading.out);
  const placed = inService.filter((reading) => reading.level !== undefined);
  const warm = placed.filter((reading) => !reading.cold);
  return new Set(warm.length >= Math.max(2, 0.5 * inService.length) ? warm : placed);
}

function levelsOf(readings: Iterable<Reading>): number[] {
  return [...readings].flatMap((reading) => (reading.level === undefined ? [] : [reading.level]));
}

function groupByType(pool: ReadonlySet<Reading>): Map<string | undefined, Sorted> {
  const types = new Map<string | undefined, number[]>();
  for (const reading of pool) {
    const levels = types.get(reading.type) ?? [];
    if (reading.level !== undefined) levels.push(reading.level);
    types.set(reading.type, levels);
  }
  return new Map([...types].map(([type, levels]) => [type, sorted(levels)]));
}

function placeTarget(
  reading: Reading,
  inPool: boolean,
  fleet: Sorted,
  types: ReadonlyMap<string | undefined, Sorted>,
  limit: number,
): Position {
  const own = types.get(reading.type) ?? NOBODY;
  const peers = own.length >= OWN_TYPE_PEERS ? own : fleet;
  const reference = inPool && reading.level !== undefined ? lowerMedianWithout(peers, reading.level) : lowerMedianOfSorted(peers);
  const { usual } = reading;
  const offset = usualOffset(usual.relatives, limit);
  const past = median(usual.levels);
  const expected = reference === undefined ? undefined : reference + offset;
  return {
    reading,
    sameType: reading.type !== undefined && (own.length >= OWN_TYPE_PEERS || (own.length >= 3 && types.size === 1)),
    peers: Math.max(0, peers.length - (inPool ? 1 : 0)),
    reference,
    expected,
    relative: difference(reading.level, reference),
    residual: difference(reading.level, expected),
    usualLevel: usual.levels.length >= OWN_HISTORY_ROUNDS ? past : undefined,
    rise: difference(reading.level, past),
    usualRounds: usual.levels.length,
  };
}

/** Instances of one type differ less than instances of types we do not know. */
function offsetLimit({ type }: Reading, counts: ReadonlyMap<string | undefined, number>): number {
  return type !== undefined && (counts.get(type) ?? 0) >= OWN_TYPE_PEERS ? LN_MAX_OFFSET_SAME : LN_MAX_OFFSET_UNKNOWN;
}

/** Median of the usual relative positions, shrunk by n/(n+2) towards none and clipped. */
function usualOffset(usual: readonly number[], limit: number): number {
  const relatives = usual.filter((relative) => relative < LN_MATERIAL + limit);
  const middle = median(relatives);
  if (middle === undefined) return 0;
  return Math.max(-limit, Math.min(limit, (middle * relatives.length) / (relatives.length + 2)));
}

function difference(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a - b;
}
