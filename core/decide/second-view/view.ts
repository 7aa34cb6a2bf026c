/** What a view other than the prober's says about a conviction. */

/**
 * `agrees`: it shows what this target would give it, and what nothing else explains. `contradicts`:
 * it would have to show it, and does not. `not-yet`: it could tell, with more than it has seen so
 * far. `cannot-tell`: it works, and what this target gives it is too little to be seen. `absent`:
 * it does not work, never did, or was not asked: it is no view. `old`: it works, and was not asked
 * lately: it is asked before anything rests on its silence.
 */
export type Stand = 'agrees' | 'contradicts' | 'not-yet' | 'cannot-tell' | 'absent' | 'old';

export interface View {
  readonly stand: Stand;
  /** One line for people, with the numbers. */
  readonly summary: string;
}
