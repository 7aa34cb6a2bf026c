/** The head of a report: what an alert would say of the case from its beginning to its end. */
import { groupName } from '../../case';
import type { Case, Decision, Round } from '../../model';
import { headOf, type Head } from '../head';
import { NOTHING_TO_DO } from '../now-line';
import type { Deployment } from '../links';
import { headline } from '../subject';
import type { AlertInput } from '../telling';
import { causePhrase } from '../phrases';
import { roundsOf, type ReportInput } from './model';

export interface Summary {
  readonly title: string;
  readonly facts: readonly (readonly [string, string])[];
}

export function summaryOf(input: ReportInput): Summary {
  const { incident } = input;
  const rounds = roundsOf(input);
  const first = firstTold(input, rounds);
  const last = lastTold(input, rounds);
  const told = first ?? last;
  const cause = incident.diagnosis?.findings[0];
  const why = cause === undefined ? '' : `: ${causePhrase(cause)}`;
  const what = told === undefined ? `A case about ${incident.about}` : headline(told);
  const begins = first === undefined ? undefined : headOf(first);
  const ends = last === undefined || last === first ? undefined : headOf(last);
  return {
    title: `${what}${why}`,
    facts: [...(begins === undefined ? [] : factsOf(begins)), ...(ends === undefined ? [] : endOf(ends, begins?.done))],
  };
}

/** What was seen and done when the target was removed, or when that was refused. */
function firstTold({ incident, deployment, now }: ReportInput, rounds: readonly Round[]): AlertInput | undefined {
  const refused = refusedIn(incident);
  const decision = incident.removal ?? refused ?? (incident.state === 'closed' ? undefined : incident.decision);
  if (decision === undefined) return undefined;
  const at = incident.replacement?.intentAt ?? incident.ejections.at(-1)?.intentAt ?? refused?.lookAgainAt ?? incident.updatedAt;
  return inputOf(incident, decision, rounds.findLast(({ endedAt }) => endedAt <= at) ?? rounds[0], { deployment, now });
}

/** Of a case that ended without a removal: its first refusal, as it was told. */
function refusedIn({ state, about, openedAt, refusals = [], decision }: Case): Decision | undefined {
  const [first] = refusals;
  if (state !== 'closed' || decision === undefined || (first === undefined && about !== 'shared')) return undefined;
  const { caseId, groupArn, target } = decision;
  return {
    action: 'keep',
    caseId,
    ...(groupArn === undefined ? {} : { groupArn }),
    ...(target === undefined ? {} : { target }),
    reason: first?.says ?? decision.reason,
    blocked: first?.blocked ?? [],
    guardrails: [],
    lookAgainAt: first?.at ?? openedAt,
  };
}

function lastTold({ incident, deployment, now }: ReportInput, rounds: readonly Round[]): AlertInput | undefined {
  const { decision } = incident;
  return decision === undefined ? undefined : inputOf(incident, decision, rounds.at(-1), { deployment, now });
}

function inputOf(
  incident: Case,
  decision: Decision,
  round: Round | undefined,
  { deployment, now }: { readonly deployment: Deployment | undefined; readonly now: number },
): AlertInput {
  return { now, incident, decision, round, remarks: [], ...(deployment === undefined ? {} : { deployment }) };
}

function factsOf({ users, done, cause }: Head): [string, string][] {
  return [['What users felt', users], ['What was done', done], ...(cause === undefined ? [] : ([['Cause', cause]] as [string, string][]))];
}

/** @param told what was done, where that is said already: nothing has changed since then */
function endOf({ done, back, now }: Head, told: string | undefined): [string, string][] {
  return [
    ...(done === told ? [] : ([['How it stands', done]] as [string, string][])),
    ...(back === undefined ? [] : ([['Comes back', back]] as [string, string][])),
    ...(now === NOTHING_TO_DO ? [] : ([['To do', now]] as [string, string][])),
  ];
}

export function stateText({ state, because, replacement }: Case): string {
  if (state !== 'closed') return { suspected: 'under suspicion', out: 'out of service', watching: 'back, watched' }[state];
  if (because === 'recovered' && replacement?.verifiedAt !== undefined) return 'replaced';
  return because === undefined
    ? 'closed'
    : { recovered: 'recovered', vanished: 'target gone', operator: 'taken over', 'not-acted': 'recovered by itself' }[because];
}

export function groupOf({ incident, rounds }: ReportInput): string {
  return rounds[0]?.group.name ?? groupName(incident.groupArn);
}
