/** The first screen of a phone: five lines that an alert begins with, in at most 700 characters. */
import { currentEjection, groupName } from '../case';
import { isHold } from '../decide/hold';
import { isLead, targetKey, type BalancerView, type Case, type Culprit, type Ejection, type Finding } from '../model';
import { sickbayCommand } from './command';
import { line } from './harmless';
import { causePhrase, causeRemedy, refusalPhrase, remedyOf } from './phrases';
import { sampledText } from './round';
import { isBrief, newsOf, servingOf, type AlertInput } from './telling';
import { clock, duration, named, percent } from './text';

export interface Head {
  /** What users felt. */
  readonly users: string;
  /** What was done, and what is left. */
  readonly done: string;
  readonly cause?: string;
  /** When and on what condition the target comes back. */
  readonly back?: string;
  /** What to do now. */
  readonly now: string;
}

/** Where a person need not do anything: no step at all for a chat or a machine. */
export const NOTHING_TO_DO = 'Nothing.';

export const HEAD_MAX = 700;
/** The five lines share the rest by what they have to say; a command of a host gets the least. */
const LINE_MAX = { users: 190, done: 165, cause: 215, back: 125, now: 185 } as const;
const COMMAND_MAX = 70;

const LABELS: readonly (readonly [keyof Head, string])[] = [
  ['users', 'Users'],
  ['done', 'Done'],
  ['cause', 'Cause'],
  ['back', 'Back'],
  ['now', 'Now'],
];

