/** Who listens on a port of a host, and in how many processes. */
import { isOnThisHost } from './address';
import { appPids } from './identity';
import type { HostProcess, Inspection, Listener } from './inspection';

/** Who listens on this port. */
export function listenerOn({ listeners }: Inspection, wanted: number): Listener | undefined {
  return listeners.find(({ port }) => port === wanted);
}

/** The listener of the application's port. */
export function appListener(inspection: Inspection): Listener | undefined {
  return listenerOn(inspection, Number(inspection.params.get('appPort')));
}

/**
 * Processes of the name of whatever listens on this port: a server that forks its workers has as
 * many, and one more. Undefined where nobody is known to listen.
 */
export function serverProcesses(inspection: Inspection, port: number): number | undefined {
  const pid = listenerOn(inspection, port)?.pid;
  const comm = inspection.processes.find((one) => one.pid === pid)?.comm;
  const named = comm === undefined ? [] : inspection.groups.filter((group) => group.comm === comm);
  return named.length === 0 ? undefined : named.reduce((total, { count }) => total + count, 0);
}

/** The same for the application's port. */
export function appServerProcesses(inspection: Inspection): number | undefined {
  return serverProcesses(inspection, Number(inspection.params.get('appPort')));
}

/** Ports of this host on which the application asks a server that is none of its own processes. */
export function portsAskedHere(inspection: Inspection): number[] {
  const app = appPids(inspection);
  const asked = inspection.outbound.filter(
    ({ pid, state, remote }) => pid !== undefined && app.has(pid) && state === 'ESTABLISHED' && isOnThisHost(remote),
  );
  const others = inspection.listeners.filter(({ pid }) => pid !== undefined && !app.has(pid));
  return [...new Set(asked.map(({ port }) => port))].filter((port) => others.some((one) => one.port === port));
}

/** The servers of this host that the application asks: a cache, a database, a proxy beside it. */
export function serversAsked(inspection: Inspection): HostProcess[] {
  const ports = portsAskedHere(inspection);
  const pids = new Set(inspection.listeners.flatMap(({ port, pid }) => (pid !== undefined && ports.includes(port) ? [pid] : [])));
  return inspection.processes.filter(({ pid }) => pids.has(pid));
}
