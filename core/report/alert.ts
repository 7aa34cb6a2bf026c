/**
 * The alert about a decision: five lines that fit the first screen of a phone, where to go from
 * there, and then what was seen. Everything in it was observed. What a person reads later (every
 * guardrail, the statistics, all findings) is in `sickbay explain` and in the report.
 */
import { describeAccessLogs } from '../access-log/describe';
import { describeBalancerView } from '../balancer-view';
import { groupName } from '../case';
import { READINGS } from '../diagnose/readings';
import { isLead, type Case, type Cause, type Decision, type Diagnosis, type Finding, type OutboxEntry, type Round } from '../model';
import { advice } from './advice';
import { behindText } from './behind';
import { caseEvent } from './case-event';
import { sickbayCommand } from './command';
import { notableGuardrails } from './guardrails';
import { line, visible } from './harmless';
import { headLines, headOf, type Head } from './head';
import { kubernetesAdvice, kubernetesLines } from './kubernetes';
import { linksOf, placeOf, type Links } from './links';
import { measuredLine } from './measured';
import { overNetworkLines } from './over-network';
import { sampledLine } from './round';
import { runbookSectionOf } from './runbook';
import { severityOf } from './severity';
import { subjectOf } from './subject';
import { isBrief, type AlertInput } from './telling';
import { named, percent, section, utc } from './text';
import { isToldByEventAlone } from './worth-telling';

export type { AlertInput } from './telling';

/** What people read of an alert before they open the report; a chat shows less still. */
export const BODY_MAX = 3500;
/** One line of evidence, of advice or of a guardrail. */
const ITEM_MAX = 430;

/**
 * An outbox entry. Its id is the case, the action and the time, so that a repeated delivery can be
 * told from a new alert.
 */
export function alert(input: AlertInput): OutboxEntry {
  const { incident, decision, now } = input;
  const entry = {
    id: `${incident.id}/${actionOf(decision)}/${now}`,
    at: now,
    severity: severityOf(incident, decision),
    subject: subjectOf(input),
  };
  const head = headOf(input);
  const links = linksOf(incident, input.deployment ?? {}, runbookSectionOf(input));
  return {
    ...entry,
    body: bodyOf(input, head, links),
    ...(isToldByEventAlone(incident, decision) ? { quiet: true as const } : {}),
    event: caseEvent(input, entry, head, links),
  };
}

/** Of a replacement the step too: each is told by itself. */
function actionOf(decision: Decision): string {
  return decision.action === 'replace' ? `replace-${decision.step}` : decision.action;
}

/** The head in full, then whole lines of each section, in their order, as far as they fit. */
function bodyOf(input: AlertInput, head: Head, links: Links): string {
  const { id } = input.incident;
  const end = [
    '',
    `Everything on record: ${sickbayCommand(`explain ${id}`)}`,
    `The report as of now: ${sickbayCommand(`report ${id} --html report.html`)}`,
  ];
  const first = [...headLines(head), ...linkLines(links), ...placeLines(input)];
  let room = BODY_MAX - [...first, ...end].join('\n').length;
  const told: string[] = [];
  for (const [heading, lines] of sectionsOf(input, head)) {
    const kept = fitting(heading, lines, room);
    told.push(...kept);
    room -= kept.length === 0 ? 0 : kept.join('\n').length + 1;
  }
  return visible([...first, ...told, ...end].join('\n'));
}

function fitting(heading: string, lines: readonly string[], room: number): string[] {
  const shown = lines.map((text) => line(text, ITEM_MAX));
  for (let count = shown.length; count > 0; count--) {
    const kept = [...section(heading, shown.slice(0, count)), ...(count < shown.length ? [`  ... and ${shown.length - count} more`] : [])];
    if (kept.join('\n').length + 1 <= room) return kept;
  }
  return [];
}

// ---------------------------------------------------------------- where to go

const LINKS: readonly (readonly [keyof Links, string])[] = [
  ['report', 'Report'],
  ['targetGroup', 'Target group'],
  ['instance', 'Instance'],
  ['session', 'Session'],
  ['task', 'Task'],
  ['service', 'Service'],
  ['logs', 'Logs'],
  ['runbook', 'Runbook'],
  ['dashboard', 'Dashboard'],
];

function linkLines(links: Links): string[] {
  const lines = LINKS.flatMap(([key, label]) => (links[key] === undefined ? [] : [`${label}: ${links[key]}`]));
  return lines.length === 0 ? [] : ['', ...lines];
}

function placeLines({ incident, round, deployment }: AlertInput): string[] {
  const place = placeOf(incident.groupArn);
  const alias = deployment?.accountName;
  const { target } = incident;
  const name = target === undefined ? undefined : round?.instances?.[target.id]?.name;
  const zone = target === undefined ? undefined : round?.instances?.[target.id]?.zone;
  const parts = [
    ...(place === undefined
      ? []
      : [`Region ${place.region}, account ${alias === undefined ? place.account : `${alias} (${place.account})`}`]),
    `target group ${round?.group.name ?? groupName(incident.groupArn)}`,
    ...(target === undefined
      ? []
      : [`target ${named(`${target.id}:${target.port}`, incident.address)}${zone === undefined ? '' : ` in ${zone}`}`]),
    ...behindText(incident),
    ...(name === undefined ? [] : [`Name ${line(name, 60)}`]),
  ];
  return ['', parts.join(', ')];
}

// ---------------------------------------------------------------- what was seen

type Section = readonly [heading: string, lines: readonly string[]];

