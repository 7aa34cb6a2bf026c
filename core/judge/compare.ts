import type { JudgeInput, JudgedTarget, SampleError } from '../model';
import { levelOfSorted, lowerMedianOfSorted, lowerMedianWithout, median, sorted, type Sorted } from './math';
import {
  CORRECTED_FROM,
  FLOOR_MS,
  LN_MATERIAL,
  LN_MAX_OFFSET_SAME,
  LN_MAX_OFFSET_UNKNOWN,
  MIN_ANSWERED,
  OWN_HISTORY_ROUNDS,
  OWN_TYPE_PEERS,
  RESTART_REFUSALS,
  RESTART_ROUNDS,
} from './parameters';
import { keyHash, type RoundSummary, type TargetSummary } from './record';

/** One target's samples of this round, with what earlier rounds say about it. */
export interface Reading {
  readonly key: string;
  readonly hash: number;
  readonly zone: string | undefined;
  readonly type: string | undefined;
  /**
   * Sorted y of answered samples and timeouts: a timeout is right-censored, other errors are no
   * latency (a fast 503 is not healthy).
   */
  readonly ys: Sorted;
  /** y of the time limit, where timeouts are censored. */
  readonly limit: number;
  readonly n: number;
  /** Errors of any kind, timeouts among them. */
  readonly failed: number;
  readonly timeouts: number;
  readonly refused: boolean;
  readonly answered: boolean;
  /** Where its samples lie, in y; undefined when too few were answered. */
  readonly level: number | undefined;
  readonly cold: boolean;
  readonly out: boolean;
  /** Its summaries in earlier rounds, newest first, aligned with the rounds. */
  readonly past: readonly (TargetSummary | undefined)[];
  readonly usual: UsualRounds;
}

/**
 * What the rounds of the past that count as normal measured, newest first: one entry a round in
 * each list.
 */
export interface UsualRounds {
  /** How many rounds ago, 0 for the one before this. */
  readonly ages: readonly number[];
  readonly levels: readonly number[];
  /** Places among the peers. */
  readonly relatives: readonly number[];
  /** Distances from what was expected, without their sign. */
  readonly residuals: readonly number[];
}

/**
 * y of a latency: the floor makes tiny differences immaterial, the logarithm makes a factor a
 * distance.
 */
export function toY(latencyMs: number): number {
  return Math.log(latencyMs + FLOOR_MS);
}

/** The latency in ms that has this y. */
export function fromY(y: number): number {
  return Math.exp(y) - FLOOR_MS;
}

/** Reads every target that was probed at all. `rounds` are the earlier rounds, newest first. */
export function readTargets(input: Omit<JudgeInput, 'history'>, rounds: readonly RoundSummary[]): Reading[] {
  const probed = input.targets.filter((target) => target.samples.length > 0);
  const hashes = probed.map((target) => keyHash(target.key));
  const pasts = pastByHash(hashes, rounds);
  const out = new Set(input.out ?? []);
  return probed.map((target, i) => {
    const hash = hashes[i] ?? 0;
    return readTarget(target, hash, input, pasts.get(hash) ?? [], out.has(target.key));
  });
}

function readTarget(target: JudgedTarget, hash: number, input: Omit<JudgeInput, 'history'>, past: Reading['past'], out: boolean): Reading {
  const { timeoutMs } = input.settings;
  const latencies: number[] = [];
  const tally = { failed: 0, timeouts: 0, refused: false, answered: false };
  for (const sample of target.samples) {
    if ('error' in sample) countError(sample.error, tally);
    else tally.answered = true;
    const ms = 'error' in sample ? (sample.error.kind === 'timeout' ? timeoutMs : undefined) : Math.min(sample.latencyMs, timeoutMs);
    if (ms !== undefined) latencies.push(toY(ms));
  }
  const ys = sorted(latencies);
  return {
    key: target.key,
    hash,
    zone: target.zone,
    type: target.type,
    ys,
    limit: toY(timeoutMs),
    n: target.samples.length,
    ...tally,
    level: ys.length >= MIN_ANSWERED ? levelOfSorted(ys) : undefined,
    cold: isYoung(target, input) || isRestarting(tally.refused, past),
    out,
    past,
    usual: usualRounds(past),
  };
}

/** Read once for all who ask. */
function usualRounds(past: Reading['past']): UsualRounds {
  const usual = { ages: [] as number[], levels: [] as number[], relatives: [] as number[], residuals: [] as number[] };
  for (const [age, summary] of past.entries()) {
    if (summary?.usual !== true || summary.level === undefined || summary.relative === undefined || summary.residual === undefined)
      continue;
    usual.ages.push(age);
    usual.levels.push(summary.level);
    usual.relatives.push(summary.relative);
    usual.residuals.push(Math.abs(summary.residual));
  }
  return usual;
}

function countError(error: SampleError, tally: { failed: number; timeouts: number; refused: boolean; answered: boolean }): void {
  tally.failed += 1;
  tally.timeouts += error.kind === 'timeout' ? 1 : 0;
  tally.refused ||= error.kind === 'refused';
  tally.answered ||= wasAnswered(error);
}

/**
 * Somebody was there: an HTTP answer of any status, or a connection that was accepted before it
 * went wrong.
 */
function wasAnswered(error: SampleError): boolean {
  return error.kind === 'status' || error.kind === 'protocol' || error.phase === 'wait' || error.phase === 'body';
}

function isYoung(target: JudgedTarget, input: Omit<JudgeInput, 'history'>): boolean {
  return target.ageMs !== undefined && target.ageMs < input.settings.graceMs;
}

/**
 * Refused now or in one of the two rounds before, and in no more than two of eight: a restart. More
 * often is no restart but a fault.
 */
function isRestarting(refusedNow: boolean, past: Reading['past']): boolean {
  if (!refusedNow && past[0]?.refused !== true && past[1]?.refused !== true) return false;
  const before = past.slice(0, RESTART_ROUNDS - 1).filter((summary) => summary?.refused === true).length;
  return before + (refusedNow ? 1 : 0) <= RESTART_REFUSALS;
}

/** Aligned histories of the targets now present. A hash that two of them share has none. */
function pastByHash(hashes: readonly number[], rounds: readonly RoundSummary[]): Map<number, (TargetSummary | undefined)[]> {
  const pasts = new Map<number, (TargetSummary | undefined)[]>();
  const shared = new Set<number>();
  for (const hash of hashes) {
    if (pasts.has(hash)) shared.add(hash);
    pasts.set(
      hash,
      rounds.map(() => undefined),
    );
  }
  for (const hash of shared) pasts.delete(hash);
  rounds.forEach((round, i) => {
    for (const summary of round.targets) {
      const past = pasts.get(summary.hash);
      if (past !== undefined) past[i] = summary;
    }
  });
  return pasts;
}

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

const NOBODY = sorted([]);

/** A target with its usual offset, and its level as others compare theirs with it. */
interface Placed {
  readonly reading: Reading;
  readonly inPool: boolean;
  readonly offset: number;
  readonly comparable: number | undefined;
}

/**
 * Places every target against the leave-one-out median of its peers: of its type where there are
 * four, else of the fleet. Each peer's usual offset is taken out first (the two-way table of
 * Tukey's median polish, 1977): otherwise the median is the noise of whoever is usually in the
 * middle, and jumps between those of two kinds.
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
