/**
 * Answers an operator's request with changes of the records: `answerRequest(known, request)`. A
 * restore is only announced here. The decision that follows carries it out, and is repeated when a
 * run dies.
 */
import { currentEjection, groupName, isGivenUp, isOut, isTargetCase } from '../case';
import { askedBack, closed, givenUp, noted, openCase } from '../case-transitions';
import { targetKey, type Case, type Decision, type Hold, type Step, type Target, type TargetCase, type HoldCase } from '../model';
import { isOutForReplacement, isReplacing } from '../replacement';
import { askedNotToStop, leftAlone } from '../replacement-transitions';
import { holdsOn, holdText, isHold } from './hold';

interface Asker {
  readonly by: string;
  readonly reason: string;
}

/** `subject`: a target as `id`, `id:port` or its key, or a target group by name or ARN. */
export type OperatorRequest =
  | ({ readonly kind: 'hold'; readonly subject: string; readonly forS?: number } & Asker)
  | ({ readonly kind: 'release'; readonly subject: string } & Asker)
  /**
   * Without a subject: everything that is out. Held for `forS` from then on, so that it is not
   * removed again at once.
   */
  | ({ readonly kind: 'restore'; readonly subject?: string; readonly forS: number } & Asker)
  /** The target stays out for good: Sickbay does not register it again. */
  | ({ readonly kind: 'give-up'; readonly subject: string } & Asker)
  | { readonly kind: 'close-breaker'; readonly by: string };

export interface Known {
  readonly now: number;
  /** The time as text, at the beginning of a new case's id. */
  readonly stamp: string;
  /** Target groups by ARN, with the targets they were last seen with. */
  readonly groups: ReadonlyMap<string, readonly Target[]>;
  readonly openCases: readonly Case[];
}

/**
 * A case as it is to be stored, with the decision that its alert is written from. A change without
 * a decision has no alert of its own: its outcome has.
 */
export interface Change {
  readonly incident: Case;
  readonly decision?: Decision;
}

export type Answer =
  | { readonly granted: true; readonly changes: readonly Change[]; readonly summary: readonly string[] }
  | { readonly granted: false; readonly summary: readonly string[] };

/** A repeated request changes nothing more. */
export function answerRequest(known: Known, request: OperatorRequest): Answer {
  switch (request.kind) {
    case 'hold':
      return hold(known, request);
    case 'release':
      return release(known, request);
    case 'restore':
      return restore(known, request);
    case 'give-up':
      return giveUp(known, request);
    case 'close-breaker':
      return closeBreakers(known, request.by);
  }
}

function granted(changes: readonly Change[], summary: readonly string[]): Answer {
  return { granted: true, changes, summary };
}

function refused(...summary: readonly string[]): Answer {
  return { granted: false, summary };
}

// ---------------------------------------------------------------- whom it is about

interface Subject {
  readonly groupArn: string;
  /** Without it: the whole group. */
  readonly target?: Target;
}

/** A target of several groups matches in each of them. */
function subjectsOf(known: Known, name: string): Subject[] {
  const groups = [...targetsByGroup(known)];
  const whole = groups.filter(([arn]) => isGroup(arn, name)).map(([groupArn]) => ({ groupArn }));
  if (whole.length > 0) return whole;
  return groups.flatMap(([groupArn, targets]) =>
    targets.filter((target) => isTarget(target, name)).map((target) => ({ groupArn, target })),
  );
}

function isGroup(arn: string, name: string): boolean {
  return arn === name || groupName(arn) === name;
}

/** Whether this names the target: `id`, `id:port` or its key. */
export function isTarget(target: Target, name: string): boolean {
  return [target.id, `${target.id}:${target.port}`, targetKey(target)].includes(name);
}

/** Whether the name is the target's, or its group's. */
export function isNamed({ groupArn, target }: { readonly groupArn: string; readonly target: Target }, name: string): boolean {
  return isGroup(groupArn, name) || isTarget(target, name);
}

/**
 * The targets that were seen, and those of open cases, because a target that is out is registered
 * nowhere.
 */
function targetsByGroup({ groups, openCases }: Known): Map<string, Target[]> {
  const all = new Map([...groups].map(([arn, targets]) => [arn, [...targets]]));
  for (const incident of openCases.filter(isTargetCase)) {
    const targets = all.get(incident.groupArn) ?? [];
    if (!targets.some((target) => targetKey(target) === targetKey(incident.target))) targets.push(incident.target);
    all.set(incident.groupArn, targets);
  }
  return all;
}

/** Targets named in an answer about an unknown one. */
const NAMED = 20;

function unknownSubject(known: Known, name: string): Answer {
  const groups = [...targetsByGroup(known)];
  const targets = [...new Set(groups.flatMap(([, all]) => all.map((target) => targetKey(target))))].sort((a, b) => a.localeCompare(b));
  const more = targets.length > NAMED ? ` and ${targets.length - NAMED} more` : '';
  return refused(
    `no target and no target group "${name}"`,
    `target groups: ${groups.map(([arn]) => groupName(arn)).join(', ') || 'none'}`,
    `targets: ${targets.slice(0, NAMED).join(', ') || 'none'}${more}`,
  );
}

