/** The parts that every decision has, and the rounds that it may rest on. */
import { cleanSpell, type CleanSpell } from '../case';
import type { Action, Case, DecisionBase, DecisionTo, Ejection, RemovalAction, Round, Step, TargetCase } from '../model';
import type { GroupSituation, Situation } from './situation';

/** When to decide again at the latest: the next scheduled round does. */
const NEXT_ROUND_MS = 60_000;

/** A step on a removal that is on record, with that removal. A `hold` of one renews it. */
type OnRemoval = Extract<Step, { readonly action: RemovalAction | 'hold' }> & { readonly ejection: Ejection };

/** A step that rests on no earlier removal. A `hold` without one removes. */
type OnCase = Exclude<Step, { readonly action: RemovalAction }> & { readonly ejection?: undefined };

/** A step as decided. What is done about a removal names that removal. */
export type Taken = OnRemoval | OnCase;

/** A decision, the case it is on, and the removal that it is about. */
export type Decided = { readonly incident: Case } & (
  | { readonly decision: DecisionTo<RemovalAction | 'hold'>; readonly ejection: Ejection }
  | { readonly decision: DecisionTo<Exclude<Action, RemovalAction>>; readonly ejection?: undefined }
);

type Extra = Partial<Pick<DecisionBase, 'blocked' | 'guardrails' | 'short'>>;

/** A decision on this case, with nothing blocked unless `extra` says so. */
export function decisionOn(situation: Situation, incident: Case, step: Taken | 'keep', reason: string, extra: Extra = {}): Decided {
  const taken: Taken = step === 'keep' ? { action: step } : step;
  if (taken.ejection === undefined) {
    const { ejection: _none, ...alone } = taken;
    return { incident, decision: { ...first(alone), ...common(situation, incident, reason, extra), ...alone } };
  }
  const { ejection, ...alone } = taken;
  return { incident, ejection, decision: { ...first(alone), ...common(situation, incident, reason, extra), ...alone } };
}

/** The action stands first in a record. */
function first({ action }: Step): { readonly action: Action } {
  return { action };
}

function common(situation: Situation, incident: Case, reason: string, extra: Extra): DecisionBase {
  const { groupArn, target } = incident;
  return {
    caseId: incident.id,
    ...(groupArn === undefined ? {} : { groupArn }),
    ...(target === undefined ? {} : { target }),
    reason,
    blocked: [],
    guardrails: [],
    lookAgainAt: situation.now + NEXT_ROUND_MS,
    ...extra,
  };
}

/** The same, with whether too few others serve. */
export function withShort(decided: Decided, short: boolean): Decided {
  return decided.ejection === undefined
    ? { ...decided, decision: { ...decided.decision, short } }
    : { ...decided, decision: { ...decided.decision, short } };
}

/** A decision before it is put on a case. */
export type Verdict = Taken & { readonly reason: string };

/** A verdict, as a decision on this case. */
export function told(situation: Situation, incident: Case, { reason, ...step }: Verdict): Decided {
  return decisionOn(situation, incident, step, reason);
}

/** Closes the case of a target that somebody else registered while it was out. */
export function contested(situation: Situation, incident: Case, yet = ''): Decided {
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

/** The latest round, if it is fresh enough to rest an action on. */
export function freshRound(situation: Situation, group: GroupSituation): Round | undefined {
  const round = group.rounds[0];
  const ageMs = round === undefined ? Infinity : situation.now - round.endedAt;
  return ageMs < situation.config.durations.staleS * 1000 ? round : undefined;
}

/** For how long the target has been clean; for no round at all where the latest is not fresh. */
export function spellOf(situation: Situation, group: GroupSituation, incident: TargetCase): CleanSpell {
  return freshRound(situation, group) === undefined
    ? { rounds: 0 }
    : cleanSpell(group.rounds, incident.target, situation.config.durations.minRoundGapS * 1000);
}
