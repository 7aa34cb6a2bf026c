/** Which step of the replacement of a task a decision is, as people are told it. */
import type { Case, Decision, ReplaceStep } from '../model';
import { replacementOf } from '../replacement';

/** A step, a page between two steps, or the end. */
export type Told = ReplaceStep | 'waits';

/** Which of them a decision is; undefined when it is about no replacement. */
export function toldStep(incident: Case, decision: Decision): Told | undefined {
  const replacement = replacementOf(incident);
  if (replacement === undefined) return undefined;
  if (decision.action === 'replace') return decision.step;
  if (decision.action === 'page' && incident.state !== 'suspected') return 'waits';
  if (decision.action !== 'close') return undefined;
  if (replacement.verifiedAt !== undefined) return 'verified';
  return replacement.returnedAt === undefined ? 'leave' : 'returned';
}
