/**
 * Holds: an operator forbids removals of a target or in a whole group. Each is a case of its own;
 * none stops a restore.
 */
import { targetKey, type Case, type HoldCase, type Target } from '../model';
import { utc } from '../report/text';

export function isHold(incident: Case): incident is HoldCase {
  return incident.about === 'hold';
}

/** Neither released nor expired. */
export function isInForce(incident: Case, now: number): incident is HoldCase {
  return isHold(incident) && incident.state !== 'closed' && (incident.hold.untilAt === undefined || now < incident.hold.untilAt);
}

/** Who would leave: one target, or with `anyPort` everything that its instance has registered. */
export interface Leaver {
  readonly target: Target;
  readonly anyPort?: boolean;
}

/**
 * The holds in force that forbid the removal from this group: the target's own, and the group's.
 */
export function holdsOn(cases: readonly Case[], groupArn: string, { target, anyPort = false }: Leaver, now: number): HoldCase[] {
  const meant = (held: Target) => (anyPort ? held.id === target.id : targetKey(held) === targetKey(target));
  return cases
    .filter((incident): incident is HoldCase => incident.groupArn === groupArn && isInForce(incident, now))
    .filter(({ hold }) => hold.target === undefined || meant(hold.target));
}

/** `target by Ann: load test, until 2026-01-01 12:00:00 UTC`. */
export function holdText({ hold }: HoldCase): string {
  const until = hold.untilAt === undefined ? 'until released' : `until ${utc(hold.untilAt)}`;
  return `${hold.target === undefined ? 'the group' : 'the target'} by ${hold.by}: ${hold.reason}, ${until}`;
}
