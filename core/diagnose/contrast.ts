import { isAbove, median, type Scale } from './compare';
import { lessThan, seen, type Evidence, type Weight } from './confidence';
import { appPids, isScheduledOn, runs, startedByCron } from './identity';
import { isWhole, sectionStatus, type HostProcess, type Inspection } from './inspection';
import type { View } from './view';

/** One number of the sick host beside the same number of its peers. */
export interface Contrast {
  readonly here?: number;
  readonly peers: readonly number[];
}

/**
 * Compares with the peers of its own kind. Those that do not have the number are left out of it.
 */
export function contrast(view: Pick<View, 'sick' | 'alike'>, of: (inspection: Inspection) => number | undefined): Contrast {
  const here = of(view.sick);
  const peers = view.alike.flatMap((peer) => of(peer) ?? []);
  return here === undefined ? { peers } : { here, peers };
}

/** At or over the limit, and above its peers: a number that all hosts share is nobody's fault. */
export function highHere({ here, peers }: Contrast, limit: number, scale: Scale): boolean {
  return here !== undefined && here >= limit && isAbove(here, peers, scale);
}

/** At or under the limit, and below its peers. */
export function lowHere({ here, peers }: Contrast, limit: number, scale: Scale): boolean {
  if (here === undefined || here > limit) return false;
  return isAbove(
    -here,
    peers.map((peer) => -peer),
    scale,
  );
}

/** Two levels of one number. */
export interface Levels {
  /** Much by itself: the mechanism is seen. */
  readonly limit: number;
  /** Where it begins to be felt: less than this is no lead, whatever the peers have. */
  readonly felt: number;
  readonly scale: Scale;
}

/** Twice what any peer has. */
const CLEAR_OF_PEERS = 2;

/**
 * What a high number is evidence for: with its full weight at the limit and above its peers; one
 * grade less below the limit, where it stands clear of every peer. A limit must not overrule the
 * contrast: 48 sockets in a bad state are a lead where every peer has none.
 */
export function gradedHigh(both: Contrast, { limit, felt, scale }: Levels, weight: Weight, text: string): Evidence[] {
  if (highHere(both, limit, scale)) return [seen(weight, text)];
  const clear = (both.here ?? 0) >= CLEAR_OF_PEERS * Math.max(...both.peers);
  return clear && highHere(both, felt, scale) ? [seen(lessThan(weight), text)] : [];
}

/** The same for a low number: clear of its peers is half of what any peer has. */
export function gradedLow(both: Contrast, { limit, felt, scale }: Levels, weight: Weight, text: string): Evidence[] {
  if (lowHere(both, limit, scale)) return [seen(weight, text)];
  const clear = (both.here ?? 0) * CLEAR_OF_PEERS <= Math.min(...both.peers);
  return clear && lowHere(both, felt, scale) ? [seen(lessThan(weight), text)] : [];
}

/** Chance moves a count by its square root: three of them are none. */
const ROOTS = 3;

/** Half of any peer's count or less, and not by the chance of the moment. */
export function isFew({ here = 0, peers }: Contrast): boolean {
  const least = Math.min(...peers);
  return peers.length > 0 && 2 * here <= least && here + ROOTS * Math.sqrt(least) <= least;
}

/** "0 ms", "0 to 3 ms". */
export function rangeText(values: readonly number[], show: (value: number) => string): string {
  if (values.length === 0) return 'unknown';
  const [low, high] = [show(Math.min(...values)), show(Math.max(...values))];
  return low === high ? low : `${low} to ${high}`;
}

/** "name lookup 6000 ms; peers 10 ms". */
export function contrastText(label: string, { here, peers }: Contrast, show: (value: number) => string): string {
  return `${label} ${here === undefined ? 'unknown' : show(here)}; peers ${rangeText(peers, show)}`;
}

/** A list of which the most telling rows are there. */
const RANKED: readonly string[] = ['cut', 'partial'];

/**
 * Whether a peer may run this command although its list does not show it. A list that was cut shows
 * first what holds connections, what the clock started and what uses the host, so an idle namesake
 * may be missing from it. One that could not be read may hide anything.
 */
function mayRunUnlisted(peer: Inspection, process: HostProcess): boolean {
  if (isWhole(peer, 'processes')) return false;
  if (RANKED.includes(sectionStatus(peer, 'processes')) && startedByCron(process)) return false;
  return !isWhole(peer, 'groups') || peer.groups.some(({ comm }) => comm === process.comm);
}

/** Whether no peer runs this command just now, or may run it. */
export function runsNowhereElse(process: HostProcess, { peers }: Pick<View, 'peers'>): boolean {
  return !peers.some((peer) => runs(peer, process) || mayRunUnlisted(peer, process));
}

/** Whether no peer runs this command, may run it, or has the clock start it. */
export function isOnlyHere(process: HostProcess, { sick, peers }: Pick<View, 'sick' | 'peers'>): boolean {
  return runsNowhereElse(process, { peers }) && !peers.some((peer) => isScheduledOn(peer, process, sick));
}

/** Processes of the sick host, other than the application, that no peer runs or may run. */
export function exclusiveProcesses(view: Pick<View, 'sick' | 'peers'>): HostProcess[] {
  const app = appPids(view.sick);
  return view.sick.processes.filter((process) => !app.has(process.pid) && isOnlyHere(process, view));
}

/** The one with the largest number, when that reaches the limit. */
export function largestBy<T>(items: readonly T[], of: (item: T) => number, limit: number): T | undefined {
  const best = items.reduce<T | undefined>((top, item) => (top === undefined || of(item) > of(top) ? item : top), undefined);
  return best !== undefined && of(best) >= limit ? best : undefined;
}

/** Times its peers' median, for people; undefined where that says nothing. */
export function timesPeers({ here, peers }: Contrast): number | undefined {
  const middle = median(peers);
  return here === undefined || middle === undefined || middle <= 0 ? undefined : here / middle;
}
