/** Cases as an operator reads them: one line each, and one of them step by step. */
import { describeAccessLogs } from '../access-log/describe';
import { describeBalancerView } from '../balancer-view';
import { groupName, isTargetCase, shortCaseId } from '../case';
import { FIRST_EVENTS } from '../case-size';
import { isHold } from '../decide/hold';
import { isTarget } from '../decide/request';
import { isLead, targetKey, type Case, type CaseEvent } from '../model';
import { culpritOf } from '../stop/candidate';
import { sickbayCommand } from './command';
import { guardrailLines } from './guardrails';
import { line } from './harmless';
import { findingLines } from './findings';
import { named, section, table, utc } from './text';
import { diagnosedText } from './timeline';

/** What a terminal has. */
const WIDTH = 100;

/**
 * One line a case, in the order given, and none wider than a terminal: `explain` has what is cut.
 * @param now for how long a case is open, or ago it was closed
 */
export function caseTable(cases: readonly Case[], now: number, width = WIDTH): string[] {
  if (cases.length === 0) return ['no cases'];
  const rows = cases.map((incident) => ({
    fixed: [shortCaseId(incident.id), stateOf(incident), ageOf(incident, now)],
    ...wordsOf(incident),
  }));
  const head = { fixed: ['case', 'state', 'age'], about: 'about', what: ['cause, decision'] };
  const fixed = Math.max(...[head, ...rows].map(({ fixed: cells }) => cells.length)) * 2 + widest([head, ...rows]);
  const about = Math.min(Math.max(...[head, ...rows].map((row) => row.about.length)), ABOUT_MAX);
  const what = Math.max(10, width - fixed - about - 2);
  return table([head, ...rows].map((row) => [...row.fixed, line(row.about, about), line(fitting(row.what, what), what)]));
}

/** The cause alone, where the decision would be cut. */
function fitting(parts: readonly string[], most: number): string {
  const whole = parts.join('; ');
  return whole.length <= most ? whole : (parts[0] ?? '');
}

/** Of the column that names target and group. */
const ABOUT_MAX = 40;

function widest(rows: readonly { readonly fixed: readonly string[] }[]): number {
  return [0, 1, 2].reduce((sum, column) => sum + Math.max(...rows.map(({ fixed }) => fixed[column]?.length ?? 0)), 0);
}

