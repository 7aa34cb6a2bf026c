import type { Evidence } from '../confidence';
import { databaseUse } from '../database';
import { hostsRunning } from '../identity';
import { isWhole } from '../parse';
import { isFullHereOnly, peersText, poolText } from '../pool-evidence';
import { conclude, type View } from '../view';
import type { Finding } from '../../model';

/** Nobody else: an absence counts only where sockets and their owners were all seen. */
function nobodyElse(view: View): Evidence[] {
  return isWhole(view.sick, 'sockets')
    ? [{ weight: 'moderate', says: 'no other process that only this host runs is connected to the database' }]
    : [];
}

/** The application itself holds its pool: full on this host only, and nobody else is on the database. */
export function poolLeak(view: View): Finding | undefined {
  const pool = view.sickPool;
  if (pool === undefined || !isFullHereOnly(view)) return undefined;
  const use = databaseUse(view.sick);
  if (use.others.some(({ process }) => hostsRunning(view.peers, process).length === 0)) return undefined;
  const holds: Evidence[] =
    use.byApp >= pool.active
      ? [{ weight: 'weak', says: `all ${use.byApp} connections to ${use.ports.join(', ')} are the application's` }]
      : [];
  const hidden: Evidence[] =
    use.unowned > 0 ? [{ weight: 'moderate', says: `${use.unowned} connections have an owner that could not be seen` }] : [];
  return conclude({
    cause: 'pool-leak',
    support: [{ weight: 'strong', says: `${poolText(pool)}; ${peersText(view.peerPools)}` }, ...nobodyElse(view), ...holds],
    against: hidden,
  });
}
