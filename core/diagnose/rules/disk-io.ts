import type { Finding } from '../../model';
import type { Evidence } from '../confidence';
import { contrast, contrastText, highHere, largestBy } from '../contrast';
import { ageText, culpritOf, shortName } from '../identity';
import { jobsHere, type Job } from '../jobs';
import { diskBusy, iowaitFraction, milliseconds, percent, stallMs } from '../readings';
import { requestsWait } from '../symptom';
import { conclude, type View } from '../view';

const BUSY_FROM = 0.8;
/** A fifth of the time in which nothing ran for want of I/O. */
const STALLS_FROM_MS = 200;
const IOWAIT_FROM = 0.2;
/** KB in the interval that make a process worth naming. */
const HEAVY_FROM_KB = 4096;

function traffic({ members }: Job): number {
  return members.reduce((total, { readKb = 0, writeKb = 0 }) => total + readKb + writeKb, 0);
}

/** A tenth of a second of a second in which nothing ran for want of I/O, wherever it was. */
const BUSY_ANYWHERE_MS = 100;
/** KB in a second that keep a disk busy: half of what a small EBS volume moves (gp3, 125 MiB/s). */
const FLOOD_FROM_KB = 32_768;

/**
 * The kernel's counters say the same on every host (containers of one machine, a shared volume): then the one job that moves more than
 * all others must tell, while something waits for a disk.
 */
function onSharedCounters(view: View, job: Job): Finding | undefined {
  const stalled = (stallMs(view.sick, 'io.full') ?? 0) >= BUSY_ANYWHERE_MS || (diskBusy(view.sick) ?? 0) >= BUSY_FROM;
  if (!stalled || traffic(job) < FLOOD_FROM_KB) return undefined;
  return conclude({
    cause: 'disk-io',
    support: [
      { weight: 'strong', summary: movedText(view, job) },
      { weight: 'moderate', summary: 'a disk is busy, by counters that its peers share' },
      ...requestsWait(view).slice(0, 1),
    ],
    culprit: culpritOf(job.root, view.sick),
  });
}

function movedText({ now }: View, job: Job): string {
  return `pid ${job.root.pid} ${shortName(job.root)} moved ${Math.round(traffic(job) / 1024)} MB in a second, ${ageText(job.root.startedAt, now)}; only this host runs it`;
}

/** The disks are busy here and not on the peers. */
export function diskIo(view: View): Finding | undefined {
  const busy = contrast(view, diskBusy);
  const stall = contrast(view, (host) => stallMs(host, 'io.full'));
  const waits = contrast(view, iowaitFraction);
  const slow: Evidence[] = [
    ...(highHere(busy, BUSY_FROM, { absolute: 0.1, relative: 0.25 })
      ? [{ weight: 'strong', summary: contrastText('busiest disk', busy, percent) } as const]
      : []),
    ...(highHere(stall, STALLS_FROM_MS, { absolute: 50, relative: 1 })
      ? [{ weight: 'strong', summary: contrastText('stalled for want of I/O', stall, milliseconds) } as const]
      : []),
    ...(highHere(waits, IOWAIT_FROM, { absolute: 0.05, relative: 0.5 })
      ? [{ weight: 'moderate', summary: contrastText('CPU idle for I/O', waits, percent) } as const]
      : []),
  ];
  const heavy = largestBy(jobsHere(view), traffic, HEAVY_FROM_KB);
  if (slow.length === 0) return heavy === undefined ? undefined : onSharedCounters(view, heavy);
  const named: Evidence[] =
    heavy === undefined
      ? []
      : [
          {
            weight: 'strong',
            summary: movedText(view, heavy),
          },
        ];
  return conclude({
    cause: 'disk-io',
    support: [...slow, ...named],
    culprit: heavy === undefined ? undefined : culpritOf(heavy.root, view.sick),
  });
}
