/** What became of a removal that was announced, by a run that died. */
import { isRegistered, lbTargetOf } from '../case';
import type { Ejection, TargetCase } from '../model';
import { contested, decisionOn, type Decided } from './decision';
import { LEASE_SLACK_MS, settledAt, wasPutBack } from './settling';
import type { GroupSituation, Situation } from './situation';
import { isOnStandby } from './standby';

/**
 * The run that announced a removal died. What the world shows decides, once enough time has passed
 * for it to show the removal. The scheduled restore stays: registering a registered target changes
 * nothing.
 */
export function decideIntent(situation: Situation, group: GroupSituation, incident: TargetCase, intent: Ejection): Decided {
  if (group.lbView.length === 0)
    return decisionOn(situation, incident, 'keep', 'the load balancer lists no targets: no conclusion is drawn');
  const entry = lbTargetOf(group.lbView, incident.target);
  if (isOnStandby({ group, incident }, intent))
    return decisionOn(situation, incident, { action: 'confirm', ejection: intent }, 'an announced removal happened: it is on standby');
  if (isRegistered(entry)) return decideRegisteredIntent(situation, group, incident, intent);
  return decisionOn(
    situation,
    incident,
    { action: 'confirm', ejection: intent },
    `an announced removal happened: the target is ${entry?.state ?? 'not registered'}`,
  );
}

/**
 * Registered after an announced removal: it never left, it does not show yet, or its scheduled
 * restore has brought it back already.
 */
function decideRegisteredIntent(situation: Situation, group: GroupSituation, incident: TargetCase, intent: Ejection): Decided {
  if (situation.now < settledAt(intent))
    return decisionOn(situation, incident, 'keep', 'a removal was announced seconds ago: target health may not show it yet');
  if (wasPutBack(situation.now, group, incident, intent)) return contested(situation, incident);
  if (situation.now >= intent.leaseEndsAt - LEASE_SLACK_MS)
    return decisionOn(
      situation,
      incident,
      { action: 'watch', ejection: intent },
      'a removal was announced and its lease has ended: if it was out, the scheduled restore registered it',
    );
  const { state } = lbTargetOf(group.lbView, incident.target) ?? {};
  return decisionOn(
    situation,
    incident,
    { action: 'abandon', ejection: intent },
    `an announced removal did not happen: the target is ${state}`,
  );
}
