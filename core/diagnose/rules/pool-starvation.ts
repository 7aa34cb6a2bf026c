import { databaseUse, databaseWaits, type DatabaseUse, type Holder } from '../database';
import type { Evidence } from '../confidence';
import { ageText, culpritOf, hostsRunning, parentOf, shortName, startedByCron } from '../identity';
import { isFullHereOnly, peersText, poolText } from '../pool-evidence';
import { sectionStatus } from '../inspection';
import { conclude, type View } from '../view';
import type { Finding, PoolReading } from '../../model';

function describe({ process, connections }: Holder, use: DatabaseUse, view: View): string {
  const parent = parentOf(process);
  const facts = [
    `${use.total} connections to ${use.ports.join(', ')}, ${connections} of them pid ${process.pid} ${shortName(process)}`,
    ...(parent === undefined ? [] : [`parent ${parent.comm}`]),
    ...(process.startedAt > 0 ? [ageText(process.startedAt, view.now)] : []),
  ];
  return `${facts.join(', ')}; only this host runs it`;
}

/** Strangers to the application that hold connections, and that no peer runs. */
function exclusiveHolders(use: DatabaseUse, view: View): Holder[] {
  return use.others.filter(({ process }) => hostsRunning(view.peers, process).length === 0);
}

/** What the clock started first, for a service of its own has its own share of the database; then most connections, then the youngest. */
function likeliest(holders: readonly Holder[]): Holder | undefined {
  const byRank = (a: Holder, b: Holder): number =>
    Number(startedByCron(b.process)) - Number(startedByCron(a.process)) ||
    b.connections - a.connections ||
    b.process.startedAt - a.process.startedAt;
  return [...holders].sort(byRank)[0];
}

function doubts(holders: readonly Holder[], view: View): Evidence[] {
  const blind = view.peers.filter((peer) => ['denied', 'missing', 'timeout', 'failed'].includes(sectionStatus(peer, 'processes')));
  return [
    ...(holders.length > 1 ? [{ weight: 'weak', says: `${holders.length} processes that no peer runs hold connections` } as const] : []),
    ...(blind.length > 0
      ? [{ weight: 'moderate', says: `processes of ${blind.map(({ host }) => host).join(', ')} could not be listed` } as const]
      : []),
  ];
}

/** A connection that was answered and lies still is in the application's hands: nobody keeps it from the database. */
function idleInHand(view: View): Evidence[] {
  const waits = databaseWaits(view.sick);
  if (waits === undefined || waits.idle <= waits.count / 2) return [];
  return [{ weight: 'strong', says: `${waits.idle} of the application's ${waits.count} connections have had their answer and lie idle` }];
}

function waiting(view: View): Evidence[] {
  const waits = databaseWaits(view.sick);
  if (waits === undefined || waits.unanswered <= waits.count / 2) return [];
  const s = Math.round(waits.oldestMs / 1000);
  return [
    {
      weight: 'moderate',
      says: `${waits.unanswered} of the application's ${waits.count} connections wait for the database, for up to ${s} s`,
    },
  ];
}

function fullPool(pool: PoolReading, view: View): Evidence {
  return { weight: 'strong', says: `${poolText(pool)}; ${peersText(view.peerPools)}` };
}

/**
 * Somebody else holds what the pool needs (S6 to S9): the pool is full on this host only, and a process which is not the application and
 * runs on no peer holds connections to the same database.
 */
export function poolStarvation(view: View): Finding | undefined {
  if (view.sickPool === undefined || !isFullHereOnly(view)) return undefined;
  const use = databaseUse(view.sick);
  const holders = exclusiveHolders(use, view);
  const culprit = likeliest(holders);
  if (culprit === undefined) return undefined;
  const clock: Evidence[] = startedByCron(culprit.process)
    ? [{ weight: 'weak', says: 'it was started by the clock, not by the application' }]
    : [];
  return conclude({
    cause: 'pool-starvation',
    support: [fullPool(view.sickPool, view), { weight: 'strong', says: describe(culprit, use, view) }, ...waiting(view), ...clock],
    against: [...idleInHand(view), ...doubts(holders, view)],
    culprit: culpritOf(culprit.process, view.sick),
  });
}
