/** Who manages targets, as it is observed. */
import type { GroupSituation } from '../../core/decide/situation';
import type { ObservedOwner, Target } from '../../core/model';
import type { RespondPorts } from '../ports';

/**
 * Of a declared service nobody else is asked: it is read by itself
 * (lambda/respond/read-service.ts).
 */
export async function ownersOf(
  { owners }: Pick<RespondPorts, 'owners'>,
  { group, config }: Pick<GroupSituation, 'group' | 'config'>,
  targets: readonly Target[],
): Promise<ReadonlyMap<string, ObservedOwner>> {
  return config.owner === 'ecs' ? new Map() : owners.observe(group, targets);
}
