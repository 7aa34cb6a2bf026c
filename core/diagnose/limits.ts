/** What the control group of the application may use, and how much of it is in use. */
import { seen, type Evidence } from './confidence';
import { contrast, contrastText, type Contrast } from './contrast';
import type { Inspection } from './inspection';
import { workersReplaced } from './restarts';
import type { View } from './view';

/** Version 1 tells of no limit by the largest number of whole pages there is. */
const UNLIMITED_FROM = 2 ** 60;
/** So much less than the peer with the least is no rounding. */
const CLEARLY_LESS = 0.8;
/** Of a limit in use where the kernel begins to take back what programs have read. */
const NEAR_LIMIT = 0.9;
const MB = 2 ** 20;

/**
 * Bytes of memory that the application's control group may use: Infinity for no limit; undefined
 * where it is not told.
 */
function memoryLimit({ cgroup }: Inspection): number | undefined {
  const told = cgroup.get('memory.max')?.value;
  if (told === 'max') return Number.POSITIVE_INFINITY;
  const bytes = Number(told);
  if (!(bytes > 0)) return undefined;
  return bytes >= UNLIMITED_FROM ? Number.POSITIVE_INFINITY : bytes;
}

/** Share of that in use, 0 to 1; undefined where there is no limit. */
export function memoryLimitUsed(inspection: Inspection): number | undefined {
  const current = Number(inspection.cgroup.get('memory.current')?.value);
  const limit = memoryLimit(inspection);
  return limit === undefined || !Number.isFinite(limit) || !Number.isFinite(current) ? undefined : current / limit;
}

function isLess({ here, peers }: Contrast): boolean {
  return here !== undefined && peers.length > 0 && here < CLEARLY_LESS * Math.min(...peers);
}

function megabytes(bytes: number): string {
  return Number.isFinite(bytes) ? `${Math.round(bytes / MB)} MB` : 'no limit';
}

/**
 * A lower limit of memory than on every peer, that is used up: what does not fit is read from the
 * disk again, or a process of the group is killed, which leaves room for a moment: then workers are
 * started again and again. One that has room slows nothing down.
 */
export function smallerMemoryLimit(view: View): Evidence[] {
  const limit = contrast(view, memoryLimit);
  const used = memoryLimitUsed(view.sick) ?? 0;
  const replaced = workersReplaced(view);
  if (!isLess(limit) || (used < NEAR_LIMIT && replaced === undefined)) return [];
  return [
    seen('strong', contrastText('its control group may use memory of', limit, megabytes)),
    seen('moderate', replaced ?? `${Math.round(used * 100)} % of that is in use`),
  ];
}

/**
 * Processes and threads that the control group may have: Infinity for no limit; undefined where it
 * is not told.
 */
function processLimit({ cgroup }: Inspection): number | undefined {
  const told = cgroup.get('pids.max')?.value;
  if (told === 'max') return Number.POSITIVE_INFINITY;
  return Number(told) > 0 ? Number(told) : undefined;
}

/**
 * A lower limit of processes and threads than on every peer, that is used up: fork(2) and clone(2)
 * fail (cgroups(7), pids).
 */
export function smallerProcessLimit(view: View): Evidence[] {
  const limit = contrast(view, processLimit);
  const current = Number(view.sick.cgroup.get('pids.current')?.value);
  if (!isLess(limit) || !(current >= NEAR_LIMIT * (limit.here ?? 0))) return [];
  const shown = (most: number): string => (Number.isFinite(most) ? String(most) : 'no limit');
  return [
    seen('strong', contrastText('processes and threads that its control group may have:', limit, shown)),
    seen('moderate', `${current} of them are in use`),
  ];
}
