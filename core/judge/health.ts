import { lnSlowOverHealthy } from './level';
import { lnOwnRate, lnSum } from './likelihoods';
import { LN_NOTICEABLE, LOOKS_WELL } from './parameters';
import type { TargetSummary } from './summary';
import type { Suspect } from './suspect';

/** Evidence for "this target is like its peers". */
export interface Health {
  /** Nats over the latest clean rounds. */
  readonly nats: number;
  /** How many clean rounds there are without a break, this one first. */
  readonly rounds: number;
}

/** 1 in 100 clean bills may be premature: the watch after a restore catches those. */
export const HEALTH_NEEDED_NATS = Math.log(100);

/** Clean rounds from this one backwards and what they prove: the likelihood ratio of the conviction, turned round. */
export function healthEvidence(suspect: Suspect): Health {
  const rounds = [suspect.now, ...suspect.position.reading.past];
  const firstBreak = rounds.findIndex((round) => !isClean(round, suspect.nuisance.badRate));
  const clean = (firstBreak < 0 ? rounds : rounds.slice(0, firstBreak)).filter(isPlaced);
  return { nats: clean.reduce((sum, round) => sum + roundNats(round, suspect), 0), rounds: clean.length };
}

/** Answered, not noticeably slower than its peers, and no more bad samples than a healthy target has. */
function isClean(round: TargetSummary | undefined, badRate: number): boolean {
  if (round?.residual === undefined || round.cold || round.residual >= LN_NOTICEABLE) return false;
  return round.bad <= Math.max(round.n >= 10 ? 1 : 0, 2 * badRate * round.n);
}

function isPlaced(round: TargetSummary | undefined): round is TargetSummary & { residual: number } {
  return round?.residual !== undefined;
}

/** Healthy against "slow or often bad, one as likely as the other, though sick targets look well at times". */
function roundNats(round: TargetSummary & { residual: number }, { scale, nuisance }: Suspect): number {
  const slow = lnSlowOverHealthy(round.residual, scale, nuisance.jump);
  const usual = round.bad * Math.log(nuisance.badRate) + (round.n - round.bad) * Math.log1p(-nuisance.badRate);
  const oftenBad = lnSum(Math.log(LOOKS_WELL), Math.log1p(-LOOKS_WELL) + lnOwnRate(round.bad, round.n) - usual);
  return -(lnSum(slow, oftenBad) + Math.log(0.5));
}
