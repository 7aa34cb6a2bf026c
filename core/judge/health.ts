import { lnSlowOverHealthy, noiseIn } from './level';
import { lnOwnRate, lnSum } from './likelihoods';
import { LN_NOTICEABLE, LOOKS_WELL } from './parameters';
import type { TargetSummary } from './summary';
import type { Measured } from './suspect';

/** Evidence for "this target is like its peers". */
export interface Health {
  /** Nats over the latest clean rounds. */
  readonly nats: number;
  /** How many clean rounds there are without a break, this one first, as far as was looked. */
  readonly rounds: number;
}

/** 1 in 100 clean bills may be premature: the watch after a restore catches those. */
export const HEALTH_NEEDED_NATS = Math.log(100);

/**
 * Clean rounds from this one backwards and what they prove: the likelihood ratio of the conviction, turned round. It looks back for `asked` clean rounds and
 * for the nats that are needed; nobody asks for more.
 */
export function healthEvidence(suspect: Measured, asked: number): Health {
  const { now, position, nuisance } = suspect;
  const noise = noiseIn(suspect, now);
  const oftenBad = rememberedOftenBad(nuisance.badRate);
  const notSlower = lnSlowOverHealthy(0, noise, nuisance.jump);
  let nats = 0;
  let rounds = 0;
  let round: TargetSummary | undefined = now;
  for (; (rounds < asked || nats < HEALTH_NEEDED_NATS) && isClean(round, nuisance.badRate); round = position.reading.past[rounds - 1]) {
    const slow = round.residual > 0 ? lnSlowOverHealthy(round.residual, noise, nuisance.jump) : notSlower;
    // Healthy against "slow or often bad, one as likely as the other".
    nats += Math.LN2 - lnSum(slow, oftenBad(round.bad, round.n));
    rounds += 1;
  }
  return { nats, rounds };
}

/** Answered, not noticeably slower than its peers, and no more bad samples than a healthy target has. */
function isClean(round: TargetSummary | undefined, badRate: number): round is TargetSummary & { residual: number } {
  if (round?.residual === undefined || round.cold || round.residual >= LN_NOTICEABLE) return false;
  return round.bad <= Math.max(round.n >= 10 ? 1 : 0, 2 * badRate * round.n);
}

/** ln of the likelihood ratio of "often bad, though sick targets look well at times"; most rounds are alike, and computed once. */
function rememberedOftenBad(badRate: number): (bad: number, n: number) => number {
  let known: { readonly bad: number; readonly n: number; readonly ratio: number } | undefined;
  return (bad, n) => {
    if (known?.bad !== bad || known.n !== n) known = { bad, n, ratio: lnOftenBad(bad, n, badRate) };
    return known.ratio;
  };
}

function lnOftenBad(bad: number, n: number, badRate: number): number {
  const usual = bad * Math.log(badRate) + (n - bad) * Math.log1p(-badRate);
  return lnSum(Math.log(LOOKS_WELL), Math.log1p(-LOOKS_WELL) + lnOwnRate(bad, n) - usual);
}
