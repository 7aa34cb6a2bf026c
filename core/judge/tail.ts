import { LN_NOT_EVERYBODY, LN_NOT_ZONE, MIN_BAD_RATE, WINDOW_PRICE, WINDOWS } from './parameters';
import { lnBeta, lnChoose, lnHealthyBad, lnOwnRate } from './likelihoods';
import type { TargetSummary } from './summary';
import type { BadCount, Evidence, Suspect } from './suspect';

/** Bad samples of the other targets over the newest `window` rounds: of the fleet, and of the target's zone. */
export type OthersBad = (suspect: Suspect, window: number) => { readonly fleet: BadCount; readonly zone: BadCount };

/** Evidence that the target has a bad rate of its own: the largest over the windows. */
export function tailEvidence(suspect: Suspect, needed: number, othersBad: OthersBad): Evidence | undefined {
  if (suspect.now.bad < 1) return undefined;
  let best: Evidence | undefined;
  for (const window of WINDOWS) {
    if (suspect.sequence.length < window) break;
    const rounds = suspect.sequence.slice(0, window);
    const nats = windowNats(rounds, suspect);
    if (nats < needed || nats <= (best?.nats ?? 0)) continue;
    if (!isItsOwn(total(rounds), othersBad(suspect, window))) continue;
    best = { nats, why: isHard(rounds) ? 'errors' : 'tail', window };
  }
  return best;
}

function windowNats(rounds: readonly TargetSummary[], { nuisance }: Suspect): number {
  const { k, n } = total(rounds);
  const badRounds = rounds.filter((round) => round.bad > 0).length;
  const before = rounds.slice(1, 3).some((round) => round.bad > 0);
  if (badRounds < Math.max(2, Math.ceil(0.4 * rounds.length)) || k / n < MIN_BAD_RATE || !before) return 0;
  const ways = rounds.reduce((sum, round) => sum + lnChoose(round.n, round.bad), 0);
  const healthy = rounds.reduce((sum, round) => {
    const burst = round.hard * 2 >= round.bad ? nuisance.hardBurst : nuisance.burst;
    return sum + lnHealthyBad(round.bad, round.n, nuisance.badRate, burst);
  }, 0);
  return ways + lnOwnRate(k, n) - healthy - WINDOW_PRICE;
}

/** The same counts must say "this target" rather than "everybody alike", and rather than "its zone". */
function isItsOwn(own: BadCount, others: { readonly fleet: BadCount; readonly zone: BadCount }): boolean {
  const { fleet, zone } = others;
  if (fleet.n > 0 && (lnOwnOverCommon(own, fleet) < LN_NOT_EVERYBODY || own.k / own.n < (3 * fleet.k) / fleet.n)) return false;
  return zone.n === 0 || zone.n >= fleet.n || lnOwnOverCommon(own, zone) >= LN_NOT_ZONE;
}

/** ln Bayes factor: its own rate and a common, mostly small one for the others, against one rate for all. */
function lnOwnOverCommon(own: BadCount, others: BadCount): number {
  const apart = lnOwnRate(own.k, own.n) + lnBeta(others.k + 1, others.n - others.k + 20) - lnBeta(1, 20);
  return apart - lnBeta(own.k + others.k + 1, own.n + others.n - own.k - others.k + 1);
}

function total(rounds: readonly TargetSummary[]): BadCount {
  return rounds.reduce<BadCount>((sum, round) => ({ k: sum.k + round.bad, n: sum.n + round.n }), { k: 0, n: 0 });
}

function isHard(rounds: readonly TargetSummary[]): boolean {
  const hard = rounds.reduce((sum, round) => sum + round.hard, 0);
  return hard * 2 >= total(rounds).k;
}
