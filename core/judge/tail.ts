import { LOOKS_WELL, MIN_BAD_RATE, SHARED_PRIOR, ZONE_PRIOR } from './parameters';
import { lnBeta, lnChoose, lnHealthyBad, lnOwnRate, lnSum } from './likelihoods';
import type { TargetSummary } from './summary';
import type { BadCount, Evidence, Suspect } from './suspect';

/** Bad samples of the other targets over the same rounds: of the fleet, and of the target's zone. */
export interface OthersBad {
  readonly fleet: BadCount;
  readonly zone: BadCount;
}

/** What is counted: every bad sample, or failures alone, which healthy targets have far fewer of. */
interface Kind {
  readonly why: 'tail' | 'errors';
  readonly bad: (round: TargetSummary) => number;
  readonly rate: number;
  readonly spread: number;
  readonly burst: number;
}

/** Evidence that the target has a bad rate of its own, of slow and failed samples or of failures alone: the larger. */
export function tailEvidence({ sequence, nuisance }: Suspect): Evidence | undefined {
  const slow = rateEvidence(sequence, {
    why: 'tail',
    bad: (round) => round.bad,
    rate: nuisance.badRate,
    spread: nuisance.spread,
    burst: nuisance.burst,
  });
  const hard = rateEvidence(sequence, {
    why: 'errors',
    bad: (round) => round.hard,
    rate: nuisance.hardRate,
    spread: nuisance.spread,
    burst: nuisance.hardBurst,
  });
  return (hard?.nats ?? 0) > (slow?.nats ?? 0) ? hard : slow;
}

/**
 * The largest Bayes factor over the windows that end now. The sum of such factors over all onsets is Shiryaev and Roberts' statistic,
 * whose mean time to a false alarm at ln(T) is at least T rounds (Pollak 1985, Annals of Statistics 13); the largest is below
 * the sum, so looking at every window costs nothing.
 */
function rateEvidence(sequence: readonly TargetSummary[], kind: Kind): Evidence | undefined {
  if (sequence[0] === undefined || kind.bad(sequence[0]) < 1) return undefined;
  const sums: Sum[] = [];
  let best: Evidence | undefined;
  for (const round of sequence) {
    const sum = plus(sums.at(-1) ?? NOTHING, kind.bad(round), round.n, kind);
    const nats = lnOwnOverHealthy(sum);
    if (sum.k >= MIN_BAD_RATE * sum.n && nats > (best?.nats ?? 0) && isStillSick(sum, sums)) {
      best = { nats, why: kind.why, window: sums.length + 1, badRounds: sum.badRounds };
    }
    sums.push(sum);
  }
  return best;
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

function plus(sum: Sum, k: number, n: number, { rate, spread, burst }: Kind): Sum {
  const healthy = lnHealthyBad(k, n, rate, spread, burst);
  const ways = lnChoose(n, k);
  const sick = ways + lnOwnRate(k, n);
  return {
    k: sum.k + k,
    n: sum.n + n,
    badRounds: sum.badRounds + (k > 0 ? 1 : 0),
    ways: sum.ways + ways,
    healthy: sum.healthy + healthy,
    apart: sum.apart + lnSum(Math.log1p(-LOOKS_WELL) + sick, Math.log(LOOKS_WELL) + healthy) - healthy,
  };
}

/** ln Bayes factor against healthy: one bad rate of its own in all rounds, or one in each, for faults that come and go. */
function lnOwnOverHealthy(sum: Omit<Sum, 'badRounds'>): number {
  return Math.max(sum.apart, sum.ways + lnOwnRate(sum.k, sum.n) - sum.healthy);
}

/** The newest rounds, however many, add to the evidence: a target that has recovered is not convicted for its past. */
function isStillSick(all: Sum, newest: readonly Sum[]): boolean {
  const nats = lnOwnOverHealthy(all);
  return newest.every((part) => {
    const older = {
      k: all.k - part.k,
      n: all.n - part.n,
      ways: all.ways - part.ways,
      healthy: all.healthy - part.healthy,
      apart: all.apart - part.apart,
    };
    return lnOwnOverHealthy(older) < nats;
  });
}

/**
 * The same counts must say "this target" rather than "everybody alike", and rather than "its zone": by as much as a conviction needs,
 * less for those being rare.
 */
export function isItsOwn(own: BadCount, { fleet, zone }: OthersBad, needed: number): boolean {
  if (fleet.n > 0 && lnOwnOverCommon(own, fleet) < needed + Math.log(SHARED_PRIOR)) return false;
  if (fleet.n > 0 && own.k / own.n < (3 * fleet.k) / fleet.n) return false;
  return zone.n === 0 || zone.n >= fleet.n || lnOwnOverCommon(own, zone) >= needed + Math.log(ZONE_PRIOR);
}

/** ln Bayes factor: its own rate and a common, mostly small one for the others, against one rate for all. */
export function lnOwnOverCommon(own: BadCount, others: BadCount): number {
  const apart = lnOwnRate(own.k, own.n) + lnBeta(others.k + 1, others.n - others.k + 20) - lnBeta(1, 20);
  return apart - lnBeta(own.k + others.k + 1, own.n + others.n - own.k - others.k + 1);
}
