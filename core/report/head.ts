/** The first screen of a phone: five lines that an alert begins with, in at most 700 characters. */
import { currentEjection } from '../case';
import { isHold } from '../decide/hold';
import { isOfNetwork } from '../spoken';
import { type BalancerView, type Case, type Ejection } from '../model';
import { causeLine } from './cause-line';
import { line } from './harmless';
import { nowLine } from './now-line';
import { replacementTold, type ReplacementTold } from './replacement';
import { sampledText } from './round';
import { isBrief, newsOf, servingOf, type AlertInput } from './telling';
import { capital, clock, duration, named, sentence } from './text';
import { whyRefused } from './why-refused';

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

export const HEAD_MAX = 700;
/** The five lines share the rest by what they have to say. */
const LINE_MAX = { users: 190, done: 185, cause: 215, back: 125, now: 185 } as const;

const LABELS: readonly (readonly [keyof Head, string])[] = [
  ['users', 'Users'],
  ['done', 'Done'],
  ['cause', 'Cause'],
  ['back', 'Back'],
  ['now', 'Now'],
];

export function headOf(input: AlertInput): Head {
  const cause = causeLine(input, LINE_MAX.cause);
  const back = backLine(input);
  const told = (key: keyof Head, text: string) => line(capital(text), LINE_MAX[key]);
  return {
    users: told('users', usersLine(input)),
    done: told('done', sentence(doneLine(input))),
    ...(cause === undefined ? {} : { cause: told('cause', cause) }),
    ...(back === undefined ? {} : { back: told('back', back) }),
    now: told('now', nowLine(input, LINE_MAX.now)),
  };
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
      return `removed ${who}. ${feltText(input)}${leftText(input)}`;
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
      return withReason(input, `nothing; ${who} is out, and its lease is not renewed`);
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
    case 'replacement':
      return told(input)?.done ?? decision.reason;
    case 'group':
      return groupLine(input);
  }
}

function told(input: AlertInput): ReplacementTold | undefined {
  return replacementTold(input, whoOf(input.incident), leftText(input), 'a task');
}

function whoOf({ target, address }: Case): string {
  return target === undefined ? 'the group' : named(`${target.id}:${target.port}`, address);
}

/** Behind a Network Load Balancer a removal is felt late. */
function feltText({ round }: AlertInput): string {
  return round !== undefined && isOfNetwork(round.group) ? 'New connections may reach it for 2 min more (NLB). ' : '';
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

function refusedLine(input: AlertInput, who: string): string {
  const { decision } = input;
  if (decision.blocked.length === 0) return `nothing: ${decision.reason}`;
  if (decision.blocked.every((reason) => reason === 'mode-observe'))
    return `nothing. Would have removed ${who} (observe mode); every other guardrail passed.`;
  return withReason(input, `nothing. ${who} stays in service`);
}

function withReason(input: AlertInput, what: string): string {
  const why = whyRefused(input, LINE_MAX.done - what.length - ': .'.length);
  return why === '' ? `${what}.` : `${what}: ${why}.`;
}

function askedBack(incident: Case): string {
  const by = currentEjection(incident)?.restoreAskedBy;
  return by === undefined ? '' : `, as ${by} asked`;
}

function closedLine(input: AlertInput, who: string): string {
  const { incident, decision } = input;
  const ejection = currentEjection(incident);
  if (incident.because === 'not-acted') return `nothing was removed; closed the case: ${decision.reason}`;
  if (incident.because !== 'recovered' || ejection === undefined) return `closed the case: ${decision.reason}`;
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

// ---------------------------------------------------------------- how it comes back

function isCauseKnown({ diagnosis }: Case): boolean {
  const first = diagnosis?.findings[0];
  return first !== undefined && first.cause !== 'unknown';
}

function backLine(input: AlertInput): string | undefined {
  const { incident } = input;
  const ejection = currentEjection(incident);
  const end = ejection === undefined ? 'the end of its lease' : clock(ejection.leaseEndsAt);
  switch (newsOf(input)) {
    case 'removed':
    case 'held-out':
    case 'renewed':
      return `when healthy${isCauseKnown(incident) ? ' and the cause is gone' : ''}, or at ${end} at the latest (extended while still unhealthy).`;
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
    case 'replacement':
      return told(input)?.back;
    case 'contested':
    case 'closed':
    case 'group':
      return undefined;
  }
}
