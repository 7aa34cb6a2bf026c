import type { Finding } from '../../model';
import type { Evidence } from '../confidence';
import { endOf, ofApplication, otherEnds } from '../other-ends';
import { contrast, contrastText, highHere, runsNowhereElse } from '../contrast';
import { databaseUse, databaseWaits } from '../database';
import type { Inspection } from '../inspection';
import { milliseconds, percent } from '../readings';
import { isFullHereOnly, peersText, poolText } from '../pool-evidence';
import { conclude, type View } from '../view';
import { requestsWait } from '../symptom';
import { releaseDrift } from './release-drift';

/** Half of the connections waiting for an answer is no chance. */
const WAITS_FROM = 0.5;
/** Longer than any round trip inside a region. */
const FAR_FROM_MS = 10;

function unanswered(inspection: Inspection): number | undefined {
  const waits = databaseWaits(inspection);
  return waits === undefined || waits.count === 0 ? undefined : waits.unanswered / waits.count;
}

function syns(inspection: Inspection): number {
  return inspection.outbound.filter(({ state }) => state === 'SYN_SENT').reduce((total, { count }) => total + count, 0);
}

/** The application's connections wait for the database, here and not on the peers: what the kernel's own clocks say. */
export function waitsHere(view: View): Evidence[] {
  const waits = contrast(view, unanswered);
  if (!highHere(waits, WAITS_FROM, { absolute: 0.1, relative: 0.25 })) return [];
  const summary = contrastText('connections whose last request has had no answer for a second or more', waits, percent);
  return [{ weight: 'strong', summary }];
}

/** The way to the database is long or broken from here: nothing that another process of this host could do. */
export function farHere(view: View): Evidence[] {
  const rtt = contrast(view, (host) => databaseWaits(host)?.rttMs);
  const connecting = contrast(view, syns);
  return [
    ...(highHere(rtt, FAR_FROM_MS, { absolute: 2, relative: 1 })
      ? [{ weight: 'strong', summary: contrastText('round trip to the database', rtt, milliseconds) } as const]
      : []),
    ...(highHere(connecting, 3, { absolute: 1, relative: 1 })
      ? [{ weight: 'strong', summary: contrastText('connections that get no answer to their SYN', connecting, String) } as const]
      : []),
  ];
}

/**
 * Connections to one remote end that is no database, beyond what its peers have there: each holds a request that waits for its answer. A
 * database has as many as the pool has, whoever holds them.
 */
function crowdedEnd(view: View): Evidence[] {
  if (requestsWait(view).length === 0) return [];
  const databases = (view.sick.params.get('databasePorts') ?? '').split(',').map(Number);
  const others = ofApplication(view.sick).filter(({ port }) => !databases.includes(port));
  const ends = new Set(others.map(endOf));
  return [...ends].flatMap((end): Evidence[] => {
    const both = contrast(view, (host) => countAt(host, end));
    if (!highHere(both, 5, { absolute: 1.5, relative: 0.5 })) return [];
    return [{ weight: 'moderate', summary: contrastText(`the application's connections to ${end}:`, both, String) }];
  });
}

function countAt(inspection: Inspection, end: string): number {
  return ofApplication(inspection)
    .filter((row) => endOf(row) === end)
    .reduce((total, { count }) => total + count, 0);
}

/** What the application needs answers slowly to this host only. */
export function slowDependency(view: View): Finding | undefined {
  const far = farHere(view);
  const ends = otherEnds(view);
  const crowded = crowdedEnd(view);
  const waits = waitsHere(view);
  if (waits.length + far.length + ends.length + crowded.length === 0) return undefined;
  const slow = [...waits, ...far, ...ends, ...crowded, ...requestsWait(view).slice(0, 1)];
  const full: Evidence[] =
    view.sickPool !== undefined && isFullHereOnly(view)
      ? [{ weight: 'moderate', summary: `${poolText(view.sickPool)}; ${peersText(view.peerPools)}` }]
      : [];
  const strangers = databaseUse(view.sick).others.filter(({ process }) => runsNowhereElse(process, view));
  const against: Evidence[] = [
    ...(strangers.length > 0
      ? [
          {
            weight: far.length > 0 ? 'weak' : 'strong', // no process of this host makes the way longer
            summary: 'another process that only this host runs is connected to the same database',
          } as const,
        ]
      : []),
    ...(releaseDrift(view) === undefined ? [] : [{ weight: 'moderate', summary: 'this host runs another release' } as const]),
  ];
  return conclude({ cause: 'slow-dependency', support: [...slow, ...full], against });
}
