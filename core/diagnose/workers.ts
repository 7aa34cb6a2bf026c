/**
 * Workers that accept requests from a Unix socket (php-fpm, gunicorn, Puma behind a proxy) as the
 * pool that they are.
 */
import type { PoolReading } from '../model';
import { declaredPorts } from './database';
import { appPids } from './identity';
import type { Inspection, UnixListener } from './inspection';

/** Where one host has several workers on a socket, it is of a server that forks them. */
function isForked(path: string, hosts: readonly Inspection[]): boolean {
  return hosts.some(({ unix }) => unix.some((one) => one.path === path && one.workers > 1));
}

/**
 * The socket of the application whose workers most requests wait for; undefined where it has none.
 */
function busiest(sick: Inspection, peers: readonly Inspection[]): UnixListener | undefined {
  const app = appPids(sick);
  const asked = sick.unix.filter(({ client, pid, workers }) => workers > 0 && (app.has(client ?? -1) || app.has(pid ?? -1)));
  const own = asked.filter(({ path }) => isForked(path, [sick, ...peers]));
  return [...own].sort((a, b) => b.queue - a.queue || b.served / b.workers - a.served / a.workers)[0];
}

/**
 * The workers of the sick host, and of each peer those on the socket of the same path: how many
 * have a request in hand, and how many requests nobody has accepted yet. One worker process may
 * serve several requests at once: it is busy with one or more.
 */
export function workerPools(sick: Inspection, peers: readonly Inspection[]): PoolReading[] {
  const path = busiest(sick, peers)?.path;
  return [sick, ...peers].flatMap(({ host, unix }) => {
    const socket = unix.find((one) => one.path === path);
    if (socket === undefined || socket.workers < 1) return [];
    return [{ host, active: Math.min(socket.served, socket.workers), max: socket.workers, waiting: socket.queue }];
  });
}

/**
 * Whether several processes of the application hold connections to a database: each has a pool of
 * its own, and a page of metrics that one of them answered tells of that one alone.
 */
export function isOfOneWorker(inspection: Inspection): boolean {
  const app = appPids(inspection);
  const declared = declaredPorts(inspection);
  const holding = inspection.outbound.filter(({ pid, port }) => pid !== undefined && app.has(pid) && declared.includes(port));
  return new Set(holding.map(({ pid }) => pid)).size > 1;
}