function sectionsOf(input: AlertInput, head: Head): Section[] {
  const { incident, decision, round, remarks } = input;
  const { diagnosis } = incident;
  const brief = isBrief(decision);
  return [
    ['Remarks', [...remarks, ...reasonLines(input, head)]],
    ['Managed by Kubernetes', brief ? [] : kubernetesIn(incident, round)],
    [
      'Evidence',
      [
        ...measuredLines(incident, round),
        ...(brief ? [] : [...evidenceLines(diagnosis), ...overNetworkLines(diagnosis), ...balancerLines(incident)]),
      ],
    ],
    ['Guardrails that failed or were close', notableGuardrails(decision.guardrails)],
    ['Ruled out (same as its peers)', brief ? [] : ruledOut(diagnosis)],
    ['Advice, with its dangers', brief ? [] : advice(incident, round, input.attributes)],
    ['Less likely', brief ? [] : (diagnosis?.findings ?? []).slice(1).map(otherLine)],
    ['Other differences from its peers', brief ? [] : (diagnosis?.differences ?? [])],
    ['Could not be inspected', brief ? [] : (diagnosis?.notInspectable ?? []).map(({ host, why }) => `${host}: ${why}`)],
    ['Noticed', brief ? [] : [...noticed(diagnosis), ...(round?.notes ?? [])]],
  ];
}

function kubernetesIn(incident: Case, round: Round | undefined): string[] {
  const told = kubernetesAdvice(incident, round);
  return told === undefined ? [] : kubernetesLines(told);
}

function measuredLines(incident: Case, round: Round | undefined): string[] {
  const measured = measuredLine(incident, round);
  const sampled = round === undefined ? undefined : sampledLine(round);
  return [...(measured === undefined ? [] : [measured]), ...(sampled === undefined ? [] : [`through the load balancer: ${sampled}`])];
}

/** With the time: what CloudWatch said is read when a case needs it, and not in every round. */
function balancerLines({ balancer, accessLog }: Case): string[] {
  return [
    ...(balancer === undefined ? [] : [`CloudWatch: ${describeBalancerView(balancer)} (read ${utc(balancer.readAt)})`]),
    ...(accessLog === undefined
      ? []
      : [`real requests, by the access logs: ${describeAccessLogs(accessLog)} (read ${utc(accessLog.readAt)})`]),
  ];
}

function evidenceLines(diagnosis: Diagnosis | undefined): string[] {
  const first = diagnosis?.findings[0];
  if (first === undefined) return [];
  const lead = isLead(first) ? 'a lead, ' : '';
  const { culprit } = first;
  const started = culprit?.startedAt === undefined ? '' : `, started ${utc(culprit.startedAt)}`;
  const parent = culprit?.parent === undefined ? '' : `, parent ${culprit.parent}`;
  return [
    ...(first.cause === 'unknown' ? [] : [`${first.cause} (${lead}${percent(first.confidence)} sure)`]),
    ...(culprit === undefined ? [] : [`pid ${culprit.pid} ${culprit.command} (${culprit.user}${parent}${started})`]),
    ...(culprit?.container === undefined ? [] : [`in ${culprit.container}`]),
    ...(culprit?.cron === undefined ? [] : [`${culprit.cronFile ?? 'crontab'}: ${culprit.cron}`]),
    ...first.evidence.map((text) => `+ ${text}`),
    ...first.against.map((text) => `- ${text}`),
  ];
}

function otherLine({ cause, confidence, culprit, evidence }: Finding): string {
  const who = culprit === undefined ? '' : `, pid ${culprit.pid} ${line(culprit.command, 60)}`;
  return `${cause} (${percent(confidence)} sure${who}): ${evidence.join('; ')}`;
}

/** The note of core/diagnose/notes.ts that lists what is as on the peers, without its numbers. */
const SAME = /^as on its peers: (.*)$/s;

/**
 * What bears on the first finding is not ruled out, however alike it is, and where all are slow
 * nothing is.
 */
function ruledOut(diagnosis: Diagnosis | undefined): string[] {
  const cause = diagnosis?.findings[0]?.cause;
  if (cause === 'shared-dependency') return [];
  const same = diagnosis?.notes.flatMap((note) => SAME.exec(note)?.[1] ?? []) ?? [];
  const names = same.flatMap((list) =>
    list
      .split(', ')
      .filter((reading) => cause === undefined || !bearsOn(reading, cause))
      .map(nameOf),
  );
  return names.length === 0 ? [] : [[...names.slice(0, RULED_OUT), ...rest(names)].join(', ')];
}

function bearsOn(reading: string, cause: Cause): boolean {
  return READINGS.some(({ label, explainedBy }) => reading.startsWith(`${label} `) && explainedBy.includes(cause));
}

/** Readings named in an alert. */
const RULED_OUT = 12;

function rest(names: readonly string[]): string[] {
  return names.length > RULED_OUT ? [`${names.length - RULED_OUT} more`] : [];
}

/** "CPU busy 100 %" is about "CPU busy". */
function nameOf(reading: string): string {
  return reading.replace(/ [\d.]+( (%|ms|s|MB|GB|KB))?$/, '').replace(/^(the )?application's /, '');
}

function noticed(diagnosis: Diagnosis | undefined): string[] {
  return (diagnosis?.notes ?? []).filter((note) => !SAME.test(note));
}

/**
 * What the decision says, where the head does not: a refusal that names no guardrail. Of targets
 * that are slow together, and of an end, the head has said all.
 */
function reasonLines({ incident, decision }: AlertInput, { done }: Head): string[] {
  const statistics = /\bnats\b/.test(decision.reason);
  const isToldAbove = decision.action === 'eject' || incident.about === 'shared' || incident.because === 'recovered';
  return statistics || isToldAbove || done.includes(decision.reason) ? [] : [decision.reason];
}
