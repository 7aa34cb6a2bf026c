/**
 * What to do about every open case, decided over all groups at once: `decide(situation) -> decisions`. Worst first, and a budget is spent
 * as it is granted. A conviction is never enough for a removal; a removal that is not allowed is a decision too, with its reasons.
 */
import {
  cleanSpell,
  currentEjection,
  isGivenUp,
  isOut,
  isRegistered,
  isTargetCase,
  lbTargetOf,
  openIntent,
  verdictOf,
  type CleanSpell,
  type TargetCase,
} from '../case';
import { troubleOf } from '../due';
import type { Case, Decision, Ejection, Round, TargetVerdict } from '../model';
import { isUnreadable } from '../unreadable';
import { breakerPlace, wasClosedLately } from './breaker';
import { freshRound, simply } from './decision';
import { decideDropped } from './dropped';
import { decideGivenUp } from './given-up';
import { decideGone, decideMissing } from './gone';
import { isInForce } from './hold';
import { evaluateGuardrails, lastMoved, passedHourlyLimit } from './guardrails';
import { openLedger, type Ledger } from './ledger';
import { MANY_EJECTIONS, pastOf } from './past';
import { renewOrKeep } from './renewal';
import { LEASE_SLACK_MS, OVERDUE_MS, announcedRestore, lateRemoval, settledAt, wasPutBack } from './settling';
import { isLasting, shortfallOf, type Absent } from './shortfall';
import type { GroupSituation, Situation } from './situation';
import { isOnStandby, seemsGone } from './standby';
import { isStopped, waitForIt } from './stopped';

/** One decision for each open case, in the order in which the budgets were spent. */
export function decide(situation: Situation): Decision[] {
  const ledger = openLedger(situation);
  const groups = new Map(situation.groups.map((group) => [group.group.arn, group]));
  return [...situation.openCases]
    .sort((a, b) => evidence(b, groups) - evidence(a, groups) || a.id.localeCompare(b.id))
    .map((value) => decideCase(situation, groups.get(value.groupArn), value, ledger));
}

function evidence(value: Case, groups: ReadonlyMap<string, GroupSituation>): number {
  if (!isTargetCase(value)) return 0;
  return verdictOf(groups.get(value.groupArn)?.rounds[0], value.target)?.evidenceNats ?? 0;
}

function decideCase(situation: Situation, group: GroupSituation | undefined, value: Case, ledger: Ledger): Decision {
  if (value.about === 'breaker') return simply(situation, value, 'keep', 'the breaker is open until a person closes it');
  if (isUnreadable(value)) return simply(situation, value, 'keep', 'its record is of a later version: it is left as it is');
  if (value.about === 'hold') return decideHold(situation, value);
  if (value.about === 'missing') return told(situation, value, decideMissing(situation, value));
  if (isTargetCase(value) && isGivenUp(value)) return told(situation, value, decideGivenUp(situation, group, value));
  if (group === undefined) return decideUnseen(situation, value);
  if (!isTargetCase(value)) return decideGroupCase(situation, group, value);
  const intent = openIntent(value);
  if (intent !== undefined) return decideIntent(situation, group, value, intent);
  if (value.state === 'out') return decideOut(situation, group, value, ledger);
  if (lateRemoval(situation.now, group, value) !== undefined && outElsewhere(situation, value) === undefined)
    return simply(situation, value, 'confirm', 'an announced removal was carried out late: the target has left');
  if (isUnseenSince(group, lastMoved(situation, value)))
    return simply(situation, value, 'keep', 'no round has begun since it was last spared or came back');
  if (value.state === 'watching') return decideWatching(situation, group, value, ledger);
  return decideSuspected(situation, group, value, ledger);
}

/** What another file has decided, as a decision on this case. */
function told(
  situation: Situation,
  value: Case,
  { action, reason, ...extra }: Pick<Decision, 'action' | 'reason' | 'because' | 'leaseEndsAt'>,
): Decision {
  return simply(situation, value, action, reason, extra);
}

function spellOf(situation: Situation, group: GroupSituation, value: TargetCase): CleanSpell {
  return freshRound(situation, group) === undefined
    ? { rounds: 0 }
    : cleanSpell(group.rounds, value.target, situation.config.durations.minRoundGapS * 1000);
}

