/**
 * What an operator asks for, as changes of the records: `wished(known, wish)`. A restore only announces itself here; the decision that follows
 * carries it out, and goes on doing so when a run dies.
 */
import { currentEjection, groupName, isGivenUp, isOut, isTargetCase, type TargetCase } from '../case';
import { askedBack, closed, givenUp, noted, openCase } from '../case-history';
import { targetKey, type Case, type Decision, type Hold, type Target } from '../model';
import { holdsOn, holdText, isHold, type HoldCase } from './hold';

interface Asked {
  readonly by: string;
  readonly reason: string;
}

/** `subject`: a target as `id`, `id:port` or its key, or a target group by name or ARN. */
export type Wish =
  | ({ readonly kind: 'hold'; readonly subject: string; readonly forS?: number } & Asked)
  | ({ readonly kind: 'release'; readonly subject: string } & Asked)
  /** Without a subject: everything that is out. Held for `forS` from then on, so that it is not taken out again at once. */
  | ({ readonly kind: 'restore'; readonly subject?: string; readonly forS: number } & Asked)
  /** The target is left out for good: nothing registers it again. */
  | ({ readonly kind: 'give-up'; readonly subject: string } & Asked)
  | { readonly kind: 'close-breaker'; readonly by: string };

export interface Known {
  readonly now: number;
  /** The time as text, at the beginning of a new case's id. */
  readonly stamp: string;
  /** Target groups by ARN, with the targets they were last seen with. */
  readonly groups: ReadonlyMap<string, readonly Target[]>;
  readonly openCases: readonly Case[];
}

/** A case as it is to be stored, and what is told about it; a change without a decision is told by what comes of it. */
export interface Change {
  readonly value: Case;
  readonly decision?: Decision;
}

export type Answer =
  | { readonly granted: true; readonly changes: readonly Change[]; readonly summary: readonly string[] }
  | { readonly granted: false; readonly summary: readonly string[] };

