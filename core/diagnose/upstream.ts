/**
 * What a server of this host that the application asks (pgbouncer, a proxy) asks in turn: its
 * upstream.
 */
import { isLoopback, isOnThisHost } from './address';
import { seen, type Evidence } from './confidence';
import type { Scale } from './compare';
import { contrast, contrastText, highHere, isFew, type Contrast } from './contrast';
import type { Inspection, Outbound } from './inspection';
import { endOf } from './other-ends';
import { appPids } from './identity';
import { serversAsked } from './servers';
import { requestsWait, threadsWaitForSocket } from './symptom';
import type { View } from './view';

/** Peers that keep as many as one another, give or take one, are no matter of chance. */
const STEADY = 1;
/** So many fewer than such peers have. */
const FEWER_BY = 3;

/** Fewer than the steady number that its peers keep, by half or more. */
function isBelowSteady({ here = 0, peers }: Contrast): boolean {
  const least = Math.min(...peers);
  return peers.length > 1 && Math.max(...peers) - least <= STEADY && 2 * here <= least && here + FEWER_BY <= least;
}

/** Established connections of the servers that the application asks on this host to other hosts. */
function upstreams(inspection: Inspection): Outbound[] {
  const pids = new Set(serversAsked(inspection).map(({ pid }) => pid));
  return inspection.outbound.filter(
    ({ pid, state, remote }) => pid !== undefined && pids.has(pid) && state === 'ESTABLISHED' && !isOnThisHost(remote),
  );
}

function total(rows: readonly Outbound[]): number {
  return rows.reduce((sum, { count }) => sum + count, 0);
}

/** Connections of the application to databases and poolers of this host that do not lie idle. */
function inUse({ database }: Inspection, app: ReadonlySet<number>): number {
  const own = database.filter(({ pid, remote }) => pid !== undefined && app.has(pid) && isLoopback(remote));
  return own.reduce((sum, { count, idle }) => sum + count - idle, 0);
}

/** One may be on its way back. */
const BEYOND: Scale = { absolute: 1, relative: 0.3 };

/**
 * Requests wait, and it is there that they do: the application uses more connections to it than it
 * has to its own upstream, or threads sleep for a socket. Both show it on a loaded machine as well,
 * which hides how slow the page is.
 */
function waitsBeside(view: View): boolean {
  const beyond = contrast(view, (host) => inUse(host, appPids(host)) - total(upstreams(host)));
  const signs = [highHere(beyond, 1, BEYOND), threadsWaitForSocket(view).length > 0, requestsWait(view).length > 0];
  return signs.filter(Boolean).length > 1;
}

/**
 * While requests wait for a server of this host, that server has fewer connections to its upstream
 * than any peer's has: it lets less through. An upstream that is slow would have more of them in
 * use, not fewer.
 */
export function fewerUpstream(view: View): Evidence[] {
  if (!waitsBeside(view)) return [];
  const rows = upstreams(view.sick);
  return [...new Set(rows.map(endOf))].flatMap((end) => {
    const both = contrast(view, (host) => total(upstreams(host).filter((row) => endOf(row) === end)));
    const comm = rows.find((row) => endOf(row) === end)?.comm ?? 'a server of this host';
    return isFew(both) || isBelowSteady(both)
      ? [seen('strong', contrastText(`connections of ${comm}, which the application asks, to ${end}:`, both, String))]
      : [];
  });
}