/**
 * Whether the newest round is from before that moment. One run takes one step, and the next step
 * waits for a measurement of what came of it: a repeated wake-up finds nothing to do.
 */
function isUnseenSince(group: GroupSituation, movedAt: number): boolean {
  const round = group.rounds[0];
  return round !== undefined && round.startedAt <= movedAt;
}

function decideHold(situation: Situation, value: Case): Decision {
  if (isInForce(value, situation.now)) return simply(situation, value, 'keep', 'an operator holds it');
  return simply(situation, value, 'close', 'its time is over', { because: 'operator' });
}

// ---------------------------------------------------------------- a group that was not read

/** A group that is configured and could not be read just now, one that was deleted, or one that is no longer configured. */
function decideUnseen(situation: Situation, value: Case): Decision {
  if (situation.unread.includes(value.groupArn)) return simply(situation, value, 'keep', 'its target group could not be read');
  if (situation.gone.includes(value.groupArn)) return told(situation, value, decideGone(value));
  return told(situation, value, decideDropped(situation, value));
}

// ---------------------------------------------------------------- a group that is slow, or that we cannot see

function decideGroupCase(situation: Situation, group: GroupSituation, value: Case): Decision {
  const calm = group.rounds.findIndex((round) => troubleOf(round) !== undefined);
  const calmRounds = calm === -1 ? group.rounds.length : calm;
  if (freshRound(situation, group) === undefined) return simply(situation, value, 'keep', 'no fresh round');
  if (calmRounds >= situation.config.limits.cleanRounds)
    return simply(situation, value, 'close', `${calmRounds} rounds without it`, { because: 'recovered' });
  const blocked = value.about === 'blind' ? 'blind' : 'shared-cause';
  return simply(situation, value, 'keep', `nobody is ejected: ${group.rounds[0]?.says ?? value.about}`, { blocked: [blocked] });
}

// ---------------------------------------------------------------- an intent without an outcome

/**
 * The run that announced a removal died: what the world shows decides, once it can be trusted to show it. The way back stays;
 * registering a registered target changes nothing.
 */
function decideIntent(situation: Situation, group: GroupSituation, value: TargetCase, intent: Ejection): Decision {
  if (group.lbView.length === 0) return simply(situation, value, 'keep', 'the load balancer shows no targets at all: nothing is concluded');
  const entry = lbTargetOf(group.lbView, value.target);
  if (isOnStandby({ group, value }, intent)) return simply(situation, value, 'confirm', 'an announced removal happened: it is on standby');
  if (isRegistered(entry)) return decideRegisteredIntent(situation, group, value, intent);
  return simply(situation, value, 'confirm', `an announced removal happened: the target is ${entry?.state ?? 'not registered'}`);
}

/** Registered after an announced removal: it never left, it does not show yet, or its way back has brought it back already. */
function decideRegisteredIntent(situation: Situation, group: GroupSituation, value: TargetCase, intent: Ejection): Decision {
  if (situation.now < settledAt(intent))
    return simply(situation, value, 'keep', 'a removal was announced just now: target health may not show it yet');
  if (wasPutBack(situation.now, group, value, intent)) return contested(situation, value);
  if (situation.now >= intent.leaseEndsAt - LEASE_SLACK_MS)
    return simply(situation, value, 'watch', 'a removal was announced and its lease has ended: if it was out, the way back registered it');
  const { state } = lbTargetOf(group.lbView, value.target) ?? {};
  return simply(situation, value, 'abandon', `an announced removal did not happen: the target is ${state}`);
}

function contested(situation: Situation, value: Case, yet = ''): Decision {
  return simply(situation, value, 'close', `somebody else registered it again: left alone${yet}`, {
    because: 'operator',
    blocked: ['contested'],
  });
}

// ---------------------------------------------------------------- suspected

