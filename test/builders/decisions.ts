import type { Action, Decision, Step } from '../../core/model';

/** A decision whose action needs more than itself, with something for that. */
const STEPS: Readonly<Partial<Record<Action, Step>>> = {
  eject: { action: 'eject', leaseEndsAt: 900_000 },
  hold: { action: 'hold', leaseEndsAt: 900_000 },
  renew: { action: 'renew', leaseEndsAt: 900_000 },
  close: { action: 'close', because: 'operator' },
};

/** The decision with another action, and with some of the fields that every decision has. */
export function decisionTo(
  action: Action,
  decision: Decision,
  fields: Partial<Pick<Decision, 'blocked' | 'reason' | 'short'>> = {},
): Decision {
  return { ...STEPS[action], ...decision, ...fields, action } as Decision;
}
