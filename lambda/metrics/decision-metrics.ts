/**
 * What became of one decision, in numbers. An ejection or a restore counts when the records show it
 * done, not when it was asked for.
 */
import { isReturnRefused } from '../../core/case';
import type { Case, Decision } from '../../core/model';
import { replacementOf } from '../../core/replacement';
import { STACK_METRICS } from '../contract';
import type { Measurement } from '../ports';

export function decisionMetrics(at: number, before: Case, after: Case, decision: Decision): Measurement[] {
  return [...deeds(at, before, after), ...(isReturnRefused(before, decision) ? [] : refusals(at, decision))];
}

function deeds(at: number, before: Case, after: Case): Measurement[] {
  if (before.state === after.state) return [];
  if (after.state === 'out') return [{ at, values: { [STACK_METRICS.ejections]: 1 } }];
  if (after.state === 'watching' && replacementOf(after) === undefined) return [{ at, values: { [STACK_METRICS.restores]: 1 } }];
  return [];
}

/**
 * A target that would have been ejected, and each reason why it was not. A group that is slow as a
 * whole has nobody to eject.
 */
function refusals(at: number, { target, blocked }: Decision): Measurement[] {
  if (target === undefined || blocked.length === 0) return [];
  const values = { [STACK_METRICS.blocked]: 1 };
  return [{ at, values }, ...[...new Set(blocked)].map((reason): Measurement => ({ at, of: { reason }, values }))];
}
