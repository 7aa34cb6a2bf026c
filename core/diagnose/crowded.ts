/**
 * Servers of a host whose open connections are mostly one job's: the application itself, or one
 * that stands behind it, such as the Apache behind a cache.
 */
import { isLoopback } from './address';
import type { Evidence } from './confidence';
import { contrast, contrastText, gradedHigh, type Levels } from './contrast';
import { declaredPorts } from './database';
import { appPids } from './identity';
import type { Inspection, Outbound } from './inspection';
import { listenerOn, serverProcesses } from './servers';
import type { View } from './view';

/** More than its users have open: then a job's connections decide how long they wait. */
const OCCUPIED: Levels = { limit: 8, felt: 8, scale: { absolute: 2, relative: 0.5 } };
/** A server that forks its workers has started more of them. */
const STARTED: Levels = { limit: 8, felt: 4, scale: { absolute: 2, relative: 0.5 } };
/** Connections in the backlog that nobody has accepted. */
const UNACCEPTED: Levels = { limit: 4, felt: 2, scale: { absolute: 0.6, relative: 1 } };

/** Open connections of clients to a port of this host; undefined where nobody listens there. */
function openTo(inspection: Inspection, port: number): number | undefined {
  if (listenerOn(inspection, port) === undefined) return undefined;
  const open = inspection.inbound.filter((row) => row.port === port && row.state === 'ESTABLISHED');
  return open.reduce((sum, { count }) => sum + count, 0);
}

/**
 * A job that holds `held` of the open connections to this port holds most of them, and no peer has
 * nearly as many. A worker that waits for a slow client has nothing to compute, and between two
 * rounds of the job a page may be quick: the connections show it all the same.
 */
export function crowdedBy(held: number, port: number, view: View): Evidence[] {
  const open = contrast(view, (host) => openTo(host, port));
  if (held * 2 <= (open.here ?? 0)) return [];
  const most = `${held} of the open connections to port ${port} are the job's, of all:`;
  return gradedHigh(open, OCCUPIED, 'moderate', contrastText(most, open, String));
}

/** The server on this port has started processes, or cannot accept what comes, here alone. */
export function strained(port: number, view: View): Evidence[] {
  const servers = contrast(view, (host) => serverProcesses(host, port));
  const queue = contrast(view, (host) => listenerOn(host, port)?.queue);
  return [
    ...gradedHigh(servers, STARTED, 'moderate', contrastText('processes of the server:', servers, String)),
    ...gradedHigh(queue, UNACCEPTED, 'moderate', contrastText(`connections to port ${port} that nobody has accepted yet:`, queue, String)),
  ];
}

/** Open connections of others than the application to a server of this host. */
export function asked(inspection: Inspection, port: number): Outbound[] {
  const app = appPids(inspection);
  return inspection.outbound.filter(
    (row) => row.port === port && row.state === 'ESTABLISHED' && isLoopback(row.remote) && row.pid !== undefined && !app.has(row.pid),
  );
}

/**
 * The port of a server of this host, beside the application's own, that is crowded here alone and
 * strained by it; the one with the most connections. A proxy has a connection to what stands behind
 * it only while a request is there: that the two belong together is not seen.
 */
export function crowdedPort(view: View): number | undefined {
  const { sick } = view;
  const known = [Number(sick.params.get('appPort') ?? ''), ...declaredPorts(sick)];
  const ports = [...new Set(sick.listeners.map(({ port }) => port))].filter((port) => !known.includes(port));
  const held = (port: number): number => asked(sick, port).reduce((sum, { count }) => sum + count, 0);
  const crowded = ports.filter((port) => crowdedBy(held(port), port, view).length > 0 && strained(port, view).length > 0);
  return [...crowded].sort((a, b) => held(b) - held(a) || a - b)[0];
}
