/** Decisions: whole ones, about the case of `builders/cases.ts`. */
import type { Action, Decision, DecisionBase, Step } from '../../core/model';
import { GROUP } from './groups';

/** A decision whose action needs more than itself, with something for that. */
const STEPS: Readonly<Partial<Record<Action, Step>>> = {
  eject: { action: 'eject', leaseEndsAt: 900_000 },
  hold: { action: 'hold', leaseEndsAt: 900_000 },
  renew: { action: 'renew', leaseEndsAt: 900_000 },
  close: { action: 'close', because: 'operator' },
};

/** With some of the fields that every decision has, or of another decision. */
export function decisionTo(action: Action, fields: Partial<DecisionBase> = {}): Decision {
  const common: DecisionBase = { caseId: 'case-1', groupArn: GROUP, reason: 'r', blocked: [], guardrails: [], lookAgainAt: 0 };
  return { ...STEPS[action], ...common, ...fields, action } as Decision;
}
