/** Remote ends of the application: whether it talks to another address for the same role than its peers do. */
import { lackedHere, onlyHere } from './compare';
import type { Evidence } from './confidence';
import { appPids } from './identity';
import type { Inspection, Outbound } from './inspection';
import type { View } from './view';

/** Established connections of the application to other hosts. */
export function ofApplication(inspection: Inspection): Outbound[] {
  const app = appPids(inspection);
  return inspection.outbound.filter(
    ({ pid, state, remote }) => pid !== undefined && app.has(pid) && state === 'ESTABLISHED' && !/^(127\.|\[?::1)/.test(remote),
  );
}

export function endOf({ remote, port }: Outbound): string {
  return `${remote}:${port}`;
}

/** A remote end that no peer has, in place of one on the same port that every peer has and this host lacks: a slow replica, an old address. */
export function otherEnds({ sick, peers }: Pick<View, 'sick' | 'peers'>): Evidence[] {
  const lists = peers.map(ofApplication);
  const here = onlyHere(ofApplication(sick), lists, endOf);
  const lacked = lackedHere(ofApplication(sick), lists, endOf);
  return here.flatMap((one): Evidence[] => {
    const instead = lacked.find(({ port }) => port === one.port);
    if (instead === undefined) return [];
    return [{ weight: 'strong', summary: `the application talks to ${endOf(one)}, where every peer talks to ${endOf(instead)}` }];
  });
}
