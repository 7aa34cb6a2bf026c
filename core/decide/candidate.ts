/** The input of a guardrail, and its answer. */

import type { AutoScalingView, GuardrailCheck, Round, TargetVerdict, TargetCase } from '../model';
import type { Ledger } from './ledger';
import type { GroupSituation, Situation } from './situation';

/** A convicted target, with everything a removal of it may rest on. */
export interface Candidate {
  readonly situation: Situation;
  readonly group: GroupSituation;
  readonly incident: TargetCase;
  readonly round: Round;
  readonly verdict: TargetVerdict;
  readonly ledger: Ledger;
}

/**
 * What is needed to count who serves without the target, whether it is about to leave or is out.
 */
export type Asked = Pick<Candidate, 'situation' | 'group' | 'incident' | 'round'>;

export type Guardrail = (candidate: Candidate) => GuardrailCheck;

/** A guardrail that needs no conviction: it holds of a target that is out as well. */
export type WhileOut = (asked: Asked & Pick<Candidate, 'ledger'>) => GuardrailCheck;

export function check(
  guardrail: GuardrailCheck['guardrail'],
  passed: boolean,
  value: string | number,
  limit: string | number,
): GuardrailCheck {
  return { guardrail, passed, value: String(value), limit: String(limit) };
}

/**
 * The Auto Scaling group that has the target's instance, as observed in this run; undefined when
 * none has, or it could not be told.
 */
export function autoScalingOf({ group, incident }: Pick<Candidate, 'group' | 'incident'>): AutoScalingView | undefined {
  const seen = group.owners.get(incident.target.id);
  return seen?.owner === 'asg' ? seen.autoScaling : undefined;
}
