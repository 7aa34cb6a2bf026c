import type { Measured, Evidence } from './measured';
import { lnBeta, lnChoose, lnHealthyBad, lnOwnRate, lnSum, studentTail } from './math';
import { noiseIn, waveringOf } from './noise';
import { FLEET_RATE_SAMPLES, LOOKS_WELL, MIN_BAD_RATE, PRIOR_BAD_RATE, SHARED_PRIOR, ZONE_PRIOR } from './parameters';
import type { TargetSummary } from './record';

/** Bad and all samples of a set of targets over a set of rounds. */
export interface BadCount {
  readonly k: number;
  readonly n: number;
}

/**
 * Bad samples of the other targets over the same rounds: of the fleet, and of the target's zone.
 */
export interface OthersBad {
  readonly fleet: BadCount;
  readonly zone: BadCount;
}

/**
 * What is counted: every bad sample, or failures alone, which healthy targets have far fewer of.
 */
interface Kind {
  readonly why: 'tail' | 'errors';
  readonly bad: (round: TargetSummary) => number;
  readonly rate: number;
  readonly spread: number;
  readonly burst: number;
}

/**
 * Evidence that the target has a bad rate of its own, of slow and failed samples or of failures
 * alone: the larger.
 */
export function tailEvidence(candidate: Measured): Evidence | undefined {
  const slow = ownRateEvidence(candidate, 'tail');
  const failed = ownRateEvidence(candidate, 'errors');
  return (failed?.nats ?? 0) > (slow?.nats ?? 0) ? failed : slow;
}

/**
 * Of the one or the other, held against the usual rate, or against what the `others` show now by
 * the target's own limit where that is more.
 */
export function ownRateEvidence(candidate: Measured, why: Kind['why'], others: BadCount = NOTHING): Evidence | undefined {
  const { sequence, nuisance } = candidate;
  const { spread, badRate, failureRate, burst, failureBurst } = nuisance;
  const now = (usual: number): number => Math.max(usual, (usual * FLEET_RATE_SAMPLES + others.k) / (FLEET_RATE_SAMPLES + others.n));
  return why === 'tail'
    ? rateEvidence(sequence, {
        why,
        bad: (round) => round.bad,
        rate: now(badRate),
        spread,
        burst: Math.max(burst, liftedByNoise(candidate)),
      })
    : rateEvidence(sequence, { why, bad: (round) => round.failed, rate: now(failureRate), spread, burst: failureBurst });
}

/**
 * Chance that the noise of its level alone lifts half of a round's samples over the limit: a queue
 * close to its capacity makes slow samples by the round.
 */
function liftedByNoise(candidate: Measured): number {
  const { now, windows, slowAbove, position } = candidate;
  if (position.expected === undefined || slowAbove === Infinity) return 0;
  const { scale, freedom } = noiseIn(candidate, now, waveringOf(candidate, windows));
  return studentTail((slowAbove - position.expected) / scale, freedom);
}

/**
 * The largest Bayes factor over the windows that end now. The sum of such factors over all onsets
 * is Shiryaev and Roberts' statistic, whose mean time to a false alarm at ln(T) is at least T
 * rounds (Pollak 1985, Annals of Statistics 13); the largest is below the sum, so looking at every
 * window costs nothing.
 *
 * Each window is held against the target's own rate before it as well. That takes a sum for every
 * window, so those that cannot win by the fleet's rate alone, which is lower, are not computed.
 */
function rateEvidence(sequence: readonly TargetSummary[], kind: Kind): Evidence | undefined {
  if (sequence[0] === undefined || kind.bad(sequence[0]) < 1) return undefined;
  const bounds = windowsOf(sequence, sequence.length, kind).sort((a, b) => b.nats - a.nats);
  let best: Evidence | undefined;
  for (const bound of bounds) {
    if (bound.nats <= (best?.nats ?? 0)) break;
    const rate = ownRate(sequence.slice(bound.window), kind);
    const exact =
      rate === kind.rate ? bound : windowsOf(sequence, bound.window, { ...kind, rate }).find(({ window }) => window === bound.window);
    if (exact !== undefined && exact.nats > (best?.nats ?? 0)) best = exact;
  }
  return best;
}

/**
 * Usual rate before the window, drawn towards the fleet's and not below it: targets differ, and
 * what it always was did not begin.
 */
function ownRate(before: readonly TargetSummary[], kind: Kind): number {
  const healthy = before.filter((round) => !round.sick);
  const k = healthy.reduce((sum, round) => sum + kind.bad(round), kind.rate * FLEET_RATE_SAMPLES);
  const n = healthy.reduce((sum, round) => sum + round.n, FLEET_RATE_SAMPLES);
  return Math.min(PRIOR_BAD_RATE.most, Math.max(kind.rate, k / n));
}

/** The evidence of every window up to the longest. */
function windowsOf([newest, ...earlier]: readonly TargetSummary[], longest: number, kind: Kind): Evidence[] {
  if (newest === undefined) return [];
  const now = sumsOfNewest(kind.bad(newest), newest.n, kind);
  const sums = rememberedSums(kind);
  const found: Evidence[] = [];
  const before: Sum[] = [];
  let older = NOTHING;
  for (let window = 1; window <= longest; window++) {
    const nats = now.reduce((most, sum) => Math.max(most, lnOwnOverHealthy(joined(sum, older))), -Infinity);
    const { k, n, badRounds } = joined(now.at(-1) ?? NOTHING, older);
    if (k >= MIN_BAD_RATE * n && nats > 0 && isStillSick(nats, older, before)) found.push({ nats, why: kind.why, window, badRounds });
    before.push(older);
    const next = earlier[window - 1];
    if (next !== undefined) older = joined(older, sums(kind.bad(next), next.n));
  }
  return found;
}

