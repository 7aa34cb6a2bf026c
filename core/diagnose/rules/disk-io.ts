import type { Finding } from '../../model';
import type { Evidence } from '../confidence';
import { contrast, contrastText, exclusiveProcesses, highHere, largestBy } from '../contrast';
import { ageText, culpritOf, shortName } from '../identity';
import type { HostProcess } from '../inspection';
import { diskBusy, iowaitFraction, milliseconds, percent, stallMs } from '../readings';
import { conclude, type View } from '../view';

const BUSY_FROM = 0.8;
/** A fifth of the time in which nothing ran for want of I/O. */
const STALLS_FROM_MS = 200;
const IOWAIT_FROM = 0.2;
/** KB in the interval that make a process worth naming. */
const HEAVY_FROM_KB = 4096;

function traffic({ readKb = 0, writeKb = 0 }: HostProcess): number {
  return readKb + writeKb;
}

/** The disks are busy here and not on the peers. */
export function diskIo(view: View): Finding | undefined {
  const busy = contrast(view, diskBusy);
  const stall = contrast(view, (host) => stallMs(host, 'io.full'));
  const waits = contrast(view, iowaitFraction);
  const slow: Evidence[] = [
    ...(highHere(busy, BUSY_FROM, { absolute: 0.1, relative: 0.25 })
      ? [{ weight: 'strong', says: contrastText('busiest disk', busy, percent) } as const]
      : []),
    ...(highHere(stall, STALLS_FROM_MS, { absolute: 50, relative: 1 })
      ? [{ weight: 'strong', says: contrastText('stalled for want of I/O', stall, milliseconds) } as const]
      : []),
    ...(highHere(waits, IOWAIT_FROM, { absolute: 0.05, relative: 0.5 })
      ? [{ weight: 'moderate', says: contrastText('CPU idle for I/O', waits, percent) } as const]
      : []),
  ];
  if (slow.length === 0) return undefined;
  const heavy = largestBy(exclusiveProcesses(view), traffic, HEAVY_FROM_KB);
  const named: Evidence[] =
    heavy === undefined
      ? []
      : [
          {
            weight: 'strong',
            says: `pid ${heavy.pid} ${shortName(heavy)} moved ${Math.round(traffic(heavy) / 1024)} MB in a second, ${ageText(heavy.startedAt, view.now)}; only this host runs it`,
          },
        ];
  return conclude({
    cause: 'disk-io',
    support: [...slow, ...named],
    culprit: heavy === undefined ? undefined : culpritOf(heavy, view.sick),
  });
}
