import { decide as decideAll } from '../../core/decide/decide';
import type { Situation } from '../../core/decide/situation';
import type { Decision } from '../../core/model';

/** The decisions alone, for tests that do not ask what each is about. */
export function decide(situation: Situation): Decision[] {
  return decideAll(situation).map(({ decision }) => decision);
}
