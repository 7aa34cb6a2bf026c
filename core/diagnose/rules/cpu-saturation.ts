import type { Finding } from '../../model';
import type { Evidence } from '../confidence';
import { contrast, contrastText, exclusiveProcesses, highHere, largestBy } from '../contrast';
import { ageText, culpritOf, parentOf, shortName } from '../identity';
import type { HostProcess, Inspection } from '../inspection';
import { appCores, appCpuWait, appProcesses, busyFraction, percent, stealFraction } from '../readings';
import { conclude, type View } from '../view';

/** A fifth of the time without a CPU it could use makes a request a quarter slower at least. */
const WAITS_FROM = 0.2;
/** Queueing makes a resource that is nine tenths busy ten times slower (M/M/1: 1 / (1 - use)). */
const BUSY_FROM = 0.9;
/** EC2 calls steal over a tenth a host that does not get what it pays for. */
const STEAL_FROM = 0.1;
/** Cores that make a process worth naming. */
const BURNS_FROM = 0.3;

/** Share of the CPUs that the application may use which this host's own processes fill: told by per-process counters. */
function ownCpusFull(inspection: Inspection): number | undefined {
  const cpus = Math.min(...appProcesses(inspection).flatMap((process) => (process.cpus > 0 ? [process.cpus] : [])));
  if (!Number.isFinite(cpus)) return undefined;
  return inspection.processes.reduce((total, process) => total + process.cpuMs, 0) / (1000 * cpus);
}

function throttled({ cgroup }: Inspection): number {
  return cgroup.get('nr_throttled')?.delta ?? 0;
}

function shortage(view: View): Evidence[] {
  const wait = contrast(view, appCpuWait);
  const busy = contrast(view, busyFraction);
  const steal = contrast(view, stealFraction);
  const full = contrast(view, ownCpusFull);
  const throttle = contrast(view, throttled);
  const scale = { absolute: 0.1, relative: 0.25 };
  return [
    ...(highHere(full, BUSY_FROM, scale)
      ? [{ weight: 'strong', says: contrastText('the CPUs it may use are filled by its own processes to', full, percent) } as const]
      : []),
    ...(highHere(wait, WAITS_FROM, { absolute: 0.06, relative: 0.25 })
      ? [{ weight: 'strong', says: contrastText('the application waited for a CPU', wait, percent) } as const]
      : []),
    ...(highHere(busy, BUSY_FROM, { absolute: 0.06, relative: 0.1 })
      ? [{ weight: 'strong', says: contrastText('CPU busy', busy, percent) } as const]
      : []),
    ...(highHere(steal, STEAL_FROM, { absolute: 0.02, relative: 0.5 })
      ? [{ weight: 'strong', says: contrastText('CPU taken by the hypervisor (steal)', steal, percent) } as const]
      : []),
    ...(highHere(throttle, 1, { absolute: 0.3, relative: 1 })
      ? [{ weight: 'strong', says: contrastText('periods throttled by the CPU quota', throttle, String) } as const]
      : []),
  ];
}

function burnText(process: HostProcess, now: number): string {
  const parent = parentOf(process);
  const from = parent === undefined ? '' : `, parent ${parent.comm}`;
  return `pid ${process.pid} ${shortName(process)} uses ${(process.cpuMs / 1000).toFixed(2)} of a core${from}, ${ageText(process.startedAt, now)}; only this host runs it`;
}

/** There is not enough CPU here: somebody else burns it, or the hypervisor or a quota takes it away. */
export function cpuSaturation(view: View): Finding | undefined {
  const short = shortage(view);
  if (short.length === 0) return undefined;
  const hog = largestBy(exclusiveProcesses(view), ({ cpuMs }) => cpuMs / 1000, BURNS_FROM);
  const own = contrast(view, appCores);
  const itself = hog === undefined && highHere(own, BURNS_FROM, { absolute: 0.15, relative: 0.5 });
  return conclude({
    cause: 'cpu-saturation',
    support: [...short, ...(hog === undefined ? [] : [{ weight: 'strong', says: burnText(hog, view.now) } as const])],
    against: itself
      ? [
          {
            weight: 'moderate',
            says: contrastText('it is the application itself that uses the CPU: cores', own, (cores) => cores.toFixed(2)),
          },
        ]
      : [],
    culprit: hog === undefined ? undefined : culpritOf(hog, view.sick),
  });
}

/** Whether another process takes the CPU the application needs: other rules count it against themselves. */
export function isShortOfCpu(view: View): boolean {
  const hog = largestBy(exclusiveProcesses(view), ({ cpuMs }) => cpuMs / 1000, BURNS_FROM);
  return hog !== undefined && shortage(view).length > 0;
}