function decideSuspected(situation: Situation, group: GroupSituation, value: TargetCase, ledger: Ledger): Decision {
  const round = freshRound(situation, group);
  const verdict = verdictOf(round, value.target);
  if (round !== undefined && verdict?.verdict === 'convicted') return ejectOrKeep(situation, group, value, round, verdict, ledger);
  const spell = spellOf(situation, group, value);
  if (spell.rounds >= situation.config.limits.cleanRounds)
    return simply(situation, value, 'close', `${spell.rounds} clean rounds`, { because: 'not-acted' });
  const state = lbTargetOf(group.lbView, value.target)?.state ?? 'not registered';
  if (round !== undefined && verdict === undefined && group.lbView.length > 0 && (state === 'not registered' || state === 'unused'))
    return goneCase(situation, value, state);
  return simply(situation, value, 'keep', round === undefined ? 'no fresh round' : 'no longer convicted, not yet clean');
}

/** Standby takes a target out of every attached group: there it is gone by us, on behalf of another case. */
function goneCase(situation: Situation, value: TargetCase, state: string): Decision {
  const other = outElsewhere(situation, value);
  if (other !== undefined)
    return simply(situation, value, 'close', `the target is out on behalf of case ${other.id}`, { because: 'not-acted' });
  return simply(situation, value, 'close', `the target is ${state}, and not by us`, { because: 'vanished' });
}

function outElsewhere(situation: Situation, value: TargetCase): Case | undefined {
  return situation.openCases.find((open) => open !== value && isOut(open) && open.target?.id === value.target.id);
}

function ejectOrKeep(
  situation: Situation,
  group: GroupSituation,
  value: TargetCase,
  round: Round,
  verdict: TargetVerdict,
  ledger: Ledger,
): Decision {
  const candidate = { situation, group, value, round, verdict, ledger };
  const guardrails = evaluateGuardrails(candidate);
  const nth = pastOf(situation, value).ejections + 1;
  const flapping = nth >= MANY_EJECTIONS;
  const summary = flapping ? `ejection ${nth} within six hours: ${verdict.says}` : verdict.says;
  const blocked = [...new Set(guardrails.filter((check) => !check.passed).map((check) => check.guardrail))];
  if (blocked.length > 0) {
    const scope = passedHourlyLimit(candidate);
    const opens = scope !== undefined && !wasClosedLately(situation.closedCases, breakerPlace(scope, value.groupArn), situation.now);
    const extra = { blocked, guardrails, ...(opens ? { opensBreaker: scope } : {}) };
    return simply(situation, value, flapping ? 'page' : 'keep', `would have been ejected: ${summary}`, extra);
  }
  ledger.grant(value.groupArn);
  const leaseEndsAt = situation.now + nextLeaseS(situation, value) * 1000;
  return simply(situation, value, flapping ? 'hold' : 'eject', summary, { guardrails, leaseEndsAt });
}

/** The first lease is `leaseS`; each ejection of the target within six hours doubles it, up to `leaseCapS`. */
export function nextLeaseS(situation: Situation, value: TargetCase): number {
  const { leaseS, leaseCapS } = situation.config.durations;
  return Math.min(leaseCapS, leaseS * 2 ** pastOf(situation, value).ejections);
}

// ---------------------------------------------------------------- out

function decideOut(situation: Situation, group: GroupSituation, value: TargetCase, ledger: Ledger): Decision {
  const ejection = currentEjection(value);
  if (ejection === undefined) return simply(situation, value, 'keep', 'out without an ejection on record: left alone');
  const entry = lbTargetOf(group.lbView, value.target);
  const onStandby = isOnStandby({ group, value }, ejection);
  if (isRegistered(entry) && !onStandby) return decideReturned(situation, group, value, ejection);
  if (isRegistered(entry) && wasPutBack(situation.now, group, value, ejection)) return contested(situation, value, ', still on standby');
  if (isStopped(situation, value)) return told(situation, value, waitForIt(situation, value));
  if (seemsGone({ group, value }, ejection)) return simply(situation, value, 'restore', 'its Auto Scaling group seems to have given it up');
  if (ejection.restoreIntentAt !== undefined) return simply(situation, value, 'restore', announcedRestore(ejection));
  const restore = restoreReason(situation, group, value);
  if (restore !== undefined) return simply(situation, value, 'restore', restore);
  if (situation.now >= Math.max(ejection.leaseEndsAt + OVERDUE_MS, settledAt(ejection)))
    return simply(situation, value, 'restore', 'its lease has ended and the way back has not registered it');
  return decideLease({ situation, group, value, ledger }, ejection);
}

