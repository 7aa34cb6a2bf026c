/** Records of removals. */
import type { Ejection, Target } from '../../core/model';

/** One of four static targets, announced and not confirmed yet. */
export function ejection(target: Target, intentAt: number, leaseEndsAt: number, fields: Partial<Ejection> = {}): Ejection {
  return {
    owner: 'static',
    intentAt,
    target,
    scheduleName: 'sickbay-back',
    leaseS: 900,
    leaseEndsAt,
    originalCount: 4,
    ...fields,
  };
}

/** The same, confirmed a second later. */
export function confirmed(target: Target, intentAt: number, leaseEndsAt: number, fields: Partial<Ejection> = {}): Ejection {
  return ejection(target, intentAt, leaseEndsAt, { confirmedAt: intentAt + 1000, ...fields });
}
