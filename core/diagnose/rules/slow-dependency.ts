import type { Finding } from '../../model';
import type { Evidence } from '../confidence';
import { contrast, contrastText, highHere } from '../contrast';
import { databaseUse, databaseWaits } from '../database';
import { hostsRunning } from '../identity';
import type { Inspection } from '../inspection';
import { milliseconds } from '../readings';
import { isFullHereOnly, peersText, poolText } from '../pool-evidence';
import { conclude, type View } from '../view';
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

/** What the application needs answers slowly to this host only. */
export function slowDependency(view: View): Finding | undefined {
  const waits = contrast(view, unanswered);
  const rtt = contrast(view, (host) => databaseWaits(host)?.rttMs);
  const connecting = contrast(view, syns);
  const slow: Evidence[] = [
    ...(highHere(waits, WAITS_FROM, { absolute: 0.1, relative: 0.25 })
      ? [
          {
            weight: 'strong',
            says: contrastText(
              'connections whose last request has had no answer for a second or more',
              waits,
              (share) => `${Math.round(share * 100)} %`,
            ),
          } as const,
        ]
      : []),
    ...(highHere(rtt, FAR_FROM_MS, { absolute: 2, relative: 1 })
      ? [{ weight: 'strong', says: contrastText('round trip to the database', rtt, milliseconds) } as const]
      : []),
    ...(highHere(connecting, 3, { absolute: 1, relative: 1 })
      ? [{ weight: 'strong', says: contrastText('connections that get no answer to their SYN', connecting, String) } as const]
      : []),
  ];
  if (slow.length === 0) return undefined;
  const full: Evidence[] =
    view.sickPool !== undefined && isFullHereOnly(view)
      ? [{ weight: 'moderate', says: `${poolText(view.sickPool)}; ${peersText(view.peerPools)}` }]
      : [];
  const strangers = databaseUse(view.sick).others.filter(({ process }) => hostsRunning(view.peers, process).length === 0);
  const against: Evidence[] = [
    ...(strangers.length > 0
      ? [{ weight: 'strong', says: 'another process that only this host runs is connected to the same database' } as const]
      : []),
    ...(releaseDrift(view) === undefined ? [] : [{ weight: 'moderate', says: 'this host runs another release' } as const]),
  ];
  return conclude({ cause: 'slow-dependency', support: [...slow, ...full], against });
}
