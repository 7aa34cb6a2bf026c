/** Targets that are registered: under suspicion, or watched after their return. */
import { isOut, lbTargetOf, verdictOf } from '../case';
import type { Case, GuardrailCheck, Round, TargetVerdict, TargetCase } from '../model';
import { breakerGroup, hourlyLimitAlone, wasClosedLately } from './breaker';
import { decisionOn, freshRound, spellOf, type Decided } from './decision';
import { evaluateGuardrails } from './guardrails';
import type { Ledger } from './ledger';
import { isSameHost, MANY_EJECTIONS, pastOf } from './past';
import { drainMsOf, scheduledStopAt } from './replace/next-step';
import type { GroupSituation, Situation } from './situation';
import { nextLeaseS } from './lease';

export function decideSuspected(situation: Situation, group: GroupSituation, incident: TargetCase, ledger: Ledger): Decided {
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

export function outElsewhere(situation: Situation, incident: TargetCase): Case | undefined {
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

export function decideWatching(situation: Situation, group: GroupSituation, incident: TargetCase, ledger: Ledger): Decided {
  const round = freshRound(situation, group);
  const verdict = verdictOf(round, incident.target);
  if (round !== undefined && verdict?.verdict === 'convicted') return ejectOrKeep(situation, group, incident, round, verdict, ledger);
  if (incident.watchUntilAt === undefined || situation.now < incident.watchUntilAt)
    return decisionOn(situation, incident, 'keep', 'watched after its return');
  return decisionOn(situation, incident, { action: 'close', because: 'recovered' }, 'no relapse in its watch window');
}
