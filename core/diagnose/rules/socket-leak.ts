import type { Finding } from '../../model';
import { seen, type Evidence } from '../confidence';
import { contrast, contrastText, gradedHigh, type Contrast, type Levels } from '../contrast';
import type { Inspection } from '../inspection';
import { ageText, appPids, culpritOf, shortName } from '../identity';
import { jobsHere, type Job } from '../jobs';
import { appSockets, percent } from '../readings';
import { requestsWait } from '../symptom';
import { conclude, type View } from '../view';
import { waitsElsewhere } from './slow-dependency';

/**
 * The other side hung up on this many, and the application did not close its own: a leak, not a
 * moment.
 */
const CLOSE_WAIT: Levels = { limit: 50, felt: 8, scale: { absolute: 2.5, relative: 1 } };
/** Clients of the application to others have few slots: some of them gone is felt. */
const OUTWARD: Levels = { limit: 5, felt: 3, scale: { absolute: 1, relative: 1 } };
/**
 * Local ports towards one remote end, of all that there are: from half of them on the next one is
 * searched for, and connect(2) fails once they are used up (ip(7), ip_local_port_range).
 */
const PORTS: Levels = { limit: 0.5, felt: 0.1, scale: { absolute: 0.03, relative: 1 } };
/**
 * Connections that the packet filter keeps track of: once its table is full it drops the first
 * packet of the next one ("nf_conntrack: table full", nf_conntrack_core.c).
 */
const TRACKED: Levels = { limit: 0.95, felt: 0.8, scale: { absolute: 0.1, relative: 0.5 } };
/** Linux's default range, 32768 to 60999. */
const DEFAULT_PORTS = 28_232;
/** So much CPU in a second shows that a job does something. */
const ACTIVE_FROM_MS = 10;

/**
 * The remote end towards which most local ports are in use or wait for their minute to pass, and
 * their share.
 */
function portsUsed(inspection: Inspection): { readonly remote: string; readonly count: number; readonly share: number } | undefined {
  const counts = new Map<string, number>();
  for (const { remote, port, count } of inspection.outbound) {
    if (remote === 'unix') continue;
    const end = `${remote}:${port}`;
    counts.set(end, (counts.get(end) ?? 0) + count);
  }
  const [most] = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const ports = Number(inspection.facts.get('localPorts') ?? DEFAULT_PORTS);
  return most === undefined || !(ports > 0) ? undefined : { remote: most[0], count: most[1], share: most[1] / ports };
}

/** Share of that table in use, 0 to 1. */
function tracked({ facts }: Inspection): number | undefined {
  const [count, most] = [Number(facts.get('connections')), Number(facts.get('connectionsMax'))];
  return count >= 0 && most > 0 ? count / most : undefined;
}

function tableFull(view: View): Evidence[] {
  const used = contrast(view, tracked);
  return gradedHigh(
    used,
    TRACKED,
    'strong',
    contrastText("in use of the packet filter's table of connections (conntrack):", used, percent),
  );
}

/**
 * A connection in TIME_WAIT has no owner any more. That of what runs here alone one job is at work
 * now, and that the application, which the peers run, too, leaves none there, tells whose they are.
 */
function whoLeavesThem(view: View): Job | undefined {
  const [first, ...others] = jobsHere(view).filter(
    ({ members }) => members.reduce((total, { cpuMs }) => total + cpuMs, 0) >= ACTIVE_FROM_MS,
  );
  return others.length === 0 ? first : undefined;
}

/**
 * The local ports towards one remote end are used up here, by connections that are closed already.
 */
function outOfPorts(view: View): { readonly support: readonly Evidence[]; readonly job?: Job } {
  const here = portsUsed(view.sick);
  const both = contrast(view, (host) => portsUsed(host)?.share ?? 0);
  const found = gradedHigh(both, PORTS, 'strong', contrastText(`local ports in use towards ${here?.remote}:`, both, percent));
  if (found.length === 0) return { support: [] };
  const job = whoLeavesThem(view);
  const waits = requestsWait(view).slice(0, 1);
  if (job === undefined) return { support: [...found, ...waits] };
  const named = `pid ${job.root.pid} ${shortName(job.root)} is at work, ${ageText(job.root.startedAt, view.now)}; only this host runs it`;
  return { support: [...found, ...waits, seen('moderate', named)], job };
}