/** Most rounds of a target are alike: their sums are computed once. */
function rememberedSums(kind: Kind): (k: number, n: number) => Sum {
  const known = new Map<number, Sum>();
  return (k, n) => {
    const key = k * 1024 + n;
    const sum = known.get(key) ?? sumOf(k, n, kind);
    known.set(key, sum);
    return sum;
  };
}

/**
 * k bad samples are at least as bad as fewer: the newest round with every number up to k, and the
 * worst of them counts.
 */
function sumsOfNewest(k: number, n: number, kind: Kind): Sum[] {
  return Array.from({ length: k }, (_, i) => sumOf(i + 1, n, kind));
}

/** Sums over the newest rounds. */
interface Sum extends BadCount {
  readonly badRounds: number;
  /** ln of the ways to spread the bad samples, and of the healthy likelihood. */
  readonly ways: number;
  readonly healthy: number;
  /** ln of the likelihood ratio when each round has a bad rate of its own, or looks well. */
  readonly apart: number;
}

const NOTHING: Sum = { k: 0, n: 0, badRounds: 0, ways: 0, healthy: 0, apart: 0 };

function sumOf(k: number, n: number, { rate, spread, burst }: Kind): Sum {
  const healthy = lnHealthyBad(k, n, rate, spread, burst);
  const ways = lnChoose(n, k);
  const apart = lnSum(Math.log1p(-LOOKS_WELL) + ways + lnOwnRate(k, n), Math.log(LOOKS_WELL) + healthy) - healthy;
  return { k, n, badRounds: k > 0 ? 1 : 0, ways, healthy, apart };
}

function joined(a: Sum, b: Sum): Sum {
  return {
    k: a.k + b.k,
    n: a.n + b.n,
    badRounds: a.badRounds + b.badRounds,
    ways: a.ways + b.ways,
    healthy: a.healthy + b.healthy,
    apart: a.apart + b.apart,
  };
}

/**
 * ln Bayes factor against healthy: one bad rate of its own in all rounds, or one in each, for
 * faults that come and go.
 */
function lnOwnOverHealthy(sum: Sum): number {
  return Math.max(sum.apart, sum.ways + lnOwnRate(sum.k, sum.n) - sum.healthy);
}

/**
 * The newest rounds, however many, add to the evidence: a target that has recovered is not
 * convicted for its past. `older` are the rounds of the window but the newest, `before` the
 * beginnings of those: what lies before the last rounds is their difference.
 */
function isStillSick(nats: number, older: Sum, before: readonly Sum[]): boolean {
  return before.every((part) => {
    const rest = {
      ...older,
      k: older.k - part.k,
      n: older.n - part.n,
      ways: older.ways - part.ways,
      healthy: older.healthy - part.healthy,
      apart: older.apart - part.apart,
    };
    return lnOwnOverHealthy(rest) < nats;
  });
}

/**
 * The same counts must say "this target" rather than "everybody alike", and rather than "its zone":
 * by as much as a conviction needs, less for those being rare.
 */
export function isItsOwn(own: BadCount, { fleet, zone }: OthersBad, needed: number): boolean {
  if (fleet.n > 0 && lnOwnOverCommon(own, fleet) < needed + Math.log(SHARED_PRIOR)) return false;
  if (fleet.n > 0 && own.k / own.n < (3 * fleet.k) / fleet.n) return false;
  return zone.n === 0 || zone.n >= fleet.n || lnOwnOverCommon(own, zone) >= needed + Math.log(ZONE_PRIOR);
}

/**
 * ln Bayes factor: its own rate and a common, mostly small one for the others, against one rate for
 * all.
 */
export function lnOwnOverCommon(own: BadCount, others: BadCount): number {
  const apart = lnOwnRate(own.k, own.n) + lnBeta(others.k + 1, others.n - others.k + 20) - lnBeta(1, 20);
  return apart - lnBeta(own.k + others.k + 1, own.n + others.n - own.k - others.k + 1);
}

/**
 * In a round in which many are bad together: so much worse than the others that what they share
 * does not explain it.
 */
export function isBeyondOthers(own: BadCount, others: BadCount): boolean {
  return own.k * others.n >= 3 * others.k * own.n && lnOwnOverCommon(own, others) >= -Math.log(SHARED_PRIOR);
}

/** The same for a target of an earlier round, given everybody's bad samples in it. */
export function wasBeyondOthers({ bad, n, cold, out }: TargetSummary, all: BadCount): boolean {
  return !cold && !out && isBeyondOthers({ k: bad, n }, { k: all.k - bad, n: all.n - n });
}

/** Bad and all samples of everybody who counts. */
export function badOfAll(targets: readonly TargetSummary[]): BadCount {
  const sum = { k: 0, n: 0 };
  for (const { cold, out, bad, n } of targets) {
    if (cold || out) continue;
    sum.k += bad;
    sum.n += n;
  }
  return sum;
}
