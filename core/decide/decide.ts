/**
 * Decides what to do about every open case, over all groups at once: `decide(situation) ->
 * decisions`. The worst case comes first, and each removal is charged to its budgets as it is
 * granted. A conviction alone never suffices for a removal. A removal that is not allowed is a
 * decision too, with its reasons.
 */
import { currentEjection, isTargetCase, openIntent, verdictOf } from '../case';
import { troubleOf } from '../due';
import type { Case, CaseInGroup, GroupCase, HoldCase } from '../model';
import { isReplacing } from '../replacement';
import { isUnreadable } from '../unreadable';
import { decisionOn, freshRound, told, type Decided } from './decision';
import { decideDropped } from './dropped';
import { decideGivenUp } from './given-up';
import { decideGone, decideMissing } from './gone';
import { isInForce } from './hold';
import { decideAnothers } from './holder';
import { openLedger, type Ledger } from './ledger';
import { lastMoved } from './past';
import { decideReplacement } from './replace/next-step';
import { isUnseenSince, lateRemoval } from './settling';
import type { GroupSituation, Situation } from './situation';
import { decideIntent } from './intent';
import { decideSuspected, outElsewhere, decideWatching } from './suspected';
import { decideOut, onceRegistrable } from './out';

/** One decision for each open case, in the order in which the budgets were charged. */
export function decide(situation: Situation): Decided[] {
  const ledger = openLedger(situation);
  const groups = new Map(situation.groups.map((group) => [group.group.arn, group]));
  return [...situation.openCases]
    .sort((a, b) => evidence(b, groups) - evidence(a, groups) || a.id.localeCompare(b.id))
    .map((incident) =>
      decideCase(situation, incident.groupArn === undefined ? undefined : groups.get(incident.groupArn), incident, ledger),
    );
}

function evidence(incident: Case, groups: ReadonlyMap<string, GroupSituation>): number {
  if (!isTargetCase(incident)) return 0;
  return verdictOf(groups.get(incident.groupArn)?.rounds[0], incident.target)?.evidenceNats ?? 0;
}

function decideCase(situation: Situation, group: GroupSituation | undefined, incident: Case, ledger: Ledger): Decided {
  if (incident.about === 'breaker') return decisionOn(situation, incident, 'keep', 'the breaker is open until a person closes it');
  if (isUnreadable(incident))
    return decisionOn(situation, incident, 'keep', 'its record was written by a later version of Sickbay: left unchanged');
  if (incident.about === 'hold') return decideHold(situation, incident);
  if (incident.about === 'missing') return told(situation, incident, decideMissing(situation, incident));
  if (isReplacing(incident)) return decideReplacement(situation, group, incident, ledger);
  const ejection = currentEjection(incident);
  if (isTargetCase(incident) && ejection?.givenUpAt !== undefined)
    return told(situation, incident, decideGivenUp(situation, group, incident, ejection));
  if (group === undefined) return decideUnseen(situation, incident);
  if (!isTargetCase(incident)) return decideGroupCase(situation, group, incident);
  const intent = openIntent(incident);
  if (intent !== undefined) return decideIntent(situation, group, incident, intent);
  const anothers = decideAnothers(situation, group, incident, ejection);
  if (anothers !== undefined) return told(situation, incident, anothers);
  if (incident.state === 'out') return onceRegistrable(situation, group, decideOut(situation, group, incident, ledger));
  const late = lateRemoval(situation.now, group, incident);
  if (late !== undefined && outElsewhere(situation, incident) === undefined)
    return decisionOn(
      situation,
      incident,
      { action: 'confirm', ejection: late },
      'an announced removal was carried out late: the target has left',
    );
  if (isUnseenSince(group, lastMoved(situation, incident)))
    return decisionOn(situation, incident, 'keep', 'no round has begun since its last removal ended or was called off');
  if (incident.state === 'watching') return decideWatching(situation, group, incident, ledger);
  return decideSuspected(situation, group, incident, ledger);
}

function decideHold(situation: Situation, incident: HoldCase): Decided {
  if (isInForce(incident, situation.now)) return decisionOn(situation, incident, 'keep', 'held by an operator');
  return decisionOn(situation, incident, { action: 'close', because: 'operator' }, 'the hold has expired');
}

/**
 * A group that is configured and could not be read just now, one that was deleted, or one that is
 * no longer configured.
 */
function decideUnseen(situation: Situation, incident: CaseInGroup): Decided {
  if (situation.unread.includes(incident.groupArn)) return decisionOn(situation, incident, 'keep', 'its target group could not be read');
  if (situation.gone.includes(incident.groupArn)) return told(situation, incident, decideGone(incident));
  return told(situation, incident, decideDropped(situation, incident));
}

/** A group whose targets are slow together, or that the prober cannot see. */
function decideGroupCase(situation: Situation, group: GroupSituation, incident: GroupCase): Decided {
  const calm = group.rounds.findIndex((round) => troubleOf(round) !== undefined);
  const calmRounds = calm === -1 ? group.rounds.length : calm;
  const round = freshRound(situation, group);
  if (round === undefined) return decisionOn(situation, incident, 'keep', 'no recent round');
  if (calmRounds >= situation.config.limits.cleanRounds)
    return decisionOn(situation, incident, { action: 'close', because: 'recovered' }, `${calmRounds} rounds without it`);
  const blocked = incident.about === 'blind' ? 'blind' : 'shared-cause';
  return decisionOn(situation, incident, 'keep', `no target is removed: ${round.says}`, { blocked: [blocked] });
}