function subjectText({ groupArn, target }: Subject): string {
  return target === undefined ? groupName(groupArn) : `${targetKey(target)} of ${groupName(groupArn)}`;
}

function isAbout(incident: HoldCase, { groupArn, target }: Subject): boolean {
  const { target: held } = incident.hold;
  if (incident.groupArn !== groupArn || incident.state === 'closed') return false;
  return held === undefined || target === undefined ? held === target : targetKey(held) === targetKey(target);
}

// ---------------------------------------------------------------- hold, release

function hold(known: Known, request: Asker & { readonly subject: string; readonly forS?: number }): Answer {
  const subjects = subjectsOf(known, request.subject);
  if (subjects.length === 0) return unknownSubject(known, request.subject);
  const cases = subjects.map((subject) => heldCase(known, subject, request));
  return granted(
    cases.map((incident) => heldChange(known, incident)),
    cases.map((incident) => `${holdSubject(incident)} is held: ${holdText(incident)}`),
  );
}

/** A hold that exists is changed to the new request. */
function heldCase(known: Known, subject: Subject, { by, reason, forS }: Asker & { readonly forS?: number }): HoldCase {
  const { now, stamp } = known;
  const { groupArn, target } = subject;
  const value: Hold = {
    by,
    reason,
    ...(target === undefined ? {} : { target }),
    ...(forS === undefined ? {} : { untilAt: now + forS * 1000 }),
  };
  const before = known.openCases.filter(isHold).find((other) => isAbout(other, subject));
  if (before !== undefined) return noted({ ...before, hold: value }, { at: now, kind: 'held', says: holdText({ ...before, hold: value }) });
  const id = `${stamp}-hold-${groupName(groupArn)}${target === undefined ? '' : `-${target.id}-${target.port}`}`;
  const opened = openCase({ now, groupArn, about: 'hold', hold: value, id, summary: `hold asked for by ${by}` });
  return noted(opened, { at: now, kind: 'held', says: holdText(opened) });
}

function heldChange(known: Known, incident: HoldCase): Change {
  return { incident, decision: requestDecision(known, incident, { action: 'keep' }, `held: ${holdText(incident)}`) };
}

function holdSubject({ groupArn, hold: { target } }: HoldCase): string {
  return subjectText(target === undefined ? { groupArn } : { groupArn, target });
}

function release(known: Known, request: Asker & { readonly subject: string }): Answer {
  const subjects = subjectsOf(known, request.subject);
  if (subjects.length === 0) return unknownSubject(known, request.subject);
  const all = known.openCases.filter(isHold).filter((incident) => incident.state !== 'closed');
  const mine = all.filter((incident) => subjects.some((subject) => isAbout(incident, subject)));
  if (mine.length === 0)
    return refused(`${subjects.map(subjectText).join(', ')} is not held`, `held: ${all.map(holdSubject).join(', ') || 'nothing'}`);
  const summary = `released by ${request.by}: ${request.reason}`;
  return granted(
    mine.map((incident) => closing(known, incident, summary)),
    mine.map((incident) => `${holdSubject(incident)} is ${summary}`),
  );
}

// ---------------------------------------------------------------- restore

function restore(known: Known, request: Asker & { readonly subject?: string; readonly forS: number }): Answer {
  const out = known.openCases.filter(isTargetCase).filter((incident) => isOut(incident) || isOutForReplacement(incident));
  const subjects = request.subject === undefined ? out.map(({ groupArn }) => ({ groupArn })) : subjectsOf(known, request.subject);
  if (request.subject !== undefined && subjects.length === 0) return unknownSubject(known, request.subject);
  const mine = out.filter((incident) => subjects.some((subject) => covers(subject, incident)));
  if (mine.length === 0) return nothingToRestore(known, request.subject, out, subjects);
  const pairs = mine.map((incident) => ({
    incident,
    held: standingHold(known, incident, request.forS) ?? heldCase(known, incident, request),
  }));
  const fresh = pairs.map(({ held }) => held).filter((held) => !known.openCases.includes(held));
  return granted(
    [...fresh.map((held) => heldChange(known, held)), ...mine.flatMap((incident) => backChange(known, incident, request))],
    pairs.map(({ incident, held }) => `${caseSubject(incident)} ${isBackWhen(incident)} and held: ${holdText(held)}`),
  );
}

/** A task that was stopped cannot be restored: the answer says so. */
function nothingToRestore(known: Known, name: string | undefined, out: readonly TargetCase[], subjects: readonly Subject[]): Answer {
  const stopped = known.openCases.filter(isReplacing).filter((incident) => subjects.some((subject) => covers(subject, incident)));
  return refused(
    name === undefined ? 'no target is removed' : `${name} is not currently removed by Sickbay`,
    ...stopped.map((incident) => `${caseSubject(incident)}: its task was stopped, which cannot be undone; its service starts another one`),
    `out: ${out.map(caseSubject).join(', ') || 'nothing'}`,
  );
}

