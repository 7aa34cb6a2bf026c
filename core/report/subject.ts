/** The subject of an alert: where, what happened, why, and to whom, in at most 100 characters. */
import { groupName, lbTargetOf } from '../case';
import { isHold } from '../decide/hold';
import { isLead, targetKey, type Case, type ClosedBecause, type Decision, type Round, type Target } from '../model';
import { causePhrase } from './phrases';
import { replacementTold } from './replacement';
import { newsOf, removalsOf, servingOf, type AlertInput, type News, type Serving } from './telling';
import { clock } from './text';
import { whyRefused } from './why-refused';

/**
 * SNS takes subjects of at most 100 printable ASCII characters that begin with a letter, a number
 * or a punctuation mark (Publish, API reference).
 */
export const SUBJECT_MAX = 100;

/** Of an instance's id, where all of it has no room. */
const SHORT_ID = 10;

export function subjectOf(input: AlertInput): string {
  const { incident, round } = input;
  const where = `[${ascii(round?.group.name ?? groupName(incident.groupArn)).slice(0, 40)}]`;
  const why = causeOf(input);
  const id = incident.target?.id;
  const named = id === undefined ? '' : ` (${id})`;
  const brief = id === undefined || isAddress(id) || id.length <= SHORT_ID ? named : ` (${id.slice(0, SHORT_ID)}...)`;
  const room = SUBJECT_MAX - where.length - 1 - brief.length;
  const whole = (most: number, cause: string, who: string) => `${where} ${headline(input, most)}${cause}${who}`;
  const tried = [
    whole(Infinity, why, named),
    whole(Infinity, why, brief),
    whole(room - why.length, why, brief),
    whole(room, '', named),
    whole(room, '', brief),
  ].map(ascii);
  return tried.find((subject) => subject.length <= SUBJECT_MAX) ?? (tried.at(-1) ?? where).slice(0, SUBJECT_MAX);
}

/** Half an address names another target. */
function isAddress(id: string): boolean {
  return /^[\d.]+$|:/.test(id);
}

function ascii(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?');
}

/** ": cron job starving its DB pool"; a lead, which may be wrong, is not in a subject. */
function causeOf({ incident, decision }: AlertInput): string {
  const first = incident.diagnosis?.findings[0];
  const news = newsOf({ incident, decision });
  const told: readonly News[] = ['removed', 'held-out', 'renewed', 'refused', 'asked'];
  const isTold = told.includes(news) || (incident.about === 'shared' && decision.action !== 'close');
  const begins = decision.action === 'replace' && decision.step === 'begin';
  return first === undefined || !(isTold || begins) || first.cause === 'unknown' || isLead(first) ? '' : `: ${causePhrase(first)}`;
}

/**
 * What happened, in a few words, without whom it is about: of several reasons as many as fit into
 * `most` characters.
 */
export function headline(input: AlertInput, most = Infinity): string {
  const { incident, decision } = input;
  const serving = servingOf(input);
  const ofAll = serving === undefined ? 'a target' : `1 of ${serving.of} targets`;
  switch (newsOf(input)) {
    case 'removed':
      return removalsOf(incident) > 1 ? `Removed again (${removalsOf(incident)} times)` : `Removed ${ofAll}`;
    case 'held-out':
      return 'Keeps failing, stays out, needs a person';
    case 'return-refused':
      return 'Removed, and cannot be restored: needs a person';
    case 'asked':
      return 'Keeps failing, not removed, needs a person';
    case 'renewed':
      return 'Still slow, stays out';
    case 'not-renewed':
      return withReason(input, `Still slow, back at ${leaseEnd(incident)}: `, '', most);
    case 'refused':
      return refusedText(input, most);
    case 'given-up':
      return decision.action === 'close' ? 'Left out for good, as asked' : 'Is being left out, as asked';
    case 'stopped':
      return 'Removed, and cannot be restored while its instance is stopped';
    case 'back-early':
      return 'Back early: too few others serve';
    case 'back':
      return incident.causeStatus === 'present' ? 'Back in service, its cause is still there' : 'Back in service, watched';
    case 'contested':
      return 'Re-registered by someone else; Sickbay leaves it alone for 6 h';
    case 'closed':
      return closedText(input, serving);
    case 'replacement':
      return (
        replacementTold(input, '', '', serving === undefined ? 'a task' : `1 of ${serving.of} tasks`)?.headline ?? 'Its task is replaced'
      );
    case 'group':
      return groupText(incident, decision);
  }
}

/** In observe mode nothing else stands before most removals. */
function refusedText(input: AlertInput, most: number): string {
  const { blocked } = input.decision;
  if (blocked.length === 0) return 'Slow, not removed yet';
  if (blocked.every((reason) => reason === 'mode-observe')) return 'Would have removed it (observe mode)';
  return withReason(input, 'Slow, not removed (', ')', most);
}

function withReason(input: AlertInput, before: string, after: string, most: number): string {
  const why = whyRefused(input, most - before.length - after.length);
  return why === '' ? before.replace(/[:(\s]+$/, '') : `${before}${why}${after}`;
}

function leaseEnd(incident: Case): string {
  const end = incident.ejections.at(-1)?.leaseEndsAt;
  return end === undefined ? 'the end of its lease' : clock(end);
}

function closedText({ incident, round }: AlertInput, serving: Serving | undefined): string {
  const all = serving === undefined ? '' : `, ${serving.now} of ${serving.of} serving`;
  // It was taken out for another case, and recovered in no way that anybody saw.
  if (incident.because === 'not-acted' && round !== undefined && !isServing(round, incident.target)) return 'Closed: it is out of service';
  return incident.because === 'recovered' ? `Resolved: back in service${all}` : ENDS[incident.because ?? 'not-acted'];
}

function isServing({ lbView }: Round, target: Target | undefined): boolean {
  return target !== undefined && lbTargetOf(lbView, target)?.state === 'healthy';
}

const ENDS: Readonly<Record<Exclude<ClosedBecause, 'recovered'>, string>> = {
  vanished: 'Closed: the target is gone',
  operator: 'Closed: a person took over',
  'not-acted': 'Resolved: it recovered without a removal',
};

function groupText(incident: Case, { action }: Decision): string {
  const closing = action === 'close';
  if (isHold(incident)) {
    const { target } = incident.hold;
    const held = target === undefined ? 'The group' : targetKey(target);
    return closing ? `${held} is no longer held` : `${held} is held: no removals`;
  }
  if (incident.about === 'shared')
    return closing ? 'Resolved: its targets are no longer slow together' : 'Targets are slow together; none is removed';
  if (incident.about === 'missing')
    return closing ? 'Resolved: the target group is no longer missing' : 'The target group does not exist; it is not measured';
  if (incident.about === 'breaker')
    return closing ? 'Resolved: the breaker is closed, removals go on' : 'Removals are paused: a breaker is open';
  if (incident.about === 'blind')
    return closing ? 'Resolved: the prober reaches the targets again' : 'The prober cannot reach most targets; detection is paused';
  return `Case ${action}`;
}
