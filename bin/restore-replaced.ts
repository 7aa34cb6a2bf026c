/**
 * What `restore --direct` makes of a task that is out for its replacement: it looks and tells, and
 * changes nothing. Registering its address could give another task the users of this one, and its
 * schedule would stop it while it serves; stopping it is for a person who looks at it.
 */
import { isRegistered, lbTargetOf } from '../core/case';
import { targetKey, type LbTarget, type Replacement } from '../core/model';
import { STOP_RETRIES_MS, stopTaskCommand, type ReplacingCase } from '../core/replacement';
import { utc } from '../core/report/text';

/** As told of any other target. */
export interface ReplacedTold {
  readonly caseId: string;
  readonly groupArn: string;
  readonly target: string;
  readonly state: string;
  readonly back: boolean;
  readonly problem?: string;
}

/** @param view target health as read now; empty: it lists nothing, or its group is gone. */
export function toldOfReplaced(incident: ReplacingCase, view: readonly LbTarget[], now: number): ReplacedTold {
  const { replacement } = incident;
  const entry = lbTargetOf(view, replacement.target);
  const told = {
    caseId: incident.id,
    groupArn: incident.groupArn,
    target: targetKey(replacement.target),
    state: entry?.state ?? 'not registered',
  };
  if (!isRegistered(entry)) return { ...told, back: false, problem: `${OUT}; ${whatEndsIt(replacement, now)}` };
  if (!mayBeStopped(replacement, now)) return { ...told, back: true };
  return { ...told, back: false, problem: `registered again, and ${whatEndsIt(replacement, now)}` };
}

const OUT = 'out for the replacement of its task; not registered from here, for its address may be another task by now';

/** By the records: whether the schedule is there, or what it asked for may still come. */
function mayBeStopped({ stopsAt, scheduleCancelledAt }: Replacement, now: number): boolean {
  return scheduleCancelledAt === undefined && now < stopsAt + STOP_RETRIES_MS;
}

function whatEndsIt(replacement: Replacement, now: number): string {
  const { scheduleCancelledAt, calledOffAt, stopsAt } = replacement;
  const stop = `stop it with: ${stopTaskCommand(replacement)}`;
  if (scheduleCancelledAt !== undefined)
    return `its stop was called off and nothing ends it: when its service does not register it again, ${stop}`;
  if (now >= stopsAt + STOP_RETRIES_MS) return `its schedule was to stop it at ${utc(stopsAt)}: if it still runs, ${stop}`;
  const calledOff = calledOffAt === undefined ? '' : ', though that was called off';
  return `its schedule ${replacement.scheduleName} stops it at ${utc(stopsAt)}${calledOff}; to keep the task delete that schedule first, to end it now ${stop}`;
}
