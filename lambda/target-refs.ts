/** Who is behind the targets of a group, as a decision takes it. */
import type { GroupSituation } from '../core/decide/situation';
import type { Target, TargetGroup } from '../core/model';
import type { RespondPorts } from './ports';

/** Nothing for a group of instances, which are their own identity. */
export async function refsOf(
  { targetRefs }: Pick<RespondPorts, 'targetRefs'>,
  group: TargetGroup,
  targets: readonly Target[],
): Promise<Pick<GroupSituation, 'targetRefs'>> {
  return group.targetType === 'ip' ? { targetRefs: await targetRefs.of(group, targets) } : {};
}
