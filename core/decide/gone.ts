/** What becomes of a case whose target group does not exist any more. */
import { currentEjection, isOut } from '../case';
import type { Case, CaseInGroup } from '../model';
import type { Verdict } from './decision';
import type { Situation } from './situation';

/**
 * Nothing can come back into a group that was deleted: the case is closed, and its scheduled
 * restore with it, which could only fail. An instance on standby is different: it may serve in
 * other groups of its Auto Scaling group, and leaves standby first.
 */
export function decideGone(incident: Case): Verdict {
  const ejection = currentEjection(incident);
  if (isOut(incident) && ejection?.owner === 'asg')
    return { action: 'restore', ejection, reason: 'its target group was deleted: its instance leaves standby' };
  const left = isOut(incident) ? ' while it was out: nothing is left to restore it to' : '';
  return { action: 'close', reason: `its target group was deleted${left}`, because: 'vanished' };
}

/**
 * The case about the missing group itself: open, and told once, until the group or the
 * configuration changes.
 */
export function decideMissing({ gone, groups, config }: Situation, { groupArn }: CaseInGroup): Verdict {
  if (!config.targetGroups.some(({ arn }) => arn === groupArn))
    return { action: 'close', reason: 'it is no longer configured', because: 'operator' };
  if (gone.includes(groupArn))
    return { action: 'keep', reason: 'the configuration names it, and it does not exist: nothing is measured there' };
  if (groups.some(({ group }) => group.arn === groupArn)) return { action: 'close', reason: 'it exists', because: 'recovered' };
  return { action: 'keep', reason: 'could not determine whether it exists' };
}
