/** Cases: open ones of the group checkout, of which a test names what it is about. */
import { openCase } from '../../core/case-transitions';
import type { BreakerCase, CaseBase, Ejection, GroupCase, Hold, HoldCase, Replacement, TargetCase } from '../../core/model';
import { GROUP } from './groups';
import { NOW } from './now';
import { TARGET } from './targets';

/** `summary` is what its first event says. */
type Fields<Subject> = Partial<Subject> & { readonly summary?: string };
type Named = Partial<Pick<CaseBase, 'openedAt' | 'id' | 'groupArn'>> & { readonly summary?: string | undefined };

/** Two minutes old, unless it has another age. */
const opening = ({ openedAt = NOW - 120_000, id = 'case-1', summary = 'opened', groupArn = GROUP }: Named) => ({
  now: openedAt,
  id,
  summary,
  groupArn,
});

/** A suspected target. */
export function targetCase({ summary, ...fields }: Fields<TargetCase> = {}): TargetCase {
  return { ...openCase({ ...opening({ ...fields, summary }), about: 'target', target: TARGET }), ...fields };
}

/** A target that left by this removal. */
export function outCase(left: Ejection, fields: Fields<TargetCase> = {}): TargetCase {
  return targetCase({ target: left.target, state: 'out', ejections: [left], ...fields });
}

/** A target whose task is being replaced, or was. */
export function replacementCase(replacement: Replacement, fields: Fields<TargetCase> = {}): TargetCase {
  return targetCase({ target: replacement.target, state: 'out', replacement, ...fields });
}

/** A group whose targets are slow together, cannot be seen, or that does not exist. */
export function groupCase(about: GroupCase['about'], { summary, ...fields }: Fields<GroupCase> = {}): GroupCase {
  return { ...openCase({ ...opening({ ...fields, summary }), about }), ...fields };
}

/** A breaker of a group, or, of none, of the stack. */
export function breakerCase(groupArn?: string, fields: Partial<Omit<CaseBase, 'groupArn'>> = {}): BreakerCase {
  const { groupArn: _, ...named } = opening(fields);
  const where = groupArn === undefined ? {} : { groupArn };
  return { ...openCase({ ...named, ...where, about: 'breaker' }), ...fields };
}

/** Ann's, of the whole group until it is released. */
export function holdCase(hold: Partial<Hold> = {}, { summary, ...fields }: Fields<HoldCase> = {}): HoldCase {
  const asked = { by: 'Ann', reason: 'load test', ...hold };
  return { ...openCase({ ...opening({ ...fields, summary }), about: 'hold', hold: asked }), ...fields };
}
