import { LN_JUMP_RANGE, LN_MATERIAL, LN_NOTICEABLE } from './parameters';
import { lnChoose, lnOwnRate, lnSum, t6 } from './likelihoods';
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
/** A sick target looks well in this part of its rounds (faults that come and go), so no round can prove more than 1.6 nats. */
const LOOKS_WELL = 0.2;

/** Clean rounds from this one backwards and what they prove: the likelihood ratio of the conviction, turned round. */
export function healthEvidence(suspect: Suspect): Health {
  const rounds = [suspect.now, ...suspect.position.reading.past];
  const firstBreak = rounds.findIndex((round) => !isClean(round, suspect.nuisance.badRate));
  const clean = (firstBreak < 0 ? rounds : rounds.slice(0, firstBreak)).filter((round) => round !== undefined);
  return { nats: clean.reduce((sum, round) => sum + roundNats(round, suspect), 0), rounds: clean.length };
}

/** Answered, not noticeably slower than its peers, and no more bad samples than a healthy target has. */
function isClean(round: TargetSummary | undefined, badRate: number): round is TargetSummary & { residual: number } {
  if (round?.residual === undefined || round.cold || round.residual >= LN_NOTICEABLE) return false;
  return round.bad <= Math.max(round.n >= 10 ? 1 : 0, 2 * badRate * round.n);
}

function roundNats(round: TargetSummary, suspect: Suspect): number {
  const { scale, nuisance } = suspect;
  const residual = round.residual ?? 0;
  const level = Math.log(t6(residual / scale) / scale);
  const count = (rate: number): number =>
    lnChoose(round.n, round.bad) + round.bad * Math.log(rate) + (round.n - round.bad) * Math.log1p(-rate);
  const healthy = level + count(nuisance.badRate);
  const slow = lnSlowLevel(residual, scale) + count(nuisance.badRate);
  const bad = level + lnChoose(round.n, round.bad) + lnOwnRate(round.bad, round.n);
  const sick = lnSum(slow, bad) + Math.log(0.5);
  return healthy - lnSum(Math.log(LOOKS_WELL) + healthy, Math.log1p(-LOOKS_WELL) + sick);
}

/** ln density of the residual of a slow target: its level is anywhere from material to 50 times that, uniformly. */
function lnSlowLevel(residual: number, scale: number): number {
  const steps = 40;
  let sum = 0;
  for (let i = 0; i < steps; i++) sum += t6((residual - LN_MATERIAL - ((i + 0.5) / steps) * LN_JUMP_RANGE) / scale) / scale;
  return Math.log(sum / steps);
}