function ageOf({ openedAt, closedAt }: Case, now: number): string {
  const minutes = Math.max(0, Math.round((now - (closedAt ?? openedAt)) / 60_000));
  const age = minutes < 120 ? `${minutes} min` : minutes < 2880 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 1440)} d`;
  return closedAt === undefined ? age : `${age} ago`;
}

function wordsOf(incident: Case): { readonly about: string; readonly what: readonly string[] } {
  return { about: aboutOf(incident), what: [causeOf(incident), decisionOf(incident)].filter((part) => part !== '') };
}

/** `i-0abc:8080 of checkout`, `shared: checkout`: as commands take it, without a zone. */
export function aboutOf(incident: Case): string {
  const target = isHold(incident) ? incident.hold.target : incident.target;
  const what = incident.about === 'target' ? '' : `${incident.about}: `;
  return `${what}${target === undefined ? '' : `${target.id}:${target.port} of `}${groupName(incident.groupArn)}`;
}

function stateOf({ state, because }: Case): string {
  return because === undefined ? state : because;
}

/** The first cause, and whether it is no more than a lead; empty before a diagnosis. */
export function causeOf({ diagnosis }: Case): string {
  const first = diagnosis?.findings[0];
  return first === undefined ? '' : `${first.cause}${isLead(first) ? ' (a lead)' : ''}`;
}

function decisionOf({ decision, state }: Case): string {
  if (decision === undefined || state === 'closed') return '';
  return decision.blocked.length === 0 ? decision.action : `${decision.action}, blocked by ${decision.blocked.join(', ')}`;
}

/**
 * Whether somebody who writes `name` means this case: by its id, as the table writes it or in full,
 * or by its target.
 */
export function isMeant(incident: Case, name: string): boolean {
  const target = isHold(incident) ? incident.hold.target : incident.target;
  return incident.id === name || shortCaseId(incident.id) === name || (target !== undefined && isTarget(target, name));
}

/**
 * The whole record of one case: its timeline, what was found, and each guardrail of the last
 * decision with its value and limit.
 */
export function explanation(incident: Case): string[] {
  const { decision, diagnosis } = incident;
  return [
    `case ${incident.id}: ${aboutOf(incident)}, ${stateOf(incident)}`,
    ...(incident.target === undefined ? [] : [`target ${named(targetKey(incident.target), incident.address)}`]),
    ...section('What happened', eventLines(incident)),
    ...section('Why it was suspected', incident.conviction === undefined ? [] : [incident.conviction.says]),
    ...section('What CloudWatch said of the load balancer', balancerLines(incident)),
    ...section('What its access logs said of real requests', accessLogLines(incident)),
    ...section('Found on the host', (diagnosis?.findings ?? []).flatMap(findingLines)),
    ...section('Stopping it', stoppingLines(incident)),
    ...section('Other differences from its peers', diagnosis?.differences ?? []),
    ...section('What clients saw when its removal was refused', refusalLines(incident)),
    ...section(`Last decision: ${decision?.action ?? 'none'}`, decision === undefined ? [] : [decision.reason]),
    ...section('Guardrails', guardrailLines(decision?.guardrails ?? [])),
    ...removalLines(incident),
    ...section(
      'Alerts',
      incident.outbox.map(
        ({ at, severity, subject, sentAt, quiet }) =>
          `${utc(at)}  ${quiet === true ? 'event only' : severity}  ${sentAt === undefined ? 'NOT SENT YET  ' : ''}${subject}`,
      ),
    ),
  ];
}

/**
 * What allowed the latest removal, also after the decisions that followed it; nothing where the
 * last decision is that one.
 */
function removalLines({ removal, decision, ejections }: Case): string[] {
  if (removal === undefined || removal.guardrails === decision?.guardrails) return [];
  if (removal.lookAgainAt === decision?.lookAgainAt && removal.action === decision.action) return [];
  const last = ejections.at(-1);
  const when = last === undefined ? '' : ` at ${utc(last.intentAt)}${last.abandonedAt === undefined ? '' : ', which was not made'}`;
  return section(`Guardrails of the latest removal${when}`, [removal.reason, ...guardrailLines(removal.guardrails)]);
}

/** The record of a case does not know of its stops: they are in a table of their own. */
function stoppingLines(incident: Case): string[] {
  const culprit = isTargetCase(incident) ? culpritOf(incident) : undefined;
  return culprit === undefined
    ? []
    : [`Whether pid ${culprit.pid} may be stopped, or was, where its group has "stop": ${sickbayCommand(`stop ${incident.id}`)}`];
}

function balancerLines({ balancer }: Case): string[] {
  return balancer === undefined ? [] : [`${utc(balancer.readAt)}  ${describeBalancerView(balancer)}`];
}

function accessLogLines({ accessLog }: Case): string[] {
  return accessLog === undefined ? [] : [`${utc(accessLog.readAt)}  ${describeAccessLogs(accessLog)}`];
}

/** Where the record was shortened it says so. */
function eventLines({ events, dropped }: Case): string[] {
  const lines = events.map(eventLine);
  if (dropped === undefined || dropped.events === 0) return lines;
  return [...lines.slice(0, FIRST_EVENTS), `... ${dropped.events} events are left out ...`, ...lines.slice(FIRST_EVENTS)];
}

function eventLine({ at, kind, says: summary }: CaseEvent): string {
  return `${utc(at)}  ${kind}: ${kind === 'diagnosed' ? diagnosedText(summary) : summary}`;
}

function refusalLines({ refusals = [] }: Case): string[] {
  return refusals.flatMap(({ at, clientView }) => (clientView === undefined ? [] : [`${utc(at)}  ${clientView}`]));
}
