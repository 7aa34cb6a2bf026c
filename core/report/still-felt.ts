/** Whether users still wait when a case ends: what it was about was not all there was. */
import type { Round } from '../model';
import { clientSlowFraction } from './round';

/** A single slow request says nothing, nor do a few of very many. */
const LEAST_SLOW = 2;
const LEAST_FRACTION = 0.1;

export const LOOK_AT_OTHERS = 'look at the other targets: users still get slow answers or errors.';

export function isStillFelt(round: Round | undefined): boolean {
  const fraction = round === undefined ? undefined : clientSlowFraction(round);
  const count = Math.round((fraction ?? 0) * (round?.clientView?.samples.length ?? 0));
  return count >= LEAST_SLOW && (fraction ?? 0) >= LEAST_FRACTION;
}