/** An address cannot be registered again before its connections have drained. */
function isBackWhen(incident: TargetCase): string {
  return isReplacing(incident) ? 'is not stopped, is registered again when it has drained,' : 'is restored now';
}

/** A hold that lasts at least as long as the new one would. */
function standingHold(known: Known, { groupArn, target }: TargetCase, forS: number): HoldCase | undefined {
  const enough = ({ hold: { untilAt } }: HoldCase) => untilAt === undefined || untilAt >= known.now + forS * 1000;
  return holdsOn(known.openCases, groupArn, { target }, known.now).find(enough);
}

function covers({ groupArn, target }: Subject, incident: TargetCase): boolean {
  return incident.groupArn === groupArn && (target === undefined || targetKey(target) === targetKey(incident.target));
}

function caseSubject({ groupArn, target }: TargetCase): string {
  return subjectText({ groupArn, target });
}

/** The case records who asked; the alert is that of the restore. */
function backChange(known: Known, incident: TargetCase, { by, reason }: Asker): Change[] {
  if (isReplacing(incident))
    return incident.replacement.restoreAskedBy === undefined ? [{ incident: askedNotToStop(incident, known.now, `${by}: ${reason}`) }] : [];
  const ejection = currentEjection(incident);
  if (ejection === undefined || ejection.restoreAskedBy !== undefined) return [];
  return [{ incident: askedBack(incident, ejection, known.now, `${by}: ${reason}`) }];
}

// ---------------------------------------------------------------- give up

/**
 * One target by its name, in every group that it is out of. A whole group is refused: one word must
 * not give up so much.
 */
function giveUp(known: Known, request: Asker & { readonly subject: string }): Answer {
  const { subject, by, reason } = request;
  const subjects = subjectsOf(known, subject);
  if (subjects.length === 0) return unknownSubject(known, subject);
  if (subjects.some(({ target }) => target === undefined)) return refused(`${subject} is a target group; name one target that is out`);
  const cases = known.openCases.filter(isTargetCase).filter((incident) => subjects.some((one) => covers(one, incident)));
  const [out, before] = [
    cases.filter((incident) => isOut(incident) || isOutForReplacement(incident)),
    cases.filter((incident) => incident.state !== 'closed' && isGivenUp(incident)),
  ];
  if (out.length + before.length === 0)
    return refused(
      `${subject} is not currently removed by Sickbay`,
      `out: ${
        known.openCases
          .filter(isTargetCase)
          .filter((one) => isOut(one) || isOutForReplacement(one))
          .map(caseSubject)
          .join(', ') || 'nothing'
      }`,
    );
  return granted(
    out.flatMap((incident) => givenUpChange(known, incident, `${by}: ${reason}`)),
    [...out, ...before].map((incident) => `${caseSubject(incident)} is given up: ${stays(incident)}`),
  );
}

function givenUpChange(known: Known, incident: TargetCase, asker: string): Change[] {
  if (isReplacing(incident))
    return incident.replacement.givenUpBy === undefined ? [{ incident: leftAlone(incident, known.now, asker) }] : [];
  const ejection = currentEjection(incident);
  return ejection === undefined ? [] : [{ incident: givenUp(incident, ejection, known.now, asker) }];
}

function stays(incident: TargetCase): string {
  if (isReplacing(incident)) return 'its task is neither stopped nor registered by Sickbay; its service may register it again';
  const ejection = currentEjection(incident);
  if (ejection?.owner !== 'asg') return 'it stays out, and Sickbay does not register it again';
  return `it stays on Standby in ${ejection.autoScalingGroup}, neither checked nor replaced, and Sickbay does not return it to service`;
}

// ---------------------------------------------------------------- breakers

function closeBreakers(known: Known, by: string): Answer {
  const breakers = known.openCases.filter((incident) => incident.about === 'breaker' && incident.state !== 'closed');
  const open = [...breakers, ...known.openCases.filter(isReplacing).filter(({ replacement }) => replacement.failedAt !== undefined)];
  return granted(
    open.map((incident) => closing(known, incident, `closed by ${by}`)),
    open.length === 0 ? ['no breaker is open'] : open.map((incident) => `the breaker of ${breakerOf(incident)} is closed`),
  );
}

/** A failed replacement is the breaker of its service. */
function breakerOf(incident: Case): string {
  if (isReplacing(incident)) return `the service ${incident.replacement.service}`;
  return incident.groupArn === undefined ? 'the stack' : groupName(incident.groupArn);
}

// ---------------------------------------------------------------- how it is put on record

function closing(known: Known, incident: Case, summary: string): Change {
  const decision = requestDecision(known, incident, { action: 'close', because: 'operator' }, summary);
  return { incident: { ...closed(incident, known.now, 'operator', summary), decision }, decision };
}

function requestDecision(known: Known, incident: Case, step: Step, reason: string): Decision {
  const { id: caseId, groupArn } = incident;
  const action = { action: step.action }; // stands first in a record
  const place = groupArn === undefined ? {} : { groupArn };
  return { ...action, caseId, ...place, reason, blocked: [], guardrails: [], lookAgainAt: known.now, ...step };
}
