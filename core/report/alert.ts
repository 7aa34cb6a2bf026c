/** The alert about a decision: what was seen, why, what was done and what comes next. Everything in it was observed. */
import { describeBalancerView } from '../balancer-view';
import { currentEjection, groupName, isGivenUp, isReturnRefused, lbTargetOf, verdictOf } from '../case';
import { isHold } from '../decide/hold';
import {
  type Ejection,
  targetKey,
  type Case,
  type Culprit,
  type Decision,
  type Diagnosis,
  type Finding,
  type GuardrailCheck,
  type OutboxEntry,
  type Round,
} from '../model';
import { advice } from './advice';
import { clientLine, roundTable } from './round';
import { severityOf } from './severity';
import { named, section, table, utc } from './text';

export interface AlertInput {
  readonly now: number;
  readonly value: Case;
  readonly decision: Decision;
  readonly round: Round | undefined;
  /** The target group's, as they were read for the decision. */
  readonly attributes?: Readonly<Record<string, string>>;
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
  const cause = isBrief(decision) || value.about !== 'target' ? undefined : value.diagnosis?.findings[0]?.cause;
  const why = cause === undefined || cause === 'unknown' ? '' : `: ${cause}`;
  const told = `Sickbay: ${group}: ${headline(value, decision)}`;
  return told.length + why.length <= SUBJECT_MAX ? `${told}${why}` : told; // half a word says nothing
}

/** Whom it is about and what happened, in a few words. */
export function headline(value: Case, decision: Decision): string {
  return value.target === undefined ? deed(value, decision) : `${targetKey(value.target)} ${deed(value, decision)}`;
}

function deed(value: Case, decision: Decision): string {
  const closing = decision.action === 'close';
  if (value.about === 'shared') return closing ? 'shared slowness is over' : 'all slow, shared cause, nobody ejected';
  if (value.about === 'missing') return closing ? 'is missing no longer' : 'does not exist, nothing is measured';
  if (value.about === 'breaker') return closing ? 'breaker closed, removals are possible again' : 'breaker open, nothing more is removed';
  if (isHold(value))
    return `${value.hold.target === undefined ? 'the group' : targetKey(value.hold.target)} ${closing ? 'is no longer held' : 'is held'}`;
  if (value.about === 'blind') return closing ? 'sees again' : 'blind, nothing is judged';
  if (decision.action === 'eject') return 'is slow, taken out';
  if (decision.action === 'hold') return 'keeps failing, held out, needs a person';
  if (isReturnRefused(value, decision)) return 'cannot be restored, needs a person';
  if (decision.action === 'page') return `keeps failing, needs a person, blocked by ${decision.blocked.join(', ') || 'nothing'}`;
  if (decision.action === 'renew') return 'is still slow, stays out';
  if (decision.action === 'keep' && value.state === 'out')
    return `is still slow, its lease is not renewed, blocked by ${decision.blocked.join(', ')}`;
  if (decision.action === 'keep') return `would have been ejected, blocked by ${decision.blocked.join(', ') || 'nothing'}`;
  if (isGivenUp(value)) return closing ? 'is given up, left out' : 'is given up';
  if (decision.action === 'wait') return 'cannot be restored while its instance is stopped';
  if (decision.short === true && decision.action === 'restore') return 'is back early, too few others serve';
  if (decision.action === 'restore' || decision.action === 'watch') return 'is back';
  if (closing)
    return decision.blocked.includes('contested') ? 'is contested, left alone' : `case closed: ${value.because ?? decision.because}`;
  return decision.action;
}

/** Ends and returns: what was found is in the alerts before, and need not be read again. */
function isBrief({ action, blocked }: Decision): boolean {
  return ['restore', 'watch', 'close', 'give-up'].includes(action) && blocked.length === 0;
}

function bodyOf(input: AlertInput): string[] {
  const { value, decision, round, remarks } = input;
  const brief = isBrief(decision);
  return [
    opening(input),
    ...labelled([
      ...(brief ? causeNow(value) : causeLines(value)),
      ...measuredLines(value, round),
      ...(brief ? [] : balancerLines(value)),
      ['next', next(input)],
    ]),
    ...(brief ? [] : evidenceLines(value.diagnosis)),
    ...section('What to do', brief ? [] : advice(value, round, input.attributes)),
    ...section('What was measured, straight to each target', round === undefined ? [] : roundTable(round)),
    ...(brief ? [] : backgroundLines(value.diagnosis)),
    ...section(`Decision: ${decision.action}`, [...reasonLine(input), ...blockedLine(decision)]),
    ...section('Guardrails', guardrailLines(decision.guardrails)),
    ...section('Remarks', [...remarks, ...(round?.notes ?? [])]),
    '',
    `case ${value.id}`,
  ];
}

function opening({ value, decision, round }: AlertInput): string {
  if (isHold(value)) return `${groupName(value.groupArn)}: ${deed(value, decision)}`;
  const target = value.target === undefined ? 'the whole group' : named(targetKey(value.target), value.address);
  return `${target} of ${round?.group.name ?? groupName(value.groupArn)}: ${deed(value, decision)}`;
}

/** Name and text in two columns, indented. */
function labelled(rows: readonly (readonly [string, string])[]): string[] {
  return table(rows).map((line) => `  ${line}`);
}

function causeNow({ diagnosis, causeStatus }: Case): [string, string][] {
  const first = diagnosis?.findings[0];
  return first === undefined || first.cause === 'unknown' ? [] : [['cause', `${first.cause}: ${causeStatus ?? 'not looked for again'}`]];
}

