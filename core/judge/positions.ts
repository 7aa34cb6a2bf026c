import { LN_MATERIAL, LN_MAX_OFFSET_SAME, LN_MAX_OFFSET_UNKNOWN, OWN_HISTORY_ROUNDS } from './parameters';
import { lowerMedianOfSorted, lowerMedianWithout, median, sorted } from './quantiles';
import type { Reading } from './reading';
import type { TargetSummary } from './summary';

/** Where a target stands among its peers, in y. */
export interface Position {
  readonly reading: Reading;
  /** Compared with enough targets of its own instance type. */
  readonly sameType: boolean;
  /** How many targets the reference is made of. */
  readonly peers: number;
  /** Median of the peers. */
  readonly reference: number | undefined;
  /** The reference plus the target's usual offset from it. */
  readonly expected: number | undefined;
  /** Median minus reference. */
  readonly relative: number | undefined;
  /** Median minus expected. */
  readonly residual: number | undefined;
  /** Median minus the target's own usual median; absent under 4 usual rounds. */
  readonly rise: number | undefined;
  /** Rounds of its past that count as normal. */
  readonly usualRounds: number;
}

const OWN_TYPE_PEERS = 4;

/** Places every target against the leave-one-out median of its peers: of its type where there are four, else of the fleet. */
export function placeTargets(readings: readonly Reading[], pool: ReadonlySet<Reading>): Position[] {
  const fleet = sorted(mediansOf(pool));
  const types = groupByType(pool);
  return readings.map((reading) => placeTarget(reading, pool.has(reading), fleet, types, readings));
}

/** A past round that was learned as normal, and placed. */
export function isUsual(summary: TargetSummary | undefined): summary is TargetSummary & { median: number; relative: number } {
  return summary !== undefined && summary.usual && summary.median !== undefined && summary.relative !== undefined;
}

/** Targets in service that make the reference: the warm ones, unless most are cold. */
export function peerPool(readings: readonly Reading[]): ReadonlySet<Reading> {
  const inService = readings.filter((reading) => !reading.out);
  const placed = inService.filter((reading) => reading.median !== undefined);
  const warm = placed.filter((reading) => !reading.cold);
  return new Set(warm.length >= Math.max(2, 0.5 * inService.length) ? warm : placed);
}

function mediansOf(readings: Iterable<Reading>): number[] {
  return [...readings].flatMap((reading) => (reading.median === undefined ? [] : [reading.median]));
}

function groupByType(pool: ReadonlySet<Reading>): Map<string | undefined, number[]> {
  const types = new Map<string | undefined, number[]>();
  for (const reading of pool) {
    const medians = types.get(reading.type) ?? [];
    if (reading.median !== undefined) medians.push(reading.median);
    types.set(reading.type, medians);
  }
  for (const [type, medians] of types) types.set(type, sorted(medians));
  return types;
}

function placeTarget(
  reading: Reading,
  inPool: boolean,
  fleet: readonly number[],
  types: ReadonlyMap<string | undefined, readonly number[]>,
  all: readonly Reading[],
): Position {
  const own = types.get(reading.type) ?? [];
  const peers = own.length >= OWN_TYPE_PEERS ? own : fleet;
  const reference = inPool && reading.median !== undefined ? lowerMedianWithout(peers, reading.median) : lowerMedianOfSorted(peers);
  const usual = reading.past.filter(isUsual);
  const limit = offsetLimit(reading, own.length, all);
  const offset = usualOffset(usual, limit);
  const level = usual.length >= OWN_HISTORY_ROUNDS ? median(usual.map((summary) => summary.median)) : undefined;
  const expected = reference === undefined ? undefined : reference + offset;
  return {
    reading,
    sameType: reading.type !== undefined && (own.length >= OWN_TYPE_PEERS || (own.length >= 3 && types.size === 1)),
    peers: Math.max(0, peers.length - (inPool ? 1 : 0)),
    reference,
    expected,
    relative: difference(reading.median, reference),
    residual: difference(reading.median, expected),
    rise: difference(reading.median, level),
    usualRounds: usual.length,
  };
}

/** Instances of one type differ less than instances of types we do not know. */
function offsetLimit(reading: Reading, ownTypePeers: number, all: readonly Reading[]): number {
  return reading.type !== undefined &&
    (ownTypePeers >= OWN_TYPE_PEERS || all.filter((other) => other.type === reading.type).length >= OWN_TYPE_PEERS)
    ? LN_MAX_OFFSET_SAME
    : LN_MAX_OFFSET_UNKNOWN;
}

/** Median of the usual relative positions, shrunk by n/(n+2) towards none and clipped. */
function usualOffset(usual: readonly { relative: number }[], limit: number): number {
  const relatives = usual.map((summary) => summary.relative).filter((relative) => relative < LN_MATERIAL + limit);
  const middle = median(relatives);
  if (middle === undefined) return 0;
  return Math.max(-limit, Math.min(limit, (middle * relatives.length) / (relatives.length + 2)));
}

function difference(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a - b;
}
