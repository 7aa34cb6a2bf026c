/** Cases as an operator reads them: one line each, and one of them step by step. */
import { describeBalancerView } from '../balancer-view';
import { groupName } from '../case';
import { FIRST_EVENTS } from '../case-size';
import { isHold } from '../decide/hold';
import { isTarget } from '../decide/request';
import { isLead, targetKey, type Case, type CaseEvent } from '../model';
import { guardrailLines } from './guardrails';
import { findingLines } from './findings';
import { named, section, table, utc } from './text';

/** One line a case, in the order given. */
export function caseTable(cases: readonly Case[]): string[] {
  if (cases.length === 0) return ['no cases'];
  return table([
    ['case', 'about', 'state', 'cause', 'opened', 'decision'],
    ...cases.map((incident) => [
      incident.id,
      subjectOf(incident),
      stateOf(incident),
      causeOf(incident),
      utc(incident.openedAt),
      decisionOf(incident),
    ]),
  ]);
}

function subjectOf(incident: Case): string {
  const target = isHold(incident) ? incident.hold.target : incident.target;
  const what = incident.about === 'target' ? '' : `${incident.about}: `;
  return `${what}${target === undefined ? '' : `${targetKey(target)} of `}${groupName(incident.groupArn)}`;
}

function stateOf({ state, because }: Case): string {
  return because === undefined ? state : `${state}: ${because}`;
}

function causeOf({ diagnosis }: Case): string {
  const first = diagnosis?.findings[0];
  return first === undefined ? '' : `${first.cause}${isLead(first) ? ' (a lead)' : ''}`;
}

function decisionOf({ decision }: Case): string {
  if (decision === undefined) return '';
  return decision.blocked.length === 0 ? decision.action : `${decision.action}, blocked by ${decision.blocked.join(', ')}`;
}

/** Whether somebody who writes `name` means this case: by its id, or by its target. */
export function isMeant(incident: Case, name: string): boolean {
  const target = isHold(incident) ? incident.hold.target : incident.target;
  return incident.id === name || (target !== undefined && isTarget(target, name));
}

/**
 * The whole record of one case: its timeline, what was found, and each guardrail of the last
 * decision with its value and limit.
 */
export function explanation(incident: Case): string[] {
  const { decision, diagnosis } = incident;
  return [
    `case ${incident.id}: ${subjectOf(incident)}, ${stateOf(incident)}`,
    ...(incident.target === undefined ? [] : [`target ${named(targetKey(incident.target), incident.address)}`]),
    ...section('What happened', eventLines(incident)),
    ...section('Why it was suspected', incident.conviction === undefined ? [] : [incident.conviction.says]),
    ...section('What CloudWatch said of the load balancer', balancerLines(incident)),
    ...section('Found on the host', (diagnosis?.findings ?? []).flatMap(findingLines)),
    ...section('Other differences from its peers', diagnosis?.differences ?? []),
    ...section('What clients saw when its removal was refused', refusalLines(incident)),
    ...section(`Last decision: ${decision?.action ?? 'none'}`, decision === undefined ? [] : [decision.reason]),
    ...section('Guardrails', guardrailLines(decision?.guardrails ?? [])),
    ...section(
      'Alerts',
      incident.outbox.map(
        ({ at, severity, subject, sentAt }) => `${utc(at)}  ${severity}  ${sentAt === undefined ? 'NOT SENT YET  ' : ''}${subject}`,
      ),
    ),
  ];
}

function balancerLines({ balancer }: Case): string[] {
  return balancer === undefined ? [] : [`${utc(balancer.readAt)}  ${describeBalancerView(balancer)}`];
}

/** Where the record was shortened it says so. */
function eventLines({ events, dropped }: Case): string[] {
  const lines = events.map(eventLine);
  if (dropped === undefined || dropped.events === 0) return lines;
  return [...lines.slice(0, FIRST_EVENTS), `... ${dropped.events} events are left out ...`, ...lines.slice(FIRST_EVENTS)];
}

function eventLine({ at, kind, says: summary }: CaseEvent): string {
  return `${utc(at)}  ${kind}: ${summary}`;
}

function refusalLines({ refusals = [] }: Case): string[] {
  return refusals.flatMap(({ at, clientView }) => (clientView === undefined ? [] : [`${utc(at)}  ${clientView}`]));
}