/** Asking twice for the same changes nothing more than asking once. */
export function wished(known: Known, wish: Wish): Answer {
  switch (wish.kind) {
    case 'hold':
      return hold(known, wish);
    case 'release':
      return release(known, wish);
    case 'restore':
      return restore(known, wish);
    case 'give-up':
      return giveUp(known, wish);
    case 'close-breaker':
      return closeBreakers(known, wish.by);
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

/** A target of several groups is meant in each of them. */
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

/** Whether a target goes by this name: `id`, `id:port` or its key. */
export function isTarget(target: Target, name: string): boolean {
  return [target.id, `${target.id}:${target.port}`, targetKey(target)].includes(name);
}

/** Whether the name is the target's, or its group's. */
export function isNamed({ groupArn, target }: { readonly groupArn: string; readonly target: Target }, name: string): boolean {
  return isGroup(groupArn, name) || isTarget(target, name);
}

/** What was seen, and the targets of open cases: what is out is registered nowhere. */
function targetsByGroup({ groups, openCases }: Known): Map<string, Target[]> {
  const all = new Map([...groups].map(([arn, targets]) => [arn, [...targets]]));
  for (const value of openCases.filter(isTargetCase)) {
    const targets = all.get(value.groupArn) ?? [];
    if (!targets.some((target) => targetKey(target) === targetKey(value.target))) targets.push(value.target);
    all.set(value.groupArn, targets);
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

function isAbout(value: HoldCase, { groupArn, target }: Subject): boolean {
  const { target: held } = value.hold;
  if (value.groupArn !== groupArn || value.state === 'closed') return false;
  return held === undefined || target === undefined ? held === target : targetKey(held) === targetKey(target);
}

// ---------------------------------------------------------------- hold, release

function hold(known: Known, wish: Asked & { readonly subject: string; readonly forS?: number }): Answer {
  const subjects = subjectsOf(known, wish.subject);
  if (subjects.length === 0) return unknownSubject(known, wish.subject);
  const cases = subjects.map((subject) => heldCase(known, subject, wish));
  return granted(
    cases.map((value) => heldChange(known, value)),
    cases.map((value) => `${holdSubject(value)} is held: ${holdText(value)}`),
  );
}

/** A hold that is there already is changed to what is asked now. */
function heldCase(known: Known, subject: Subject, { by, reason, forS }: Asked & { readonly forS?: number }): HoldCase {
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
  const opened = { ...openCase({ now, groupArn, about: 'hold', id, summary: `hold asked for by ${by}` }), hold: value };
  return noted(opened, { at: now, kind: 'held', says: holdText(opened) });
}

function heldChange(known: Known, value: HoldCase): Change {
  return { value, decision: decisionOn(known, value, 'keep', `held: ${holdText(value)}`) };
}

function holdSubject({ groupArn, hold: { target } }: HoldCase): string {
  return subjectText(target === undefined ? { groupArn } : { groupArn, target });
}

function release(known: Known, wish: Asked & { readonly subject: string }): Answer {
  const subjects = subjectsOf(known, wish.subject);
  if (subjects.length === 0) return unknownSubject(known, wish.subject);
  const all = known.openCases.filter(isHold).filter((value) => value.state !== 'closed');
  const mine = all.filter((value) => subjects.some((subject) => isAbout(value, subject)));
  if (mine.length === 0)
    return refused(`${subjects.map(subjectText).join(', ')} is not held`, `held: ${all.map(holdSubject).join(', ') || 'nothing'}`);
  const summary = `released by ${wish.by}: ${wish.reason}`;
  return granted(
    mine.map((value) => closing(known, value, summary)),
    mine.map((value) => `${holdSubject(value)} is ${summary}`),
  );
}

// ---------------------------------------------------------------- restore

function restore(known: Known, wish: Asked & { readonly subject?: string; readonly forS: number }): Answer {
  const out = known.openCases.filter(isTargetCase).filter(isOut);
  const subjects = wish.subject === undefined ? out.map(({ groupArn }) => ({ groupArn })) : subjectsOf(known, wish.subject);
  if (wish.subject !== undefined && subjects.length === 0) return unknownSubject(known, wish.subject);
  const mine = out.filter((value) => subjects.some((subject) => covers(subject, value)));
  if (mine.length === 0)
    return refused(`${wish.subject ?? 'nothing'} is not out by Sickbay`, `out: ${out.map(caseSubject).join(', ') || 'nothing'}`);
  const holds = mine.map((value) => standingHold(known, value, wish.forS) ?? heldCase(known, value, wish));
  const fresh = holds.filter((value) => !known.openCases.includes(value));
  return granted(
    [...fresh.map((value) => heldChange(known, value)), ...mine.flatMap((value) => backChange(known, value, wish))],
    mine.map(
      (value, index) => `${caseSubject(value)} comes back now, and stays: ${holds[index] === undefined ? '' : holdText(holds[index])}`,
    ),
  );
}

/** A hold that lasts at least as long as the one that would be made. */
function standingHold(known: Known, { groupArn, target }: TargetCase, forS: number): HoldCase | undefined {
  const enough = ({ hold: { untilAt } }: HoldCase) => untilAt === undefined || untilAt >= known.now + forS * 1000;
  return holdsOn(known.openCases, groupArn, { target }, known.now).find(enough);
}

function covers({ groupArn, target }: Subject, value: TargetCase): boolean {
  return value.groupArn === groupArn && (target === undefined || targetKey(target) === targetKey(value.target));
}

function caseSubject({ groupArn, target }: TargetCase): string {
  return subjectText({ groupArn, target });
}

/** The case says who asked; what is told is the restore itself. */
function backChange(known: Known, value: TargetCase, { by, reason }: Asked): Change[] {
  const asked = currentEjection(value)?.restoreAskedBy !== undefined;
  return asked ? [] : [{ value: askedBack(value, known.now, `${by}: ${reason}`) }];
}

// ---------------------------------------------------------------- give up

/** One target by its name, in every group that it is out of: a whole group is too much to lose by one word. */
function giveUp(known: Known, wish: Asked & { readonly subject: string }): Answer {
  const { subject, by, reason } = wish;
  const subjects = subjectsOf(known, subject);
  if (subjects.length === 0) return unknownSubject(known, subject);
  if (subjects.some(({ target }) => target === undefined)) return refused(`${subject} is a target group; name one target that is out`);
  const cases = known.openCases.filter(isTargetCase).filter((value) => subjects.some((one) => covers(one, value)));
  const [out, before] = [cases.filter(isOut), cases.filter((value) => value.state !== 'closed' && isGivenUp(value))];
  if (out.length + before.length === 0)
    return refused(
      `${subject} is not out by Sickbay`,
      `out: ${known.openCases.filter(isTargetCase).filter(isOut).map(caseSubject).join(', ') || 'nothing'}`,
    );
  return granted(
    out.map((value) => ({ value: givenUp(value, known.now, `${by}: ${reason}`) })),
    [...out, ...before].map((value) => `${caseSubject(value)} is given up: ${stays(value)}`),
  );
}

function stays(value: TargetCase): string {
  const ejection = currentEjection(value);
  if (ejection?.owner !== 'asg') return 'it stays out, and Sickbay does not register it again';
  return `it stays on Standby in ${ejection.autoScalingGroup}, neither checked nor replaced, and Sickbay does not let it out again`;
}

// ---------------------------------------------------------------- breakers

function closeBreakers(known: Known, by: string): Answer {
  const open = known.openCases.filter((value) => value.about === 'breaker' && value.state !== 'closed');
  return granted(
    open.map((value) => closing(known, value, `closed by ${by}`)),
    open.length === 0
      ? ['no breaker is open']
      : open.map((value) => `the breaker of ${value.groupArn === '*' ? 'the stack' : groupName(value.groupArn)} is closed`),
  );
}

// ---------------------------------------------------------------- how it is put on record

function closing(known: Known, value: Case, summary: string): Change {
  const decision = { ...decisionOn(known, value, 'close', summary), because: 'operator' as const };
  return { value: { ...closed(value, known.now, 'operator', summary), decision }, decision };
}

function decisionOn(known: Known, value: Case, action: Decision['action'], reason: string): Decision {
  return { action, caseId: value.id, groupArn: value.groupArn, reason, blocked: [], guardrails: [], lookAgainAt: known.now };
}
