import { isLead, type Culprit, type Finding, type Cause, type PoolReading } from '../model';
import { confidence, LEAD_FROM, type Evidence } from './confidence';
import type { Inspection } from './inspection';

/** What every rule gets: the sick host beside its peers. */
export interface View {
  readonly sick: Inspection;
  readonly peers: readonly Inspection[];
  /**
   * The peers whose numbers compare with the sick host's: the same kind of machine, where there are
   * enough of it.
   */
  readonly alike: readonly Inspection[];
  readonly now: number;
  readonly sickPool?: PoolReading;
  /**
   * The pools are workers of a Unix socket at one moment: one with room says less than a page of
   * metrics.
   */
  readonly isOfWorkers?: boolean;
  readonly peerPools: readonly PoolReading[];
}

/** All hosts that were inspected. */
export function hostsOf({ sick, peers }: Pick<View, 'sick' | 'peers'>): readonly Inspection[] {
  return [sick, ...peers];
}

/** A rule looks at the view and says what speaks for its cause, or nothing. */
export type Rule = (view: View) => Finding | undefined;

export interface Argument {
  readonly cause: Cause;
  readonly support: readonly Evidence[];
  readonly against?: readonly Evidence[];
  readonly culprit?: Culprit | undefined;
}

/** The finding or the lead that an argument amounts to; undefined for less. A lead names nobody. */
export function conclude({ cause, support, against = [], culprit: suspect }: Argument): Finding | undefined {
  const probability = confidence(support, against);
  if (probability < LEAD_FROM) return undefined;
  const culprit = isLead({ cause, confidence: probability }) ? undefined : suspect;
  const summaries = (evidence: readonly Evidence[]): string[] => evidence.map((one) => one.summary);
  return {
    cause,
    confidence: probability,
    ...(culprit === undefined ? {} : { culprit }),
    evidence: summaries(support),
    against: summaries(against),
  };
}

/** What the rule finds; undefined for a lead. */
export function foundBy(rule: Rule, view: View): Finding | undefined {
  const finding = rule(view);
  return finding === undefined || isLead(finding) ? undefined : finding;
}
