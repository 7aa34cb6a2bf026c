/** Who listens on a port of a host, and in how many processes. */
import type { Inspection, Listener } from './inspection';

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
