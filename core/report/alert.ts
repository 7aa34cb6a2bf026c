/**
 * The alert about a decision: what was seen, why, what was done and what comes next. Everything in
 * it was observed.
 */
import { describeBalancerView } from '../balancer-view';
import { currentEjection, groupName, isGivenUp, isReturnRefused, lbTargetOf, verdictOf } from '../case';
import { isHold } from '../decide/hold';
import {
  isLead,
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
  readonly incident: Case;
  readonly decision: Decision;
  readonly round: Round | undefined;
  /** The target group's, as they were read for the decision. */
  readonly attributes?: Readonly<Record<string, string>>;
  /**
   * What is known beyond the records: a removal that could not be confirmed, a kill switch that
   * could not be read.
   */
  readonly remarks: readonly string[];
}

/** SNS takes subjects of at most 100 printable ASCII characters (Publish, API reference). */
const SUBJECT_MAX = 100;

/**
 * An outbox entry. Its id is the case, the action and the time, so that a repeated delivery can be
 * told from a new alert.
 */
export function alert(input: AlertInput): OutboxEntry {
  const { incident, decision, now } = input;
  return {
    id: `${incident.id}/${decision.action}/${now}`,
    at: now,
    severity: severityOf(incident, decision),
    subject: subjectOf(input)
      .replace(/[^\x20-\x7e]/g, '?')
      .slice(0, SUBJECT_MAX),
    body: bodyOf(input).join('\n'),
  };
}

function subjectOf({ incident, decision, round }: AlertInput): string {
  const group = round?.group.name ?? groupName(incident.groupArn);
  const first = isBrief(decision) || incident.about !== 'target' ? undefined : incident.diagnosis?.findings[0];
  const why = first === undefined || first.cause === 'unknown' || isLead(first) ? '' : `: ${first.cause}`;
  const told = `Sickbay: ${group}: ${headline(incident, decision)}`;
  return told.length + why.length <= SUBJECT_MAX ? `${told}${why}` : told; // half a word says nothing
}

/** Whom it is about and what happened, in a few words. */
export function headline(incident: Case, decision: Decision): string {
  return incident.target === undefined
    ? outcomeText(incident, decision)
    : `${targetKey(incident.target)} ${outcomeText(incident, decision)}`;
}

function outcomeText(incident: Case, decision: Decision): string {
  const closing = decision.action === 'close';
  if (incident.about === 'shared') return closing ? 'shared slowness is over' : 'all slow, shared cause, nobody ejected';
  if (incident.about === 'missing') return closing ? 'is missing no longer' : 'does not exist, nothing is measured';
  if (incident.about === 'breaker')
    return closing ? 'breaker closed, removals are possible again' : 'breaker open, nothing more is removed';
  if (isHold(incident))
    return `${incident.hold.target === undefined ? 'the group' : targetKey(incident.hold.target)} ${closing ? 'is no longer held' : 'is held'}`;
  if (incident.about === 'blind') return closing ? 'sees again' : 'blind, nothing is judged';
  if (decision.action === 'eject') return 'is slow, taken out';
  if (decision.action === 'hold') return 'keeps failing, held out, needs a person';
  if (isReturnRefused(incident, decision)) return 'cannot be restored, needs a person';
  if (decision.action === 'page') return `keeps failing, needs a person, blocked by ${decision.blocked.join(', ') || 'nothing'}`;
  if (decision.action === 'renew') return 'is still slow, stays out';
  if (decision.action === 'keep' && incident.state === 'out')
    return `is still slow, its lease is not renewed, blocked by ${decision.blocked.join(', ')}`;
  if (decision.action === 'keep') return `would have been ejected, blocked by ${decision.blocked.join(', ') || 'nothing'}`;
  if (isGivenUp(incident)) return closing ? 'is given up, left out' : 'is given up';
  if (decision.action === 'wait') return 'cannot be restored while its instance is stopped';
  if (decision.short === true && decision.action === 'restore') return 'is back early, too few others serve';
  if (decision.action === 'restore' || decision.action === 'watch') return 'is back';
  if (closing)
    return decision.blocked.includes('contested') ? 'is contested, left alone' : `case closed: ${incident.because ?? decision.because}`;
  return decision.action;
}

