/**
 * Decides what to do about every open case, over all groups at once: `decide(situation) ->
 * decisions`. The worst case comes first, and each removal is charged to its budgets as it is
 * granted. A conviction alone never suffices for a removal. A removal that is not allowed is a
 * decision too, with its reasons.
 */
import {
  cleanSpell,
  currentEjection,
  isOut,
  isRegistered,
  isTargetCase,
  lbTargetOf,
  openIntent,
  verdictOf,
  type CleanSpell,
} from '../case';
import { troubleOf } from '../due';
import type { Case, CaseInGroup, Ejection, GuardrailCheck, Round, TargetVerdict, TargetCase, GroupCase, HoldCase } from '../model';
import { isReplacing } from '../replacement';
import { isUnreadable } from '../unreadable';
import { breakerGroup, hourlyLimitAlone, wasClosedLately } from './breaker';
import { decisionOn, freshRound, withShort, type Decided, type Verdict } from './decision';
import { decideDropped } from './dropped';
import { decideGivenUp } from './given-up';
import { decideGone, decideMissing } from './gone';
import { isRegistrable, registrableAt, shortestLeaseS } from './drain';
import { isInForce } from './hold';
import { decideAnothers } from './holder';
import { evaluateGuardrails } from './guardrails';
import { openLedger, type Ledger } from './ledger';
import { isSameHost, MANY_EJECTIONS, pastOf, lastMoved } from './past';
import { renewOrKeep } from './renewal';
import { decideReplacement, drainMsOf, scheduledStopAt } from './replace/next-step';
import { LEASE_SLACK_MS, OVERDUE_MS, announcedRestore, isUnseenSince, lateRemoval, settledAt, wasPutBack } from './settling';
import { isLasting, shortfallOf, type Absent } from './shortfall';
import type { GroupSituation, Situation } from './situation';
import { isOnStandby, seemsGone } from './standby';
import { isStopped, waitForIt } from './stopped';

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

/** A verdict of another file, as a decision on this case. */
function told(situation: Situation, incident: Case, { reason, ...step }: Verdict): Decided {
  return decisionOn(situation, incident, step, reason);
}

function spellOf(situation: Situation, group: GroupSituation, incident: TargetCase): CleanSpell {
  return freshRound(situation, group) === undefined
    ? { rounds: 0 }
    : cleanSpell(group.rounds, incident.target, situation.config.durations.minRoundGapS * 1000);
}

function decideHold(situation: Situation, incident: HoldCase): Decided {
  if (isInForce(incident, situation.now)) return decisionOn(situation, incident, 'keep', 'held by an operator');
  return decisionOn(situation, incident, { action: 'close', because: 'operator' }, 'the hold has expired');
}

// ---------------------------------------------------------------- a group that was not read

/**
 * A group that is configured and could not be read just now, one that was deleted, or one that is
 * no longer configured.
 */
function decideUnseen(situation: Situation, incident: CaseInGroup): Decided {
  if (situation.unread.includes(incident.groupArn)) return decisionOn(situation, incident, 'keep', 'its target group could not be read');
  if (situation.gone.includes(incident.groupArn)) return told(situation, incident, decideGone(incident));
  return told(situation, incident, decideDropped(situation, incident));
}

// ---------------------------------------------------------------- a group that is slow, or that we
// cannot see

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

// ---------------------------------------------------------------- an intent without an outcome

/**
 * The run that announced a removal died. What the world shows decides, once enough time has passed
 * for it to show the removal. The scheduled restore stays: registering a registered target changes
 * nothing.
 */
