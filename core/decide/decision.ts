/** What every decision has, and the round that it may rest on. */
import type { Action, Case, Decision, DecisionBase, Round, Step } from '../model';
import type { GroupSituation, Situation } from './situation';

/** When to look again at the latest: the next scheduled round does it. */
const NEXT_ROUND_MS = 60_000;

/** Actions that take nothing but a target. */
type Plain = Exclude<Action, 'eject' | 'hold' | 'renew' | 'close'>;

type Extra = Partial<Pick<DecisionBase, 'blocked' | 'guardrails' | 'short'>>;

/** A decision on this case that nothing was blocked for, unless `extra` says so. */
export function decisionOn(situation: Situation, incident: Case, step: Step | Plain, reason: string, extra: Extra = {}): Decision {
  const target = incident.target === undefined ? {} : { target: incident.target };
  const taken: Step = typeof step === 'string' ? { action: step } : step;
  const action = { action: taken.action }; // stands first in a record
  return {
    ...action,
    caseId: incident.id,
    groupArn: incident.groupArn,
    ...target,
    reason,
    blocked: [],
    guardrails: [],
    lookAgainAt: situation.now + NEXT_ROUND_MS,
    ...extra,
    ...taken,
  };
}

/** A decision before it is put on a case. */
export type Verdict = Step & { readonly reason: string };

/** The latest round, if it is fresh enough to rest an action on. */
export function freshRound(situation: Situation, group: GroupSituation): Round | undefined {
  const round = group.rounds[0];
  const ageMs = round === undefined ? Infinity : situation.now - round.endedAt;
  return ageMs < situation.config.durations.staleS * 1000 ? round : undefined;
}
