/**
 * Servers of the host itself that work for somebody: their CPU beside that of the same server on
 * the peers.
 */
import { seen, type Evidence } from './confidence';
import { contrast, contrastText, gradedHigh, type Levels } from './contrast';
import { shortName } from './identity';
import type { View } from './view';

/** Cores of a server on this host, which its peers have too. */
const WORKS: Levels = { limit: 0.5, felt: 0.05, scale: { absolute: 0.02, relative: 0.3 } };

/**
 * The server that listens on one of these ports of this host works more than those of the peers.
 */
export function serverWorksOn(ports: readonly number[], view: View): Evidence[] {
  const { sick } = view;
  const pid = sick.listeners.find((one) => ports.includes(one.port) && one.pid !== undefined)?.pid;
  const server = sick.processes.find((one) => one.pid === pid);
  if (server === undefined) return [];
  const cores = contrast(view, (host) => host.processes.find(({ key }) => key === server.key)?.cpuMs);
  const both = { ...(cores.here === undefined ? {} : { here: cores.here / 1000 }), peers: cores.peers.map((ms) => ms / 1000) };
  const text = contrastText(`pid ${server.pid} ${shortName(server)}, which it asks, uses cores:`, both, (used) => used.toFixed(2));
  return gradedHigh(both, WORKS, 'strong', text).map(({ summary }) => seen('moderate', summary));
}
