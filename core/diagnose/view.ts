import type { Culprit, Finding, Cause, PoolReading } from '../model';
import { confidence, FINDING_FROM, type Evidence } from './confidence';
import type { Inspection } from './inspection';

/** What every rule gets: the sick host beside its peers. */
export interface View {
  readonly sick: Inspection;
  readonly peers: readonly Inspection[];
  /** The peers whose numbers compare with the sick host's: the same kind of machine, where there are enough of it. */
  readonly alike: readonly Inspection[];
  readonly now: number;
  readonly sickPool?: PoolReading;
  readonly peerPools: readonly PoolReading[];
}

/** A rule looks at the view and says what speaks for its cause, or nothing. */
export type Rule = (view: View) => Finding | undefined;

export interface Argument {
  readonly cause: Cause;
  readonly support: readonly Evidence[];
  readonly against?: readonly Evidence[];
  readonly culprit?: Culprit | undefined;
}

/** The finding that an argument amounts to; undefined when it is likelier not so. */
export function conclude({ cause, support, against = [], culprit }: Argument): Finding | undefined {
  const probability = confidence(support, against);
  if (probability < FINDING_FROM) return undefined;
  const summary = (evidence: readonly Evidence[]): string[] => evidence.map((one) => one.summary);
  return {
    cause,
    confidence: probability,
    ...(culprit === undefined ? {} : { culprit }),
    evidence: summary(support),
    against: summary(against),
  };
}
