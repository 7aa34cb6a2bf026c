/**
 * What a confidence means: the probability we would put on a cause, from weighed evidence. A rule
 * starts at odds of 1 to 4 (before looking, a given cause is unlikelier than not), and each piece
 * of evidence multiplies the odds:
 *   strong   x 9    the mechanism itself was observed, on this host only
 *   moderate x 3    expected under this cause, and seldom otherwise
 *   weak     x 1.5  agrees with it, and with other causes too
 * Evidence against divides by the same. These are likelihood ratios (Bayes factors in the bands of Kass and Raftery, 1995: 1-3 barely
 * worth a mention, 3-20 positive); they are set by that scale, not fitted. Capped at 0.97: an inspection from outside is never proof.
 *
 *   >= 0.9    mechanism seen, here only, and little speaks for anything else
 *   0.7-0.9   mechanism seen, one link is inferred
 *   0.5-0.7   fits best, look before acting
 *   0.3-0.5   a lead: one thing differs that this cause would explain. Told only where no cause reaches 0.5, and it names nobody
 *   < 0.3     not told: it is listed among the differences
 */
export type Weight = 'strong' | 'moderate' | 'weak';

const FACTOR: Readonly<Record<Weight, number>> = { strong: 9, moderate: 3, weak: 1.5 };
const PRIOR_ODDS = 1 / 4;
const CAP = 0.97;

/** Below this it is nothing: weak evidence alone, or evidence that is outweighed. */
export const LEAD_FROM = 0.3;

export interface Evidence {
  readonly weight: Weight;
  readonly summary: string;
}

/** Probability, 0 to 0.97, from the evidence for and against; two decimals. */
export function confidence(support: readonly Evidence[], against: readonly Evidence[]): number {
  const raised = support.reduce((odds, { weight }) => odds * FACTOR[weight], PRIOR_ODDS);
  const odds = against.reduce((left, { weight }) => left / FACTOR[weight], raised);
  return Math.min(CAP, Math.round((odds / (1 + odds)) * 100) / 100);
}

const GRADES: readonly Weight[] = ['strong', 'moderate', 'weak'];

/** One grade less; `weak` stays. */
export function lessThan(weight: Weight): Weight {
  return GRADES[GRADES.indexOf(weight) + 1] ?? 'weak';
}

/** A piece of evidence. */
export function seen(weight: Weight, summary: string): Evidence {
  return { weight, summary };
}
