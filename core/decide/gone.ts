/** Decides cases whose target group does not exist any more. */
import { currentEjection, isOut } from '../case';
import type { Case, CaseInGroup } from '../model';
import type { Verdict } from './decision';
import type { Situation } from './situation';

/**
 * No target can be registered in a group that was deleted: the case is closed and its scheduled
 * restore, which could only fail, cancelled. An instance on standby leaves standby first, because
 * it may serve in other groups of its Auto Scaling group.
 */
export function decideGone(incident: Case): Verdict {
  const ejection = currentEjection(incident);
  if (isOut(incident) && ejection?.owner === 'asg')
    return { action: 'restore', ejection, reason: 'its target group was deleted: its instance leaves standby' };
  const left = isOut(incident) ? ' while it was out: nothing is left to restore it to' : '';
  return { action: 'close', reason: `its target group was deleted${left}`, because: 'vanished' };
}

/**
 * The case about the missing group itself stays open, with one alert, until the group or the
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