/** It stays out, for this lease or for another one, unless too few others serve. */
function decideLease(absent: Absent, ejection: Ejection): Decision {
  const { situation, value } = absent;
  const shortfall = shortfallOf(absent, ejection);
  if (shortfall === undefined) return renewOrKeep(absent, ejection);
  if (!isLasting(shortfall, absent, ejection)) return { ...renewOrKeep(absent, ejection), short: shortfall.length > 0 };
  const reason = `back before its lease ends: too few others serve (${shortfall.map((check) => `${check.value}; ${check.limit}`).join(', ')})`;
  return simply(situation, value, 'restore', reason, { guardrails: shortfall, short: true });
}

/** Registered although we hold it out: our own restore, the way back, or somebody else. */
function decideReturned(situation: Situation, group: GroupSituation, value: TargetCase, ejection: Ejection): Decision {
  const watch = (reason: string) => simply(situation, value, 'watch', reason);
  if (situation.now < settledAt(ejection)) {
    if (ejection.restoreIntentAt !== undefined) return simply(situation, value, 'restore', announcedRestore(ejection));
    return simply(situation, value, 'keep', 'out since just now: target health may still show what was before');
  }
  if (ejection.restoreIntentAt !== undefined) return watch(restoredNow(group, value, ejection));
  if (wasPutBack(situation.now, group, value, ejection)) return contested(situation, value);
  if (situation.now >= ejection.leaseEndsAt - LEASE_SLACK_MS) return watch('its lease ended and the way back registered it');
  return contested(situation, value);
}

function restoredNow(group: GroupSituation, value: TargetCase, { restoreAskedBy: asker }: Ejection): string {
  return `restored${asker === undefined ? '' : ` for ${asker}`}: the target is ${lbTargetOf(group.lbView, value.target)?.state}`;
}

/** Why the target may come back now; undefined: not yet. Clean probes alone do not prove much where the cause is known and still there. */
function restoreReason(situation: Situation, group: GroupSituation, value: TargetCase): string | undefined {
  const { limits, durations } = situation.config;
  const spell = spellOf(situation, group, value);
  if (spell.rounds < limits.cleanRounds || spell.sinceAt === undefined) return undefined;
  if (situation.now - spell.sinceAt < durations.dwellS * 1000) return undefined;
  if (causeStatusNow(value, spell) === 'present' || !isProvenWell(situation, group, value)) return undefined;
  return `${spell.rounds} clean rounds over ${Math.round((situation.now - spell.sinceAt) / 1000)} s, cause ${causeStatusNow(value, spell)}`;
}

/**
 * Not under suspicion is not well yet: between the two lie rounds that prove nothing. By the judge's own evidence for health there are enough rounds, and enough
 * nats in them; in a noisy fleet that takes more rounds.
 */
function isProvenWell(situation: Situation, group: GroupSituation, value: TargetCase): boolean {
  const verdict = verdictOf(group.rounds[0], value.target);
  if (verdict === undefined || verdict.healthNats < verdict.healthNeededNats) return false;
  return verdict.cleanRounds >= situation.config.limits.cleanRounds;
}

/** The cause's status as of a check made during this clean spell; an older one says nothing about now. */
function causeStatusNow(value: TargetCase, spell: CleanSpell): string {
  const checked = value.causeCheckedAt !== undefined && spell.sinceAt !== undefined && value.causeCheckedAt >= spell.sinceAt;
  return checked ? (value.causeStatus ?? 'unknown') : 'unknown';
}

// ---------------------------------------------------------------- watching

function decideWatching(situation: Situation, group: GroupSituation, value: TargetCase, ledger: Ledger): Decision {
  const round = freshRound(situation, group);
  const verdict = verdictOf(round, value.target);
  if (round !== undefined && verdict?.verdict === 'convicted') return ejectOrKeep(situation, group, value, round, verdict, ledger);
  if (value.watchUntilAt === undefined || situation.now < value.watchUntilAt)
    return simply(situation, value, 'keep', 'watched after its return');
  return simply(situation, value, 'close', 'no relapse in its watch window', { because: 'recovered' });
}
