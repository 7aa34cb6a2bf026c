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
  /** Median of the peers' levels, each less its own usual offset. */
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
/** Of fewer, what is usual of the others is as uncertain as what it corrects. */
const CORRECTED_FROM = 4;

const NOBODY = sorted([]);

/** A target with its usual offset, and its level as others compare theirs with it. */
interface Placed {
  readonly reading: Reading;
  readonly inPool: boolean;
  readonly offset: number;
  readonly comparable: number | undefined;
}

/**
 * Places every target against the leave-one-out median of its peers: of its type where there are four, else of the fleet. Each peer's usual offset
 * is taken out first (the two-way table of Tukey's median polish, 1977): otherwise the median is the noise of whoever is usually in the middle, and jumps between
 * those of two kinds.
 */
export function placeTargets(readings: readonly Reading[], pool: ReadonlySet<Reading>): Position[] {
  const counts = new Map<string | undefined, number>();
  for (const { type } of readings) counts.set(type, (counts.get(type) ?? 0) + 1);
  const placed = readings.map((reading): Placed => {
    const offset = usualOffset(reading.usual.relatives, offsetLimit(reading, counts));
    const comparable = reading.level === undefined || pool.size < CORRECTED_FROM ? reading.level : reading.level - offset;
    return { reading, inPool: pool.has(reading), offset, comparable };
  });
  const peers = placed.filter(({ inPool }) => inPool);
  const fleet = sorted(levelsOf(peers));
  const types = groupByType(peers);
  return placed.map((target) => placeTarget(target, fleet, types));
}

/** Targets in service that make the reference: the warm ones, unless most are cold. */
export function peerPool(readings: readonly Reading[]): ReadonlySet<Reading> {
  const inService = readings.filter((reading) => !reading.out);
  const placed = inService.filter((reading) => reading.level !== undefined);
  const warm = placed.filter((reading) => !reading.cold);
  return new Set(warm.length >= Math.max(2, 0.5 * inService.length) ? warm : placed);
}

function levelsOf(placed: readonly Placed[]): number[] {
  return placed.flatMap(({ comparable }) => comparable ?? []);
}

function groupByType(pool: readonly Placed[]): Map<string | undefined, Sorted> {
  const types = new Map<string | undefined, number[]>();
  for (const { reading, comparable } of pool) {
    const levels = types.get(reading.type) ?? [];
    if (comparable !== undefined) levels.push(comparable);
    types.set(reading.type, levels);
  }
  return new Map([...types].map(([type, levels]) => [type, sorted(levels)]));
}

function placeTarget(
  { reading, inPool, offset, comparable }: Placed,
  fleet: Sorted,
  types: ReadonlyMap<string | undefined, Sorted>,
): Position {
  const own = types.get(reading.type) ?? NOBODY;
  const peers = own.length >= OWN_TYPE_PEERS ? own : fleet;
  const reference = inPool && comparable !== undefined ? lowerMedianWithout(peers, comparable) : lowerMedianOfSorted(peers);
  const { usual } = reading;
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
