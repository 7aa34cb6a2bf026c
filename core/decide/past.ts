/**
 * The ejections of an instance within six hours, over all of its cases, in whichever target group
 * each was.
 */
import { holderOf, isTargetCase } from '../case';
import { hostNameOf, type Case, type Ejection, type TargetCase } from '../model';
import type { Situation } from './situation';

export const PAST_MS = 6 * 3_600_000;

/** From this ejection within six hours on a person decides. */
export const MANY_EJECTIONS = 3;

export interface Past {
  /** Ejections that were not abandoned. */
  readonly ejections: number;
  /** Time out of service by us, ms. */
  readonly outMs: number;
}

type Cases = Pick<Situation, 'openCases' | 'closedCases'>;

/**
 * Every remembered case of this case's instance, by its id or its address. Instance ids are never
 * reused: one id is one host.
 */
export function casesOfInstance({ openCases, closedCases }: Cases, incident: TargetCase): Case[] {
  return [...openCases, ...closedCases].filter((other) => isSameHost(other, incident));
}

/** Whether two cases are about one host. */
export function isSameHost(a: Case, b: TargetCase): boolean {
  return isTargetCase(a) && hostNameOf(a.target, holderOf(a)) === hostNameOf(b.target, holderOf(b));
}

/**
 * An instance that several target groups share has one history, because its host was slow. One
 * absence that two cases have on record is one ejection: the second case may have seen the Standby
 * that the first had asked for. `at`: the six hours end then, and what is out is out until then.
 */
export function pastOf(situation: Pick<Situation, 'now'> & Cases, incident: TargetCase, at = situation.now): Past {
  const oldestAt = at - PAST_MS;
  const spells = casesOfInstance(situation, incident).flatMap((other) =>
    other.ejections.filter(happened).map((ejection) => spell(at, other, ejection)),
  );
  const recent = spells.filter(({ until }) => until > oldestAt);
  return {
    ejections: joined(recent, sameStandby).filter(({ from }) => from > oldestAt).length,
    outMs: joined(recent, () => true).reduce((sum, { from, until }) => sum + until - Math.max(from, oldestAt), 0),
  };
}

function happened(ejection: Ejection): boolean {
  return ejection.abandonedAt === undefined;
}

interface Spell {
  readonly from: number;
  readonly until: number;
  readonly autoScalingGroup?: string;
}

function spell(now: number, incident: Case, ejection: Ejection): Spell {
  const { autoScalingGroup } = ejection;
  const times = { from: ejection.intentAt, until: ejection.restoredAt ?? incident.closedAt ?? now };
  return autoScalingGroup === undefined ? times : { ...times, autoScalingGroup };
}

/**
 * Two deregistrations from two groups are two removals, even at the same time; two Standbys of one
 * instance at the same time are one.
 */
function sameStandby(a: Spell, b: Spell): boolean {
  return a.autoScalingGroup !== undefined && a.autoScalingGroup === b.autoScalingGroup;
}

/** Spells that overlap, and that `alike` takes for one, as one. */
function joined(spells: readonly Spell[], alike: (a: Spell, b: Spell) => boolean): Spell[] {
  const result: Spell[] = [];
  for (const next of [...spells].sort((a, b) => a.from - b.from)) {
    const index = result.findIndex((earlier) => alike(earlier, next) && next.from <= earlier.until);
    const earlier = result[index];
    if (earlier === undefined) result.push(next);
    else result[index] = { ...earlier, until: Math.max(earlier.until, next.until) };
  }
  return result;
}

/**
 * What was measured before the instance last left, came back, or was spared, on behalf of any case,
 * is evidence about another situation.
 */
export function lastMoved(situation: Situation, incident: TargetCase): number {
  const cases = [incident, ...casesOfInstance(situation, incident)];
  const ejections = cases.flatMap((other) => other.ejections);
  const replacements = cases.flatMap(({ replacement }) => replacement ?? []);
  return Math.max(
    0,
    ...ejections.flatMap(({ abandonedAt = 0, restoredAt = 0 }) => [abandonedAt, restoredAt]),
    ...replacements.flatMap(({ abandonedAt = 0, returnedAt = 0 }) => [abandonedAt, returnedAt]),
  );
}