function causeLines({ about, diagnosis }: Case): [string, string][] {
  const first = diagnosis?.findings[0];
  if (first === undefined) return about === 'target' || about === 'shared' ? [['cause', 'not inspected']] : [];
  const cause: [string, string] = ['cause', `${first.cause} (confidence ${first.confidence.toFixed(2)})`];
  return [cause, ...culpritLines(first.culprit)];
}

function culpritLines(culprit: Culprit | undefined): [string, string][] {
  if (culprit === undefined) return [];
  const { pid, command, user, startedAt, parent, cron } = culprit;
  const facts = [
    user,
    ...(parent === undefined ? [] : [`parent ${parent}`]),
    ...(startedAt === undefined ? [] : [`since ${utc(startedAt)}`]),
  ];
  const who: [string, string] = ['culprit', `pid ${pid} ${command} (${facts.join(', ')})`];
  return cron === undefined ? [who] : [who, ['cron', cron]];
}

function measuredLines(value: Case, round: Round | undefined): [string, string][] {
  if (round === undefined) return [];
  const verdict = value.target === undefined ? undefined : verdictOf(round, value.target);
  const state = value.target === undefined ? undefined : lbTargetOf(round.lbView, value.target)?.state;
  return [
    ...(verdict === undefined ? [] : [['measured', verdict.says] as [string, string]]),
    ...(state === undefined ? [] : [['balancer', `says ${state}`] as [string, string]]),
    ...(round.clientView === undefined ? [] : [['clients', clientLine(round, round.clientView)] as [string, string]]),
  ];
}

/** With the time: what CloudWatch said is read when a case needs it, and not in every round. */
function balancerLines({ balancer }: Case): [string, string][] {
  return balancer === undefined ? [] : [['CloudWatch', `${describeBalancerView(balancer)} (read ${utc(balancer.readAt)})`]];
}

/** The first finding in full, the others in a line each. */
function evidenceLines(diagnosis: Diagnosis | undefined): string[] {
  const [first, ...others] = diagnosis?.findings ?? [];
  if (first === undefined) return [];
  return [
    ...section('Evidence', [...first.evidence.map((line) => `+ ${line}`), ...first.against.map((line) => `- ${line}`)]),
    ...section('Less likely', others.map(otherLine)),
  ];
}

function otherLine({ cause, confidence, culprit, evidence }: Finding): string {
  const who = culprit === undefined ? '' : `, pid ${culprit.pid} ${culprit.command}`;
  return `${cause} (${confidence.toFixed(2)}${who}): ${evidence.join('; ')}`;
}

function backgroundLines(diagnosis: Diagnosis | undefined): string[] {
  if (diagnosis === undefined) return [];
  const silent = diagnosis.notInspectable.map(({ host, why }) => `${host}: ${why}`);
  return [
    ...section('Other differences from its peers', diagnosis.differences),
    ...section('Could not be inspected', silent),
    ...section('Noticed', diagnosis.notes),
  ];
}

/** The reason, unless it is the measurement that was told at the top. */
function reasonLine({ value, decision, round }: AlertInput): string[] {
  const measured = value.target === undefined ? undefined : verdictOf(round, value.target)?.says;
  return decision.reason === measured ? [] : [decision.reason];
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
  const leaseEnd = ejection === undefined ? '' : utc(ejection.leaseEndsAt);
  if (value.about === 'breaker')
    return 'Restores go on. Look at what was ejected in the last hour; then: npx sickbay close-breaker --by NAME.';
  if (isHold(value) && decision.action !== 'close')
    return 'Nothing that is held is taken out; what is out comes back as ever. To end it: npx sickbay release.';
  if (value.about === 'missing' && decision.action !== 'close')
    return 'All other groups are measured. Take it out of the configuration, or correct its ARN, and deploy.';
  if (isReturnRefused(value, decision)) return 'It is tried again in each round, until what the decision names is changed.';
  if (decision.action === 'page') return 'A person has to look at it. What is out comes back at the end of its lease.';
  if (decision.action === 'eject' || decision.action === 'hold' || decision.action === 'renew')
    return `It comes back after clean rounds with the cause gone, or at ${leaseEnd} by itself (${ejection?.scheduleName}) unless it is still sick then.`;
  if (decision.action === 'restore' || decision.action === 'watch')
    return 'It is watched; a relapse takes it out again with a longer lease.';
  if (isGivenUp(value)) return givenUpText(ejection);
  if (decision.action === 'wait')
    return `Start it: it is restored within a minute or two, or at ${leaseEnd} at the latest. Its scheduled restore (${ejection?.scheduleName}) is kept as long as it is stopped.`;
  if (decision.action === 'keep' && value.state === 'out')
    return `It comes back at ${leaseEnd} by itself (${ejection?.scheduleName}), slow as it is, unless a later round can renew its lease.`;
  if (decision.action === 'keep')
    return 'Nothing was changed. It is looked at again in each round, and told again when the reasons change.';
  return 'Nothing more: the case is closed.';
}

/** What it means that it stays out, and who alone can end it. */
function givenUpText(ejection: Ejection | undefined): string {
  if (ejection?.owner === 'asg')
    return `Sickbay does not restore it. It stays on Standby in ${ejection.autoScalingGroup}: not checked, not replaced, the desired capacity lower by one, until somebody calls aws autoscaling exit-standby or terminates it.`;
  return 'Sickbay does not restore it. To bring it back: aws elbv2 register-targets.';
}
