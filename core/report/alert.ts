/** The alert about a decision: what was seen, why, what was done and what comes next. Everything in it was observed. */
import { currentEjection } from '../case';
import {
  targetKey,
  type Case,
  type Decision,
  type Diagnosis,
  type Finding,
  type GuardrailCheck,
  type OutboxEntry,
  type Round,
} from '../model';
import { clientLine, roundTable } from './round';
import { severityOf } from './severity';
import { named, section, table } from './text';

export interface AlertInput {
  readonly now: number;
  readonly value: Case;
  readonly decision: Decision;
  readonly round: Round | undefined;
  /** What is known beyond the records: a removal that could not be confirmed, a kill switch that could not be read. */
  readonly remarks: readonly string[];
}

/** SNS takes subjects of at most 100 printable ASCII characters (Publish, API reference). */
const SUBJECT_MAX = 100;

/** An outbox entry. Its id is the case, the action and the time, so that a repeated delivery can be told from a new alert. */
export function alert(input: AlertInput): OutboxEntry {
  const { value, decision, now } = input;
  return {
    id: `${value.id}/${decision.action}/${now}`,
    at: now,
    severity: severityOf(value, decision),
    subject: subjectOf(input)
      .replace(/[^\x20-\x7e]/g, '?')
      .slice(0, SUBJECT_MAX),
    body: bodyOf(input).join('\n'),
  };
}

function subjectOf({ value, decision, round }: AlertInput): string {
  const group = round?.group.name ?? groupName(value.groupArn);
  return `Sickbay: ${group}: ${headline(value, decision)}`;
}

/** Whom it is about and what happened, in a few words. */
export function headline(value: Case, decision: Decision): string {
  return value.target === undefined ? deed(value, decision) : `${targetKey(value.target)} ${deed(value, decision)}`;
}

/** The name in a target group's ARN; `*` is where a breaker of the whole stack stands. */
function groupName(groupArn: string): string {
  return groupArn === '*' ? 'the whole stack' : (groupArn.split('/')[1] ?? groupArn);
}

function deed(value: Case, decision: Decision): string {
  const closing = decision.action === 'close';
  if (value.about === 'shared') return closing ? 'shared slowness is over' : 'all slow, shared cause, nobody ejected';
  if (value.about === 'breaker') return closing ? 'breaker closed, removals are possible again' : 'breaker open, nothing more is removed';
  if (value.about === 'blind') return closing ? 'sees again' : 'blind, nothing is judged';
  if (decision.action === 'eject') return 'is slow, taken out';
  if (decision.action === 'hold') return 'keeps failing, held out, needs a person';
  if (decision.action === 'page') return `keeps failing, needs a person, blocked by ${decision.blocked.join(', ') || 'nothing'}`;
  if (decision.action === 'keep') return `would have been ejected, blocked by ${decision.blocked.join(', ') || 'nothing'}`;
  if (decision.action === 'restore' || decision.action === 'watch') return 'is back';
  if (closing)
    return decision.blocked.includes('contested') ? 'is contested, left alone' : `case closed: ${value.because ?? decision.because}`;
  return decision.action;
}

function bodyOf(input: AlertInput): string[] {
  const { value, decision, round, remarks } = input;
  return [
    opening(input),
    ...section('What clients of the load balancer see', clientLines(round)),
    ...section('What was measured, straight to each target', round === undefined ? [] : roundTable(round)),
    ...diagnosisLines(value.diagnosis),
    ...section(`Decision: ${decision.action}`, [decision.reason, ...blockedLine(decision)]),
    ...section('Guardrails', guardrailLines(decision.guardrails)),
    ...section('Remarks', [...remarks, ...(round?.notes ?? [])]),
    ...section('What happens next', [next(input)]),
    '',
    `case ${value.id}`,
  ];
}

function opening({ value, decision, round }: AlertInput): string {
  const target = value.target === undefined ? 'the whole group' : named(targetKey(value.target), value.address);
  return `${target} of ${round?.group.name ?? groupName(value.groupArn)}: ${deed(value, decision)}`;
}

function clientLines(round: Round | undefined): string[] {
  return round?.clientView === undefined ? [] : [clientLine(round, round.clientView)];
}

function diagnosisLines(diagnosis: Diagnosis | undefined): string[] {
  if (diagnosis === undefined) return section('Why', ['not inspected']);
  return [
    ...section(
      'Why',
      diagnosis.findings.flatMap((finding, index) => findingLines(finding, index)),
    ),
    ...section('Other differences from its peers', diagnosis.differences),
    ...section(
      'Could not be inspected',
      diagnosis.notInspectable.map(({ host, why }) => `${host}: ${why}`),
    ),
    ...section('Noticed', diagnosis.notes),
  ];
}

function findingLines(finding: Finding, index: number): string[] {
  const { culprit } = finding;
  const who =
    culprit === undefined
      ? []
      : [
          `   culprit: pid ${culprit.pid} ${culprit.command} (${culprit.user}${culprit.parent === undefined ? '' : `, parent ${culprit.parent}`})`,
        ];
  const cron = culprit?.cron === undefined ? [] : [`   cron: ${culprit.cron}`];
  return [
    `${index + 1}. ${finding.cause} (confidence ${finding.confidence.toFixed(2)})`,
    ...who,
    ...cron,
    ...finding.evidence.map((line) => `   + ${line}`),
    ...finding.against.map((line) => `   - ${line}`),
  ];
}

function blockedLine(decision: Decision): string[] {
  return decision.blocked.length === 0 ? [] : [`blocked by ${decision.blocked.join(', ')}`];
}

/** Each guardrail with its value and limit; the ones that said no come first. */
export function guardrailLines(guardrails: readonly GuardrailCheck[]): string[] {
  if (guardrails.length === 0) return [];
  const ordered = [...guardrails].sort((a, b) => Number(a.passed) - Number(b.passed));
  return table([
    ['', 'guardrail', 'value', 'limit'],
    ...ordered.map((check) => [check.passed ? 'ok' : 'NO', check.guardrail, check.value, check.limit]),
  ]);
}

function next({ value, decision }: AlertInput): string {
  const ejection = currentEjection(value);
  const leaseEnd =
    ejection === undefined
      ? ''
      : new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium', timeZone: 'UTC' }).format(ejection.leaseEndsAt);
  if (value.about === 'breaker')
    return 'Restores go on. Look at what was ejected in the last hour; then invoke the responder with {"wokenBy":"operator","wish":{"kind":"close-breaker","by":"your name"}}.';
  if (decision.action === 'page') return 'A person has to look at it. What is out comes back at the end of its lease.';
  if (decision.action === 'eject' || decision.action === 'hold')
    return `It comes back after clean rounds with the cause gone, or at ${leaseEnd} UTC by itself (${ejection?.scheduleName}) unless it is still sick then.`;
  if (decision.action === 'restore' || decision.action === 'watch')
    return 'It is watched; a relapse takes it out again with a longer lease.';
  if (decision.action === 'keep')
    return 'Nothing was changed. It is looked at again in each round, and told again when the reasons change.';
  return 'Nothing more: the case is closed.';
}
