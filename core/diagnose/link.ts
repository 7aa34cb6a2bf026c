/**
 * What a host sends and receives beside its peers, and which job of it alone that is for. A link
 * that is full makes every round trip longer: packets of the application queue behind those of a
 * backup.
 */
import { isOnThisHost } from './address';
import { seen, type Evidence } from './confidence';
import { contrast, contrastText, gradedHigh, type Levels } from './contrast';
import { ageText, parentOf, shortName } from './identity';
import type { Inspection, Outbound } from './inspection';
import { jobsHere, type Job } from './jobs';
import type { View } from './view';

/** MB in a second: 8 fill what a small instance may send for long (64 Mbit/s); one is felt. */
const FLOODS: Levels = { limit: 8, felt: 1, scale: { absolute: 0.1, relative: 1 } };
const MB = 1_000_000;

type Direction = 'sends' | 'receives';
const COUNTERS: Readonly<Record<Direction, string>> = { sends: 'OutBytes', receives: 'InBytes' };

function perSecond({ net, load }: Inspection, direction: Direction): number | undefined {
  const bytes = net.get(COUNTERS[direction])?.delta;
  const intervalMs = load?.intervalMs ?? 0;
  return bytes === undefined || intervalMs <= 0 ? undefined : bytes / MB / (intervalMs / 1000);
}

/** Connections of a job to other hosts over which data may go in this direction. */
function carries(job: Job, { outbound }: Inspection, direction: Direction): Outbound[] {
  const pids = new Set(job.members.map(({ pid }) => pid));
  const own = outbound.filter(
    ({ pid, state, remote }) => pid !== undefined && pids.has(pid) && state === 'ESTABLISHED' && !isOnThisHost(remote),
  );
  return direction === 'receives' ? own : own.filter(({ unacked = 0 }) => unacked > 0);
}

export interface BusyLink {
  /** The host sends or receives far more than its peers. */
  readonly flood: readonly Evidence[];
  /** The one job of this host alone that it can be for. */
  readonly job?: Job;
  readonly told?: Evidence;
}

/** Undefined where it sends and receives no more than its peers, or that is not told. */
export function busyLink(view: View): BusyLink | undefined {
  for (const direction of ['sends', 'receives'] as const) {
    const both = contrast(view, (host) => perSecond(host, direction));
    const flood = gradedHigh(
      both,
      FLOODS,
      'strong',
      contrastText(`MB that the host ${direction} in a second:`, both, (mb) => mb.toFixed(1)),
    );
    if (flood.length === 0) continue;
    const jobs = jobsHere(view).filter((job) => carries(job, view.sick, direction).length > 0);
    const [job, ...others] = jobs;
    if (job === undefined || others.length > 0) return { flood };
    return { flood, job, told: seen('strong', toldOf(job, view, direction)) };
  }
  return undefined;
}

function toldOf(job: Job, view: View, direction: Direction): string {
  const ends = [...new Set(carries(job, view.sick, direction).map(({ remote, port }) => `${remote}:${port}`))].slice(0, 2).join(', ');
  const parent = parentOf(job.root);
  const from = parent === undefined ? '' : `, parent ${parent.comm}`;
  const does = direction === 'sends' ? 'has data on its way to' : 'is connected to';
  return `pid ${job.root.pid} ${shortName(job.root)} ${does} ${ends}${from}, ${ageText(job.root.startedAt, view.now)}; only this host runs it`;
}