function decideIntent(situation: Situation, group: GroupSituation, incident: TargetCase, intent: Ejection): Decided {
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

function contested(situation: Situation, incident: Case, yet = ''): Decided {
  return decisionOn(
    situation,
    incident,
    { action: 'close', because: 'operator' },
    `re-registered by someone else; Sickbay leaves it alone${yet}`,
    {
      blocked: ['contested'],
    },
  );
}

// ---------------------------------------------------------------- suspected

function decideSuspected(situation: Situation, group: GroupSituation, incident: TargetCase, ledger: Ledger): Decided {
  const round = freshRound(situation, group);
  const verdict = verdictOf(round, incident.target);
  if (round !== undefined && verdict?.verdict === 'convicted') return ejectOrKeep(situation, group, incident, round, verdict, ledger);
  const spell = spellOf(situation, group, incident);
  if (spell.rounds >= situation.config.limits.cleanRounds)
    return decisionOn(situation, incident, { action: 'close', because: 'not-acted' }, `${spell.rounds} clean rounds`);
  const state = lbTargetOf(group.lbView, incident.target)?.state ?? 'not registered';
  if (round !== undefined && verdict === undefined && group.lbView.length > 0 && (state === 'not registered' || state === 'unused'))
    return goneCase(situation, incident, state);
  return decisionOn(
    situation,
    incident,
    'keep',
    round === undefined ? 'no recent round' : 'not slow enough to act on, not yet clean for long enough',
  );
}

/**
 * Standby removes a target from every attached group: there Sickbay removed it for another case.
 */
function goneCase(situation: Situation, incident: TargetCase, state: string): Decided {
  const other = outElsewhere(situation, incident);
  if (other !== undefined)
    return decisionOn(situation, incident, { action: 'close', because: 'not-acted' }, `the target is out on behalf of case ${other.id}`);
  return decisionOn(situation, incident, { action: 'close', because: 'vanished' }, `the target is ${state}; Sickbay did not remove it`);
}

function outElsewhere(situation: Situation, incident: TargetCase): Case | undefined {
  return situation.openCases.find((open) => open !== incident && isOut(open) && isSameHost(open, incident));
}

function ejectOrKeep(
  situation: Situation,
  group: GroupSituation,
  incident: TargetCase,
  round: Round,
  verdict: TargetVerdict,
  ledger: Ledger,
): Decided {
  const candidate = { situation, group, incident, round, verdict, ledger };
  const guardrails = evaluateGuardrails(candidate);
  const nth = pastOf(situation, incident).ejections + 1;
  const flapping = nth >= MANY_EJECTIONS;
  const summary = flapping ? `removal ${nth} within six hours: ${verdict.says}` : verdict.says;
  const blocked = [...new Set(guardrails.filter((check) => !check.passed).map((check) => check.guardrail))];
  if (blocked.length > 0) {
    const scope = hourlyLimitAlone(guardrails);
    const opens = scope !== undefined && !wasClosedLately(situation.closedCases, breakerGroup(scope, incident.groupArn), situation.now);
    const refusal = { action: flapping ? 'page' : 'keep', ...(opens ? { opensBreaker: scope } : {}) } as const;
    return decisionOn(situation, incident, refusal, `would have been removed: ${summary}`, { blocked, guardrails });
  }
  if (group.config.owner === 'ecs') return beginReplacement(situation, group, incident, summary, guardrails, ledger);
  ledger.grant(incident.groupArn);
  const lease = { leaseEndsAt: situation.now + nextLeaseS(situation, incident) * 1000 };
  return decisionOn(situation, incident, flapping ? { action: 'hold', ...lease } : { action: 'eject', ...lease }, summary, { guardrails });
}

/** Its task is stopped once it has drained, and its service starts another one. */
function beginReplacement(
  situation: Situation,
  { group, service }: GroupSituation,
  incident: TargetCase,
  summary: string,
  guardrails: readonly GuardrailCheck[],
  ledger: Ledger,
): Decided {
  ledger.grant(incident.groupArn, service === undefined || 'why' in service ? undefined : service.service.arn);
  const stopsAt = scheduledStopAt(situation.now, drainMsOf(group.attributes));
  return decisionOn(situation, incident, { action: 'replace', step: 'begin', stopsAt }, summary, { guardrails });
}

/**
 * The first lease is `leaseS`; each ejection of the target within six hours doubles it, up to
 * `leaseCapS`. Of an address it ends after it can be registered again.
 */
export function nextLeaseS(situation: Situation, incident: TargetCase): number {
  const { leaseS, leaseCapS } = situation.config.durations;
  const group = situation.groups.find((one) => one.group.arn === incident.groupArn);
  const leastS = group === undefined ? 0 : shortestLeaseS(group.group, incident.target);
  return Math.min(leaseCapS, Math.max(leastS, leaseS * 2 ** pastOf(situation, incident).ejections));
}

// ---------------------------------------------------------------- out

function decideOut(situation: Situation, group: GroupSituation, incident: TargetCase, ledger: Ledger): Decided {
  const ejection = currentEjection(incident);
  if (ejection === undefined) return decisionOn(situation, incident, 'keep', 'out, with no removal on record: left alone');
  const entry = lbTargetOf(group.lbView, incident.target);
  const onStandby = isOnStandby({ group, incident }, ejection);
  if (isRegistered(entry) && !onStandby) return decideReturned(situation, group, incident, ejection);
  if (isRegistered(entry) && wasPutBack(situation.now, group, incident, ejection))
    return contested(situation, incident, ', still on standby');
  if (isStopped(situation, incident)) return told(situation, incident, waitForIt(situation, incident, ejection));
  const settled = situation.now >= settledAt(ejection);
  if (settled && seemsGone({ group, incident }, ejection))
    return decisionOn(situation, incident, { action: 'restore', ejection }, 'its Auto Scaling group seems to have given it up');
  if (ejection.restoreIntentAt !== undefined)
    return decisionOn(situation, incident, { action: 'restore', ejection }, announcedRestore(ejection));
  const restore = settled ? restoreReason(situation, group, incident) : undefined;
  if (restore !== undefined) return decisionOn(situation, incident, { action: 'restore', ejection }, restore);
  if (settled && situation.now >= ejection.leaseEndsAt + OVERDUE_MS)
    return decisionOn(
      situation,
      incident,
      { action: 'restore', ejection },
      'its lease has ended and the scheduled restore has not registered it',
    );
  return decideLease({ situation, group, incident, ledger }, ejection);
}

/**
 * A restore before ELB takes the address again would only be refused: it is asked for in each round
 * until then. Whoever registers it cannot be quicker.
 */
function onceRegistrable(situation: Situation, group: GroupSituation, decided: Decided): Decided {
  const { incident, decision, ejection } = decided;
  if (decision.action !== 'restore' || ejection === undefined || isRegistrable(situation.now, group, ejection)) return decided;
  const inS = Math.max(0, Math.ceil((registrableAt(ejection) - situation.now) / 1000));
  const reason = `${decision.reason}; its address cannot be registered again before its deregistration delay is over (${inS} s left)`;
  const { guardrails, short } = decision;
  return decisionOn(situation, incident, 'keep', reason, { guardrails, ...(short === undefined ? {} : { short }) });
}

/** The target stays out for this lease, or for another one, unless too few others serve. */
function decideLease(absent: Absent, ejection: Ejection): Decided {
  const { situation, incident } = absent;
  const shortfall = shortfallOf(absent, ejection);
  if (shortfall === undefined) return renewOrKeep(absent, ejection);
  if (!isLasting(shortfall, absent, ejection)) return withShort(renewOrKeep(absent, ejection), shortfall.length > 0);
  const reason = `back before its lease ends: too few others serve (${shortfall.map((check) => `${check.value}; ${check.limit}`).join(', ')})`;
  return decisionOn(situation, incident, { action: 'restore', ejection }, reason, { guardrails: shortfall, short: true });
}

/** Registered although we hold it out: our own restore, the scheduled restore, or somebody else. */
function decideReturned(situation: Situation, group: GroupSituation, incident: TargetCase, ejection: Ejection): Decided {
  const watch = (reason: string) => decisionOn(situation, incident, { action: 'watch', ejection }, reason);
  if (situation.now < settledAt(ejection)) {
    if (ejection.restoreIntentAt !== undefined)
      return decisionOn(situation, incident, { action: 'restore', ejection }, announcedRestore(ejection));
    return decisionOn(situation, incident, 'keep', 'removed seconds ago: target health may still show the state before');
  }
  if (ejection.restoreIntentAt !== undefined) return watch(restoredNow(group, incident, ejection));
  if (wasPutBack(situation.now, group, incident, ejection)) return contested(situation, incident);
  if (situation.now >= ejection.leaseEndsAt - LEASE_SLACK_MS) return watch('its lease ended and the scheduled restore registered it');
  return contested(situation, incident);
}

function restoredNow(group: GroupSituation, incident: TargetCase, { restoreAskedBy: asker }: Ejection): string {
  return `restored${asker === undefined ? '' : ` for ${asker}`}: the target is ${lbTargetOf(group.lbView, incident.target)?.state}`;
}

/**
 * Why the target may be restored now; undefined: not yet. Clean probes alone prove little where the
 * cause is known and still present.
 */
function restoreReason(situation: Situation, group: GroupSituation, incident: TargetCase): string | undefined {
  const { limits, durations } = situation.config;
  const spell = spellOf(situation, group, incident);
  if (spell.rounds < limits.cleanRounds || spell.sinceAt === undefined) return undefined;
  if (situation.now - spell.sinceAt < durations.dwellS * 1000) return undefined;
  if (causeStatusNow(incident, spell) === 'present' || !isProvenWell(situation, group, incident)) return undefined;
  return `${spell.rounds} clean rounds over ${Math.round((situation.now - spell.sinceAt) / 1000)} s, cause ${causeStatusNow(incident, spell)}`;
}

/**
 * A target that is not under suspicion is not proven healthy: rounds between the two prove nothing.
 * The judge's evidence for health must span enough rounds and hold enough nats, which takes more
 * rounds in a noisy fleet.
 */
function isProvenWell(situation: Situation, group: GroupSituation, incident: TargetCase): boolean {
  const verdict = verdictOf(group.rounds[0], incident.target);
  if (verdict === undefined || verdict.healthNats < verdict.healthNeededNats) return false;
  return verdict.cleanRounds >= situation.config.limits.cleanRounds;
}

/**
 * The cause's status by a check made during this clean spell; an older check says nothing about the
 * present.
 */
function causeStatusNow(incident: TargetCase, spell: CleanSpell): string {
  const checked = incident.causeCheckedAt !== undefined && spell.sinceAt !== undefined && incident.causeCheckedAt >= spell.sinceAt;
  return checked ? (incident.causeStatus ?? 'unknown') : 'unknown';
}

// ---------------------------------------------------------------- watching

function decideWatching(situation: Situation, group: GroupSituation, incident: TargetCase, ledger: Ledger): Decided {
  const round = freshRound(situation, group);
  const verdict = verdictOf(round, incident.target);
  if (round !== undefined && verdict?.verdict === 'convicted') return ejectOrKeep(situation, group, incident, round, verdict, ledger);
  if (incident.watchUntilAt === undefined || situation.now < incident.watchUntilAt)
    return decisionOn(situation, incident, 'keep', 'watched after its return');
  return decisionOn(situation, incident, { action: 'close', because: 'recovered' }, 'no relapse in its watch window');
}