/** Ends and returns: what was found is in the alerts before, and need not be read again. */
function isBrief({ action, blocked }: Decision): boolean {
  return ['restore', 'watch', 'close', 'give-up'].includes(action) && blocked.length === 0;
}

function bodyOf(input: AlertInput): string[] {
  const { incident, decision, round, remarks } = input;
  const brief = isBrief(decision);
  return [
    opening(input),
    ...labelled([
      ...(brief ? causeNow(incident) : causeLines(incident)),
      ...measuredLines(incident, round),
      ...(brief ? [] : balancerLines(incident)),
      ['next', next(input)],
    ]),
    ...(brief ? [] : evidenceLines(incident.diagnosis)),
    ...section('What to do', brief ? [] : advice(incident, round, input.attributes)),
    ...section('What was measured, straight to each target', round === undefined ? [] : roundTable(round)),
    ...(brief ? [] : backgroundLines(incident.diagnosis)),
    ...section(`Decision: ${decision.action}`, [...reasonLine(input), ...blockedLine(decision)]),
    ...section('Guardrails', guardrailLines(decision.guardrails)),
    ...section('Remarks', [...remarks, ...(round?.notes ?? [])]),
    '',
    `case ${incident.id}`,
  ];
}

function opening({ incident, decision, round }: AlertInput): string {
  if (isHold(incident)) return `${groupName(incident.groupArn)}: ${outcomeText(incident, decision)}`;
  const target = incident.target === undefined ? 'the whole group' : named(targetKey(incident.target), incident.address);
  return `${target} of ${round?.group.name ?? groupName(incident.groupArn)}: ${outcomeText(incident, decision)}`;
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
  const cause: [string, string] = ['cause', `${first.cause} (${isLead(first) ? 'a lead, ' : ''}confidence ${first.confidence.toFixed(2)})`];
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

function measuredLines(incident: Case, round: Round | undefined): [string, string][] {
  if (round === undefined) return [];
  const verdict = incident.target === undefined ? undefined : verdictOf(round, incident.target);
  const state = incident.target === undefined ? undefined : lbTargetOf(round.lbView, incident.target)?.state;
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
function reasonLine({ incident, decision, round }: AlertInput): string[] {
  const measured = incident.target === undefined ? undefined : verdictOf(round, incident.target)?.says;
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

function next({ incident, decision }: AlertInput): string {
  const ejection = currentEjection(incident);
  const leaseEnd = ejection === undefined ? '' : utc(ejection.leaseEndsAt);
  if (incident.about === 'breaker')
    return 'Restores go on. Look at what was ejected in the last hour; then: npx sickbay close-breaker --by NAME.';
  if (isHold(incident) && decision.action !== 'close')
    return 'Nothing that is held is taken out; what is out comes back as ever. To end it: npx sickbay release.';
  if (incident.about === 'missing' && decision.action !== 'close')
    return 'All other groups are measured. Take it out of the configuration, or correct its ARN, and deploy.';
  if (isReturnRefused(incident, decision)) return 'It is tried again in each round, until what the decision names is changed.';
  if (decision.action === 'page') return 'A person has to look at it. What is out comes back at the end of its lease.';
  if (decision.action === 'eject' || decision.action === 'hold' || decision.action === 'renew')
    return `It comes back after clean rounds with the cause gone, or at ${leaseEnd} by itself (${ejection?.scheduleName}) unless it is still sick then.`;
  if (decision.action === 'restore' || decision.action === 'watch')
    return 'It is watched; a relapse takes it out again with a longer lease.';
  if (isGivenUp(incident)) return givenUpText(ejection);
  if (decision.action === 'wait')
    return `Start it: it is restored within a minute or two, or at ${leaseEnd} at the latest. Its scheduled restore (${ejection?.scheduleName}) is kept as long as it is stopped.`;
  if (decision.action === 'keep' && incident.state === 'out')
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
