/** Targets that are out: restored, kept out for another lease, or found registered. */
import { currentEjection, isRegistered, lbTargetOf, verdictOf, type CleanSpell } from '../case';
import type { Ejection, TargetCase } from '../model';
import { contested, decisionOn, spellOf, told, withShort, type Decided } from './decision';
import { isRegistrable, registrableAt } from './drain';
import type { Ledger } from './ledger';
import { renewOrKeep } from './renewal';
import { LEASE_SLACK_MS, OVERDUE_MS, announcedRestore, settledAt, wasPutBack } from './settling';
import { isLasting, shortfallOf, type Absent } from './shortfall';
import type { GroupSituation, Situation } from './situation';
import { isOnStandby, seemsGone } from './standby';
import { isStopped, waitForIt } from './stopped';

export function decideOut(situation: Situation, group: GroupSituation, incident: TargetCase, ledger: Ledger): Decided {
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
export function onceRegistrable(situation: Situation, group: GroupSituation, decided: Decided): Decided {
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