export function headOf(input: AlertInput): Head {
  const cause = causeLine(input);
  const back = backLine(input);
  const told = (key: keyof Head, text: string) => line(capital(text), LINE_MAX[key]);
  return {
    users: told('users', usersLine(input)),
    done: told('done', doneLine(input)),
    ...(cause === undefined ? {} : { cause: told('cause', cause) }),
    ...(back === undefined ? {} : { back: told('back', back) }),
    now: told('now', nowLine(input)),
  };
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

/** "Users: ...", one line each; the longest are cut until all fit. */
export function headLines(head: Partial<Head>, most = HEAD_MAX): string[] {
  const lines = LABELS.flatMap(([key, label]) => {
    const text = head[key];
    return text === undefined ? [] : [`${label}: ${text}`];
  });
  return cutToFit(lines, most);
}

/** Nothing that is shorter says anything. */
const SHORTEST = 24;

function cutToFit(lines: readonly string[], most: number): string[] {
  const over = lines.join('\n').length - most;
  const longest = Math.max(...lines.map(({ length }) => length));
  if (over <= 0 || longest <= SHORTEST) return [...lines];
  const at = lines.findIndex(({ length }) => length === longest);
  const next = Math.max(SHORTEST, longest - Math.min(over, 10));
  return cutToFit(
    lines.map((text, index) => (index === at ? line(text, next) : text)),
    most,
  );
}

// ---------------------------------------------------------------- what users felt

function usersLine({ incident, decision, round }: AlertInput): string {
  const seen = round === undefined ? undefined : sampledText(round);
  const lag = incident.balancer === undefined || isBrief(decision) ? undefined : lagText(incident.balancer);
  if (seen !== undefined) return [`${seen}.`, ...(lag === undefined ? [] : [lag])].join(' ');
  const felt =
    incident.about === 'target' || incident.about === 'shared'
      ? 'not sampled through the load balancer.'
      : 'not affected as far as is known.';
  return [felt, ...(lag === undefined ? [] : [lag])].join(' ');
}

/**
 * CloudWatch tells of a minute one to three minutes after its end, as we saw it: its p99 beside our
 * client's view looks like a contradiction, and is the past.
 */
function lagText({ minutes, unread }: BalancerView): string | undefined {
  if (unread !== undefined) return undefined;
  const newest = minutes.findLast(({ p99Ms }) => p99Ms !== undefined);
  if (newest?.p99Ms === undefined) return undefined;
  return `CloudWatch lags by 1 to 3 min: p99 ${duration(newest.p99Ms)} at ${clock(newest.startsAt)}.`;
}

// ---------------------------------------------------------------- what was done

function doneLine(input: AlertInput): string {
  const { incident, decision } = input;
  const who = whoOf(incident);
  switch (newsOf(input)) {
    case 'removed':
      return `removed ${who}. ${leftText(input)}`;
    case 'held-out':
      return `${incident.state === 'out' ? 'kept out' : 'removed'} ${who}, which keeps failing. ${leftText(input)}`;
    case 'return-refused':
      return `could not restore ${who}: ${decision.reason}`;
    case 'asked':
    case 'refused':
      return refusedLine(input, who);
    case 'renewed':
      return `kept ${who} out: it is still slow, or its cause is still there. ${leftText(input)}`;
    case 'not-renewed':
      return `nothing; ${who} is out, and its lease is not renewed: ${refusalPhrase(decision.blocked)}.`;
    case 'given-up':
      return `left ${who} out, as ${currentEjection(incident)?.givenUpBy ?? 'a person'} asked.`;
    case 'stopped':
      return `kept ${who} out: ${decision.reason}`;
    case 'back-early':
      return `restored ${who} before its lease ended. ${decision.reason}`;
    case 'back':
      return `restored ${who}${askedBack(incident)}. ${leftText(input)}`;
    case 'contested':
      return `nothing more: someone else registered ${who} again.`;
    case 'closed':
      return closedLine(input, who);
    case 'group':
      return groupLine(input);
  }
}

function whoOf({ target, address }: Case): string {
  return target === undefined ? 'the group' : named(targetKey(target), address);
}

/** "3 of 4 serving, projected to 40 % of their capacity (limit 70 %)." */
function leftText(input: AlertInput): string {
  const serving = servingOf(input);
  const left = serving === undefined ? '' : `${serving.now} of ${serving.of} serving`;
  const projected = projectedUse(input);
  return (
    [left, ...(projected === undefined ? [] : [projected])].filter((part) => part !== '').join(', ') +
    (left === '' && projected === undefined ? '' : '.')
  );
}

/** From the guardrail that decided on it: its value begins with the projection. */
function projectedUse({ decision, incident }: AlertInput): string | undefined {
  if (isBrief(decision)) return undefined;
  const guardrails = decision.guardrails.length > 0 ? decision.guardrails : (incident.removal?.guardrails ?? []);
  const check = guardrails.find(({ guardrail }) => guardrail === 'capacity-projection');
  const projected = /(\d+ %)/.exec(check?.value ?? '')?.[1];
  return projected === undefined ? undefined : `projected to ${projected} of their capacity (limit ${check?.limit})`;
}

function refusedLine({ decision }: AlertInput, who: string): string {
  if (decision.blocked.length === 0) return `nothing: ${decision.reason}`;
  if (decision.blocked.every((reason) => reason === 'mode-observe'))
    return `nothing. Would have removed ${who} (observe mode); every other guardrail passed.`;
  return `nothing. ${who} stays in service: ${refusalPhrase(decision.blocked)}.`;
}

function askedBack(incident: Case): string {
  const by = currentEjection(incident)?.restoreAskedBy;
  return by === undefined ? '' : `, as ${by} asked`;
}

function closedLine(input: AlertInput, who: string): string {
  const { incident, decision } = input;
  if (incident.because !== 'recovered') return `closed the case: ${decision.reason}`;
  const ejection = currentEjection(incident);
  if (ejection === undefined) return `closed the case: ${decision.reason}`;
  return `restored ${who} at ${clock(ejection.restoredAt ?? input.now)}, after ${outFor(ejection)}; no relapse since. ${leftText(input)}`;
}

function outFor({ confirmedAt, intentAt, restoredAt }: Ejection): string {
  const ms = (restoredAt ?? 0) - (confirmedAt ?? intentAt);
  return ms < 120_000 ? `${Math.max(0, Math.round(ms / 1000))} s` : `${Math.round(ms / 60_000)} min`;
}

function groupLine({ incident, decision }: AlertInput): string {
  if (isHold(incident))
    return decision.action === 'close'
      ? `the hold is over: ${decision.reason}`
      : `no removals, as ${incident.hold.by} asked: ${incident.hold.reason}`;
  if (incident.about === 'shared')
    return decision.action === 'close'
      ? 'nothing was removed; its targets are no longer slow together.'
      : 'nothing: removing targets does not help when many are slow together.';
  if (incident.about === 'breaker' && decision.action !== 'close') return 'stopped removals. Restores go on.';
  return decision.action === 'close' ? `closed the case: ${decision.reason}` : decision.reason;
}

// ---------------------------------------------------------------- why

function causeLine({ incident, decision }: AlertInput): string | undefined {
  const { about, diagnosis, causeStatus } = incident;
  if (about !== 'target' && about !== 'shared') return undefined;
  const first = diagnosis?.findings[0];
  if (first === undefined) return isBrief(decision) ? undefined : 'not inspected; the evidence is the latency alone.';
  if (isBrief(decision))
    return first.cause === 'unknown' || (about === 'shared' && causeStatus === undefined)
      ? undefined
      : `${causePhrase(first)}: ${statusText(causeStatus)}.`;
  if (first.cause === 'unknown') return 'unknown: it was inspected, and no difference from its peers explains it.';
  const lead = isLead(first) ? 'a lead, ' : '';
  const what = `${causePhrase(first)} (${lead}${percent(first.confidence)} sure)`;
  return first.culprit === undefined ? withEvidence(what, first) : `${what}: ${culpritText(first.culprit)}`;
}

/**
 * Where nobody did it, what shows it: the mount that is full, the resolver that is asked, the end
 * that does not answer. A second piece only where it has room.
 */
function withEvidence(what: string, { evidence: [first, second] }: Finding): string {
  if (first === undefined) return what;
  const one = `${what}: ${first}`;
  const both = `${one}. ${second === undefined ? '' : capital(second)}`;
  return second === undefined || both.length > LINE_MAX.cause ? one : both;
}

function statusText(status: Case['causeStatus']): string {
  if (status === 'gone') return 'gone';
  return status === 'present' ? 'still there' : 'not looked for again';
}

/** "pid 33 report (root), /etc/cron.d/reports". */
function culpritText({ pid, command, user, cron, cronFile }: Culprit): string {
  const file = cron === undefined ? '' : `, started from ${fileOf(cronFile)}`;
  return `pid ${pid} ${line(shortCommand(command), COMMAND_MAX)} (${user})${file}`;
}

/** Programs without their folders: `/usr/bin/node /srv/report` is `node report`. */
function shortCommand(command: string): string {
  return command.replace(/(^|\s)\/(?:[^\s/]+\/)+(?=[^\s/])/g, '$1');
}

/** The file of the crontab line; records from before it was kept have none. */
export function fileOf(cronFile: string | undefined): string {
  if (cronFile === undefined) return 'a crontab';
  return cronFile === 'timer' ? 'a systemd timer' : line(cronFile, 80);
}

// ---------------------------------------------------------------- what comes next

function backLine(input: AlertInput): string | undefined {
  const { incident } = input;
  const ejection = currentEjection(incident);
  const end = ejection === undefined ? 'the end of its lease' : clock(ejection.leaseEndsAt);
  switch (newsOf(input)) {
    case 'removed':
    case 'held-out':
    case 'renewed':
      return `when healthy and the cause is gone, or at ${end} at the latest (extended while still unhealthy).`;
    case 'not-renewed':
      return `at ${end}, slow as it is, unless a later round can extend it.`;
    case 'return-refused':
      return 'tried again in each round, until that is changed.';
    case 'stopped':
      return `within 2 minutes of its start once it is well, or at ${end} at the latest.`;
    case 'given-up':
      return 'not by Sickbay.';
    case 'back':
    case 'back-early':
      return 'now; a relapse removes it again, for longer.';
    case 'asked':
    case 'refused':
      return 'it never left; looked at again in each round.';
    case 'contested':
    case 'closed':
    case 'group':
      return undefined;
  }
}

function nowLine(input: AlertInput): string {
  const { incident, decision } = input;
  switch (newsOf(input)) {
    case 'removed':
    case 'held-out':
    case 'renewed':
    case 'asked':
      return remedyLine(input);
    case 'refused':
      return decision.blocked.every((reason) => reason === 'mode-observe') ? remedyLine(input) : remedyOf(decision.blocked);
    case 'not-renewed':
      return `${remedyOf(decision.blocked)} Or remove the cause before then.`;
    case 'return-refused':
      return remedyOf(decision.blocked);
    case 'stopped':
      return 'start the instance.';
    case 'given-up':
      return givenUpText(currentEjection(incident));
    case 'back-early':
      return 'look at the others first, then at its cause.';
    case 'back':
      return incident.causeStatus === 'present' ? 'remove the cause, or it is removed again.' : afterwards(incident);
    case 'contested':
      return 'agree with whoever registered it.';
    case 'closed':
      return afterwards(incident);
    case 'group':
      return groupNow(incident, decision.action === 'close');
  }
}

/** S10: what the clock starts comes again. */
function remedyLine({ incident }: AlertInput): string {
  const first = incident.diagnosis?.findings[0];
  const id = incident.target?.id ?? 'it';
  if (first === undefined || first.cause === 'unknown') return `open a session on ${id} and look for what slows it down.`;
  if (first.cause === 'shared-dependency') return withCheck('look at what the targets share', first);
  // Nobody stops a process or restarts an application on a guess.
  if (isLead(first)) return withCheck(`on ${id}, see whether it is so before you change anything`, first);
  const { culprit } = first;
  if (culprit === undefined) return withCheck(`on ${id}, ${causeRemedy(first)}`, first);
  const started = culprit.startedAt === undefined ? '' : ` if it still is the one started at ${clock(culprit.startedAt)}`;
  if (culprit.cron === undefined) return `on ${id}, stop pid ${culprit.pid}${started}.`;
  return `on ${id}, remove the job from ${fileOf(culprit.cronFile)}, then stop pid ${culprit.pid}${started}.`;
}

/**
 * A command that shows it on the host, where there is one: whole or not at all, and nothing behind
 * it that would be copied with it.
 */
function withCheck(what: string, { checks = [] }: Finding): string {
  const whole = `${what}; see it with: ${checks[0]}`;
  return checks[0] === undefined || whole.length > LINE_MAX.now ? `${what}.` : whole;
}

/** S10: what the clock starts comes again; of anything else nothing is left to do. */
function afterwards({ diagnosis }: Case): string {
  const culprit = diagnosis?.findings[0]?.culprit;
  return culprit?.cron === undefined ? NOTHING_TO_DO : `the job starts again, unless it was removed from ${fileOf(culprit.cronFile)}.`;
}

/** What it means that it stays out, and who alone can end it. */
function givenUpText(ejection: Ejection | undefined): string {
  if (ejection?.owner === 'asg')
    return `it stays on Standby in ${ejection.autoScalingGroup}, not checked, not replaced, until somebody calls aws autoscaling exit-standby or terminates it.`;
  return 'to bring it back: aws elbv2 register-targets.';
}

function groupNow(incident: Case, closing: boolean): string {
  if (closing) return NOTHING_TO_DO;
  if (isHold(incident))
    return `nothing; to end it: ${sickbayCommand(`release ${incident.hold.target === undefined ? groupName(incident.groupArn) : targetKey(incident.hold.target)}`)}`;
  const first = incident.diagnosis?.findings[0];
  if (incident.about === 'shared' && first !== undefined) return withCheck('look at what the targets share', first);
  return GROUP_NOW[incident.about] ?? 'see the case.';
}

const GROUP_NOW: Readonly<Partial<Record<Case['about'], string>>> = {
  shared: 'look at what the targets share.',
  blind: "check the prober's log, its subnets and its security group.",
  missing: 'take the group out of the configuration, or correct its ARN, and deploy.',
  breaker: `look at what was removed in the last hour, then: ${sickbayCommand('close-breaker')}`,
};
