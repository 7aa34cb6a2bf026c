/** What the control group of the application may use, and how much of it is in use. */
import { seen, type Evidence } from './confidence';
import { contrast, contrastText, gradedHigh, type Contrast } from './contrast';
import type { Inspection } from './inspection';
import { appCpuWait, percent } from './readings';
import { workersReplaced } from './restarts';
import { CPU_WAITS } from './rules/cpu-saturation';
import type { View } from './view';

/** Version 1 tells of no limit by the largest number of whole pages there is. */
const UNLIMITED_FROM = 2 ** 60;
/** So much less than the peer with the least is no rounding. */
const CLEARLY_LESS = 0.8;
/** Of a limit in use where the kernel begins to take back what programs have read. */
const NEAR_LIMIT = 0.9;
const MB = 2 ** 20;

/** Bytes: Infinity for no limit; undefined where it is not told. */
function bytesOf(told: string | undefined): number | undefined {
  if (told === 'max') return Number.POSITIVE_INFINITY;
  const bytes = Number(told);
  if (!(bytes > 0)) return undefined;
  return bytes >= UNLIMITED_FROM ? Number.POSITIVE_INFINITY : bytes;
}

/**
 * Bytes of memory that the application's control group may use: Infinity for no limit; undefined
 * where it is not told. Above `memory.high` its processes are slowed down, and nothing is killed
 * (docs.kernel.org/admin-guide/cgroup-v2.html, "Memory Interface Files").
 */
function memoryLimit({ cgroup }: Inspection): number | undefined {
  const most = bytesOf(cgroup.get('memory.max')?.value);
  return most === undefined ? undefined : Math.min(most, bytesOf(cgroup.get('memory.high')?.value) ?? most);
}

/** Share of that in use, 0 to 1; undefined where there is no limit. */
export function memoryLimitUsed(inspection: Inspection): number | undefined {
  const current = Number(inspection.cgroup.get('memory.current')?.value);
  const limit = memoryLimit(inspection);
  return limit === undefined || !Number.isFinite(limit) || !Number.isFinite(current) ? undefined : current / limit;
}

/** Who runs in the application's control group, and takes what it may use of the memory. */
export interface MemoryGroup {
  readonly limitKb: number;
  /** Of its largest processes. */
  readonly pids: ReadonlySet<number>;
}

/** Where the memory of that group is limited; undefined otherwise. */
export function memoryGroup(inspection: Inspection): MemoryGroup | undefined {
  const limit = memoryLimit(inspection);
  const pids = inspection.cgroup.get('memory.procs')?.value.split(' ').map(Number) ?? [];
  return limit === undefined || !Number.isFinite(limit) || pids.length === 0 ? undefined : { limitKb: limit / 1024, pids: new Set(pids) };
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

/**
 * A lower weight for a CPU than on every peer: whoever else computes on the host goes first. It
 * says nothing of an application that waits for no CPU. `cpu.weight` and `cpu.shares` of version 1
 * are scales of their own, and runtimes of containers turn one into the other each in its own way:
 * peers of the other version do not compare.
 */
export function smallerCpuWeight(view: View): Evidence[] {
  const file = view.sick.cgroup.has('cpu.weight') ? 'cpu.weight' : 'cpu.shares';
  const weight = contrast(view, ({ cgroup }) => positive(cgroup.get(file)?.value));
  const wait = contrast(view, appCpuWait);
  const waits = gradedHigh(wait, CPU_WAITS, 'moderate', contrastText('the application waited for a CPU', wait, percent));
  if (!isLess(weight) || waits.length === 0) return [];
  return [seen('strong', contrastText(`${file} of its control group:`, weight, String)), ...waits];
}

function positive(told: string | undefined): number | undefined {
  const number = Number(told);
  return number > 0 ? number : undefined;
}
