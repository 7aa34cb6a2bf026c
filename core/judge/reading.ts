import type { JudgedTarget, JudgeInput, SampleError } from '../model';
import { FLOOR_MS, MIN_ANSWERED } from './parameters';
import { levelOfSorted, type Sorted, sorted } from './quantiles';
import { keyHash, type RoundSummary, type TargetSummary } from './summary';

/** One target's samples of this round, with what earlier rounds say about it. */
export interface Reading {
  readonly key: string;
  readonly hash: number;
  readonly zone: string | undefined;
  readonly type: string | undefined;
  /** Sorted y of answered samples and timeouts: a timeout is right-censored, other errors are no latency (a fast 503 is not healthy). */
  readonly ys: Sorted;
  /** y of the time limit, where timeouts are censored. */
  readonly limit: number;
  readonly n: number;
  /** Errors of any kind, timeouts among them. */
  readonly hard: number;
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

/** What the rounds of the past that count as normal measured, newest first: one entry a round in each list. */
export interface UsualRounds {
  /** How many rounds ago, 0 for the one before this. */
  readonly ages: readonly number[];
  readonly levels: readonly number[];
  /** Places among the peers. */
  readonly relatives: readonly number[];
  /** Distances from what was expected, without their sign. */
  readonly residuals: readonly number[];
}

/** y of a latency: the floor makes tiny differences immaterial, the logarithm makes a factor a distance. */
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
  const tally = { hard: 0, timeouts: 0, refused: false, answered: false };
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

/** Where a target's usual rounds are gathered before they are copied at their length: lists that grow leave three times as much behind. */
const room = { ages: [] as number[], levels: [] as number[], relatives: [] as number[], residuals: [] as number[] };

/** Read once for all who ask: with a thousand targets the past no longer fits into the processor's cache. */
function usualRounds(past: Reading['past']): UsualRounds {
  const { ages, levels, relatives, residuals } = room;
  let count = 0;
  for (let age = 0; age < past.length; age++) {
    const { usual, level, relative, residual } = past[age] ?? NOTHING;
    if (!usual || level === undefined || relative === undefined || residual === undefined) continue;
    ages[count] = age;
    levels[count] = level;
    relatives[count] = relative;
    residuals[count] = Math.abs(residual);
    count += 1;
  }
  return {
    ages: ages.slice(0, count),
    levels: levels.slice(0, count),
    relatives: relatives.slice(0, count),
    residuals: residuals.slice(0, count),
  };
}

const NOTHING: Pick<TargetSummary, 'usual' | 'level' | 'relative' | 'residual'> = {
  usual: false,
  level: undefined,
  relative: undefined,
  residual: undefined,
};

function countError(error: SampleError, tally: { hard: number; timeouts: number; refused: boolean; answered: boolean }): void {
  tally.hard += 1;
  tally.timeouts += error.kind === 'timeout' ? 1 : 0;
  tally.refused ||= error.kind === 'refused';
  tally.answered ||= wasAnswered(error);
}

/** Somebody was there: an HTTP answer of any status, or a connection that was accepted before it went wrong. */
function wasAnswered(error: SampleError): boolean {
  return error.kind === 'status' || error.kind === 'protocol' || error.phase === 'wait' || error.phase === 'body';
}

function isYoung(target: JudgedTarget, input: Omit<JudgeInput, 'history'>): boolean {
  return target.ageMs !== undefined && target.ageMs < input.settings.graceMs;
}

/** Refused now or in one of the two rounds before, and in no more than two of eight: a restart. More often is no restart but a fault. */
function isRestarting(refusedNow: boolean, past: Reading['past']): boolean {
  if (!refusedNow && past[0]?.refused !== true && past[1]?.refused !== true) return false;
  const before = past.slice(0, 7).filter((summary) => summary?.refused === true).length;
  return before + (refusedNow ? 1 : 0) <= 2;
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
