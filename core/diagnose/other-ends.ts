/**
 * Remote ends of the application: whether it talks to another address for the same role than its
 * peers do.
 */
import { isLoopback } from './address';
import { lackedHere, onlyHere } from './compare';
import { seen, type Evidence } from './confidence';
import { appPids } from './identity';
import type { Inspection, Outbound } from './inspection';
import type { View } from './view';

/** Established connections of the application to other hosts. */
export function ofApplication(inspection: Inspection): Outbound[] {
  const app = appPids(inspection);
  return inspection.outbound.filter(
    ({ pid, state, remote }) => pid !== undefined && app.has(pid) && state === 'ESTABLISHED' && !isLoopback(remote),
  );
}

export function endOf({ remote, port }: Outbound): string {
  return `${remote}:${port}`;
}

/** Established connections of the application to this end. */
export function connectionsTo(inspection: Inspection, end: string): number {
  return ofApplication(inspection)
    .filter((row) => endOf(row) === end)
    .reduce((total, { count }) => total + count, 0);
}

/**
 * Ports on which several hosts each have an end of their own: what is behind a name with many
 * addresses, and no role that differs.
 */
function manifold(lists: readonly (readonly Outbound[])[]): ReadonlySet<number> {
  const own = lists.flatMap((list, index) => onlyHere(list, lists.toSpliced(index, 1), endOf));
  return new Set(own.map(({ port }) => port));
}

/**
 * The end that every peer has and this host lacks, for which `one` stands: on the same port, or the
 * only such pair of all.
 */
function replacedBy(one: Outbound, here: readonly Outbound[], lacked: readonly Outbound[]): Outbound | undefined {
  return lacked.find(({ port }) => port === one.port) ?? (here.length === 1 && lacked.length === 1 ? lacked[0] : undefined);
}

/** Remote ends that the application has here, and no peer's has. */
export function onlyOfSick({ sick, peers }: Pick<View, 'sick' | 'peers'>): Outbound[] {
  const lists = peers.map(ofApplication);
  if (lists.every((list) => list.length === 0)) return [];
  const usual = manifold(lists);
  return onlyHere(ofApplication(sick), lists, endOf).filter(({ port }) => !usual.has(port));
}

/**
 * Remote ends of the application that no peer's has: a slow replica, an old address. In place of
 * one that every peer has and this host lacks it is the same role; beside all that the peers have
 * it is one more, which says less.
 */
export function otherEnds({ sick, peers }: Pick<View, 'sick' | 'peers'>): Evidence[] {
  const lists = peers.map(ofApplication);
  const databases = (sick.params.get('databasePorts') ?? '').split(',').map(Number);
  const here = onlyOfSick({ sick, peers });
  const lacked = lackedHere(ofApplication(sick), lists, endOf);
  return here.flatMap((one): Evidence[] => {
    const instead = replacedBy(one, here, lacked);
    if (instead !== undefined)
      return [seen('strong', `the application talks to ${endOf(one)}, where every peer talks to ${endOf(instead)}`)];
    if (!databases.includes(one.port) || lackedPort(one, lists)) return [];
    return [seen('moderate', `the application talks to ${endOf(one)}, to which no peer's is connected`)];
  });
}

/**
 * Where some peers have no connection on that port just now, another address may be theirs as well:
 * they open one when they need it.
 */
function lackedPort({ port }: Outbound, lists: readonly (readonly Outbound[])[]): boolean {
  return lists.some((list) => list.every((other) => other.port !== port));
}
