/**
 * Situations as scenario files describe them, for tests that ask one function or change what no
 * scenario can say.
 */
import { isTargetCase, verdictOf } from '../../../core/case';
import type { Asked, Candidate } from '../../../core/decide/candidate';
import { decide } from '../decisions';
import { openLedger } from '../../../core/decide/ledger';
import type { GroupSituation, Situation } from '../../../core/decide/situation';
import type { Case, Decision, Round, TargetCase } from '../../../core/model';
import { situation } from '../../builders/scenario/situation';

export type Keys = Readonly<Record<string, string>>;
export type Change = (situation: Situation) => Situation;

export function described(keys: Keys = {}, change: Change = (one) => one): Situation {
  return change(situation(new Map(Object.entries(keys))));
}

/** The decision on the first case. */
export function decided(keys: Keys = {}, change?: Change): Decision {
  const here = described(keys, change);
  const decision = decide(here).find((one) => one.caseId === here.openCases[0]?.id);
  if (decision === undefined) throw new Error('the scenario has no case to decide');
  return decision;
}

/** What is decided and why, as `action: reason`. */
export function told(keys: Keys = {}, change?: Change): string {
  const { action, reason } = decided(keys, change);
  return `${action}: ${reason}`;
}

/** The first case, in its group and newest round. */
export function asked(keys: Keys = {}, change?: Change): Asked {
  const here = described(keys, change);
  const [group] = here.groups;
  const [incident] = here.openCases.filter(isTargetCase);
  const [round] = group?.rounds ?? [];
  if (group === undefined || incident === undefined || round === undefined) throw new Error('the scenario has a group, a round and a case');
  return { situation: here, group, incident, round };
}

/** The first case as the candidate of a removal, whatever its verdict is. */
export function candidate(keys: Keys = {}, change?: Change): Candidate {
  const about = asked(keys, change);
  const verdict = verdictOf(about.round, about.incident.target);
  if (verdict === undefined) throw new Error('the scenario has a verdict');
  return { ...about, verdict, ledger: openLedger(about.situation) };
}

export function inGroup(change: (group: GroupSituation) => GroupSituation): Change {
  return (here) => ({ ...here, groups: here.groups.map(change) });
}

/** Newest first. */
export function inRounds(change: (round: Round, index: number) => Round): Change {
  return inGroup((group) => ({ ...group, rounds: group.rounds.map(change) }));
}

/** Changes the first case. */
export function inCase(change: (value: TargetCase) => Case): Change {
  return (here) => ({
    ...here,
    openCases: here.openCases.map((value, index) => (index === 0 && isTargetCase(value) ? change(value) : value)),
  });
}

export function allOf(...changes: readonly Change[]): Change {
  return (here) => changes.reduce((so, change) => change(so), here);
}

/** A record as one that lacks this field. */
export function without<Whole extends object>(whole: Whole, field: keyof Whole & string): Whole {
  return Object.fromEntries(Object.entries(whole).filter(([key]) => key !== field)) as Whole;
}
