/** The event about a decision, for machines: the alert's head and what it was made from. */
import { groupName } from '../case';
import {
  isLead,
  WHOLE_STACK,
  type Case,
  type CaseStateChange,
  type CaseStatus,
  type Culprit,
  type Finding,
  type OutboxEntry,
} from '../model';
import { sickbayCommand } from './command';
import { line, visible } from './harmless';
import type { Head } from './head';
import { NOTHING_TO_DO } from './now-line';
import { placeOf, type Links } from './links';
import { causePhrase } from './phrases';
import { kubernetesAdvice } from './kubernetes';
import { isBrief, type AlertInput } from './telling';
import { iso } from './text';

/** Texts of hosts and operators in an event. */
const TEXT_MAX = 300;

export function caseEvent(
  input: AlertInput,
  entry: Pick<OutboxEntry, 'id' | 'at' | 'severity' | 'subject'>,
  head: Head,
  links: Links,
): CaseStateChange {
  const { incident, decision, round, deployment = {} } = input;
  const place = placeOf(incident.groupArn);
  const first = incident.diagnosis?.findings[0];
  return {
    version: 1,
    id: entry.id,
    dedupKey: incident.id,
    status: statusOf(incident, decision.action === 'close'),
    severity: entry.severity,
    time: iso(entry.at),
    ...(deployment.stack === undefined ? {} : { stack: deployment.stack }),
    ...(place === undefined ? {} : { account: place.account, region: place.region }),
    about: incident.about,
    state: incident.state,
    action: decision.action === 'replace' ? `replace-${decision.step}` : decision.action,
    blocked: [...decision.blocked],
    openedAt: iso(incident.openedAt),
    ...(incident.closedAt === undefined ? {} : { closedAt: iso(incident.closedAt) }),
    ...(incident.because === undefined ? {} : { because: incident.because }),
    targetGroup: { arn: incident.groupArn ?? WHOLE_STACK, name: round?.group.name ?? groupName(incident.groupArn) },
    ...targetOf(input),
    summary: entry.subject,
    head: { ...head },
    ...(first === undefined ? {} : { cause: causeOf(first) }),
    nextSteps: [...(head.now === NOTHING_TO_DO ? [] : [head.now]), ...kubernetesSteps(input), sickbayCommand(`explain ${incident.id}`)],
    links: { ...links },
  };
}

/**
 * The entry's event; a test alert, or an alert of an older record, says in one what little it has.
 */
export function eventOf(
  entry: OutboxEntry,
  { caseId, groupArn }: { readonly caseId: string; readonly groupArn?: string },
): CaseStateChange {
  const { id, severity, at, subject, body, event } = entry;
  return (
    event ?? {
      version: 1,
      id,
      dedupKey: caseId,
      status: 'updated',
      severity,
      time: iso(at),
      about: 'other',
      state: 'unknown',
      action: 'tell',
      blocked: [],
      openedAt: iso(at),
      targetGroup: { arn: groupArn ?? WHOLE_STACK, name: groupName(groupArn) },
      summary: subject,
      head: { users: 'Not affected as far as is known.', done: line(body, TEXT_MAX), now: NOTHING_TO_DO },
      nextSteps: [],
      links: {},
    }
  );
}

/** The pod of a case that is still open: each with the command that does it. */
function kubernetesSteps({ incident, round, decision }: AlertInput): string[] {
  const steps = isBrief(decision) ? [] : (kubernetesAdvice(incident, round)?.steps ?? []);
  return steps.map(({ what, command }) => `${what}: ${command}`);
}

/** Of what was told: the first of a case triggers, its end resolves. */
function statusOf(incident: Case, closing: boolean): CaseStatus {
  if (closing) return 'resolved';
  return incident.outbox.length === 0 && (incident.dropped?.alerts ?? 0) === 0 ? 'triggered' : 'updated';
}

function targetOf({ incident, round }: AlertInput): Pick<CaseStateChange, 'target'> {
  const { target, address } = incident;
  if (target === undefined) return {};
  const name = round?.instances?.[target.id]?.name;
  return {
    target: {
      id: target.id,
      port: target.port,
      ...(address === undefined ? {} : { address }),
      ...(name === undefined ? {} : { name: line(name, TEXT_MAX) }),
    },
  };
}

function causeOf(finding: Finding): NonNullable<CaseStateChange['cause']> {
  const { cause, confidence, culprit } = finding;
  return {
    name: cause,
    phrase: causePhrase(finding),
    confidence: Math.round(confidence * 100) / 100,
    isLead: isLead(finding),
    ...(culprit === undefined ? {} : { culprit: culpritOf(culprit) }),
  };
}

function culpritOf({
  pid,
  command,
  user,
  startedAt,
  parent,
  cron,
  cronFile,
}: Culprit): NonNullable<NonNullable<CaseStateChange['cause']>['culprit']> {
  const text = (value: string) => line(visible(value), TEXT_MAX);
  return {
    pid,
    command: text(command),
    user: text(user),
    ...(startedAt === undefined ? {} : { startedAt: iso(startedAt) }),
    ...(parent === undefined ? {} : { parent: text(parent) }),
    ...(cron === undefined ? {} : { cron: text(cron) }),
    ...(cronFile === undefined ? {} : { cronFile: text(cronFile) }),
  };
}
