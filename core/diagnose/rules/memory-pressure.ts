import type { Finding } from '../../model';
import type { Evidence } from '../confidence';
import { contrast, contrastText, highHere, largestBy, lowHere } from '../contrast';
import { ageText, culpritOf, shortName } from '../identity';
import type { Inspection } from '../inspection';
import { jobsHere, type Job } from '../jobs';
import { memoryAvailable, milliseconds, percent, stallMs, swapPages } from '../readings';
import { conclude, type View } from '../view';

/** Below a tenth the kernel reclaims what programs still use. */
const SCARCE_BELOW = 0.1;
/** A tenth of the time in which nothing ran for want of memory. */
const STALLS_FROM_MS = 100;
const SWAPS_FROM_PAGES = 100;
/** A process with a fifth of the memory is worth naming. */
const LARGE_FROM = 0.2;

function cgroupFull({ cgroup }: Inspection): number | undefined {
  const current = Number(cgroup.get('memory.current')?.value);
  const max = Number(cgroup.get('memory.max')?.value);
  return Number.isFinite(current) && max > 0 ? current / max : undefined;
}

function oomKills(inspection: Inspection): number {
  const own = Number(inspection.cgroup.get('memory.events.oom_kill')?.value ?? 0);
  return Math.max(inspection.vm.get('oom_kill')?.total ?? 0, Number.isFinite(own) ? own : 0);
}

function shortage(view: View): Evidence[] {
  const available = contrast(view, memoryAvailable);
  const swap = contrast(view, swapPages);
  const stall = contrast(view, (host) => stallMs(host, 'memory.full'));
  const quota = contrast(view, cgroupFull);
  const kills = contrast(view, oomKills);
  return [
    ...(lowHere(available, SCARCE_BELOW, { absolute: 0.03, relative: 0.1 })
      ? [{ weight: 'strong', summary: contrastText('memory available', available, percent) } as const]
      : []),
    ...(highHere(swap, SWAPS_FROM_PAGES, { absolute: 30, relative: 1 })
      ? [{ weight: 'strong', summary: contrastText('pages swapped in a second', swap, String) } as const]
      : []),
    ...(highHere(stall, STALLS_FROM_MS, { absolute: 30, relative: 1 })
      ? [{ weight: 'strong', summary: contrastText('stalled for want of memory', stall, milliseconds) } as const]
      : []),
    ...(highHere(quota, 0.95, { absolute: 0.05, relative: 0.1 })
      ? [{ weight: 'strong', summary: contrastText("of the cgroup's memory in use", quota, percent) } as const]
      : []),
    ...(highHere(kills, 1, { absolute: 0.3, relative: 1 })
      ? [{ weight: 'moderate', summary: contrastText('processes killed for want of memory since boot', kills, String) } as const]
      : []),
  ];
}

function memoryKb({ members }: Job): number {
  return members.reduce((total, { rssKb }) => total + rssKb, 0);
}

/** This host is short of memory: it reclaims, swaps or kills. */
export function memoryPressure(view: View): Finding | undefined {
  const short = shortage(view);
  if (short.length === 0) return undefined;
  const total = view.sick.memKb.get('MemTotal') ?? Number.POSITIVE_INFINITY;
  const large = largestBy(jobsHere(view), (job) => memoryKb(job) / total, LARGE_FROM);
  const named: Evidence[] =
    large === undefined
      ? []
      : [
          {
            weight: 'strong',
            summary: `pid ${large.root.pid} ${shortName(large.root)} holds ${percent(memoryKb(large) / total)} of the memory, ${ageText(large.root.startedAt, view.now)}; only this host runs it`,
          },
        ];
  return conclude({
    cause: 'memory-pressure',
    support: [...short, ...named],
    culprit: large === undefined ? undefined : culpritOf(large.root, view.sick),
  });
}