/**
 * Sockets to others that the other side has closed and the application has not: each takes up a
 * slot of its client.
 */
function outward(inspection: Inspection): number {
  const app = appPids(inspection);
  const own = inspection.outbound.filter(({ pid, state }) => state === 'CLOSE_WAIT' && pid !== undefined && app.has(pid));
  return own.reduce((total, { count }) => total + count, 0);
}

/** So many that are closed, and none open, are no pool that is idle for a moment. */
const SLOTS_FROM = 4;

function countAt(inspection: Inspection, end: string, state: string): number {
  const app = appPids(inspection);
  const own = inspection.outbound.filter((row) => row.state === state && row.pid !== undefined && app.has(row.pid));
  return own.filter(({ remote, port }) => `${remote}:${port}` === end).reduce((total, { count }) => total + count, 0);
}

/**
 * All that the application has to one end is closed by the other side, while requests wait for
 * nothing else and every peer has open connections there. Peers may have as many that are closed: a
 * pool keeps them until it needs one.
 */
function slotsGone(view: View): Evidence[] {
  const { sick, peers } = view;
  const app = appPids(sick);
  const closedHere = sick.outbound.filter(({ pid, state }) => state === 'CLOSE_WAIT' && pid !== undefined && app.has(pid));
  if (requestsWait(view).length === 0 || peers.length === 0 || waitsElsewhere(view)) return [];
  return [...new Set(closedHere.map(({ remote, port }) => `${remote}:${port}`))].flatMap((end) => {
    const count = countAt(sick, end, 'CLOSE_WAIT');
    const isGone = count >= SLOTS_FROM && countAt(sick, end, 'ESTABLISHED') === 0;
    if (!isGone || peers.some((peer) => countAt(peer, end, 'ESTABLISHED') === 0)) return [];
    return [seen('strong', `all ${count} connections of the application to ${end} are closed by the other side; every peer has open ones`)];
  });
}

/** Sockets, in or out, that the other side has closed. */
function closed(view: View): Contrast {
  return contrast(view, (host) => appSockets(host, 'CLOSE_WAIT'));
}

function hungUp(view: View): Evidence[] {
  const both = closed(view);
  const text = contrastText('sockets the application did not close after the other side had (CLOSE_WAIT)', both, String);
  const found = gradedHigh(both, CLOSE_WAIT, 'strong', text);
  const many = found.length > 0 && (both.here ?? 0) >= 10 * CLOSE_WAIT.limit;
  const certain = requestsWait(view).length > 0 ? found.map((one) => ({ ...one, weight: 'moderate' as const })) : found;
  return [...certain, ...(many ? [seen('moderate', 'they are hundreds')] : [])];
}

/**
 * While requests wait it is what impatient clients leave behind as well: a lead, and no leak of its
 * own.
 */
function impatience(view: View, left: readonly Evidence[]): Evidence[] {
  if (left.length === 0 || requestsWait(view).length === 0) return [];
  return [seen('weak', 'clients that hung up while their requests waited look the same')];
}

/** The application does not give its sockets back. */
export function socketLeak(view: View): Finding | undefined {
  const ports = outOfPorts(view);
  const out = contrast(view, outward);
  const left = contrastText('connections to others that they closed and the application did not (CLOSE_WAIT)', out, String);
  const clear = gradedHigh(out, OUTWARD, 'strong', left);
  const leaks = clear.length > 0 ? clear : slotsGone(view);
  const ofClients = leaks.length > 0 ? [] : hungUp(view);
  const support: Evidence[] = [
    ...(leaks.length > 0 ? [...leaks, ...requestsWait(view).slice(0, 1)] : ofClients),
    ...ports.support,
    ...tableFull(view),
  ];
  const culprit = ports.job === undefined ? undefined : culpritOf(ports.job.root, view.sick);
  return conclude({ cause: 'socket-leak', support, against: impatience(view, ofClients), culprit });
}
