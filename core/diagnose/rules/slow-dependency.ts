import type { Finding } from '../../model';
import { isLoopback } from '../address';
import { seen, type Evidence } from '../confidence';
import { connectionsTo, endOf, ofApplication, otherEnds } from '../other-ends';
import { contrast, contrastText, gradedHigh, runsNowhereElse, type Levels } from '../contrast';
import { databaseUse, databaseWaits, declaredPorts } from '../database';
import type { Inspection, Outbound } from '../inspection';
import { milliseconds, percent, retransmitted } from '../readings';
import { isFullHereOnly, peersText, poolText } from '../pool-evidence';
import { fullHere } from './disk-full';
import { conclude, foundBy, hostsOf, type View } from '../view';
import { ageText, culpritOf, shortName } from '../identity';
import type { Job } from '../jobs';
import { busyLink } from '../link';
import { serverWorksOn } from '../server-works';
import { portsAskedHere } from '../servers';
import { fewerUpstream } from '../upstream';
import { stoppedEvidence, whoStopped } from '../stopped';
import {
  isPageQuick,
  requestsWait,
  threadsWaitForDisk,
  threadsWaitForFileServer,
  threadsWaitForReader,
  threadsWaitForSocket,
} from '../symptom';
import { releaseDrift } from './release-drift';

/**
 * Half of the connections waiting for an answer is no chance; a fifth is, unless no peer has any.
 */
const WAITS: Levels = { limit: 0.5, felt: 0.2, scale: { absolute: 0.06, relative: 0.25 } };
/**
 * Longer than any round trip inside a region; two milliseconds are felt where every request takes
 * many.
 */
const FAR_MS: Levels = { limit: 10, felt: 2, scale: { absolute: 0.5, relative: 1 } };
/**
 * A request whose answer is late is acknowledged 40 ms later (delayed ACK), which TCP takes for the
 * way: while connections wait, only more than that is far.
 */
const FAR_WHILE_WAITING_MS: Levels = { limit: 45, felt: 45, scale: { absolute: 2, relative: 1 } };
const NO_SYN_ANSWER: Levels = { limit: 3, felt: 1, scale: { absolute: 0.3, relative: 1 } };
/** A network inside a region loses next to nothing. */
export const LOSES: Levels = { limit: 0.02, felt: 0.005, scale: { absolute: 0.0015, relative: 1 } };

function unanswered(inspection: Inspection, hosts: readonly Inspection[]): number | undefined {
  const waits = databaseWaits(inspection, hosts);
  return waits === undefined || waits.count === 0 ? undefined : waits.unanswered / waits.count;
}

/**
 * Connections that wait for the answer to their SYN: those of others than the application too, for
 * their owner may not be told yet.
 */
function connecting({ outbound }: Inspection): Outbound[] {
  return outbound.filter(({ state }) => state === 'SYN_SENT');
}

/** Loopback loses nothing: whoever listens there accepts nobody, and its backlog is full. */
function isOwn({ remote }: Outbound): boolean {
  return isLoopback(remote);
}

function syns(inspection: Inspection, isCounted: (row: Outbound) => boolean): number {
  return connecting(inspection)
    .filter(isCounted)
    .reduce((total, { count }) => total + count, 0);
}

function withoutAnswer(view: View, isCounted: (row: Outbound) => boolean, what: string): Evidence[] {
  const silent = contrast(view, (host) => syns(host, isCounted));
  const whom = [...new Set(connecting(view.sick).filter(isCounted).map(endOf))].slice(0, 3).join(', ');
  return gradedHigh(silent, NO_SYN_ANSWER, 'strong', contrastText(`${what} (${whom}):`, silent, String));
}

/**
 * A server on this host that the application needs takes no more connections: somebody may hold all
 * of them.
 */
export function unacceptedHere(view: View): Evidence[] {
  return withoutAnswer(view, isOwn, 'connections that a server on this host does not accept');
}

/**
 * The application's connections wait for the database, here and not on the peers: what the kernel's
 * own clocks say.
 */
export function waitsHere(view: View): Evidence[] {
  const waits = contrast(view, (host) => unanswered(host, hostsOf(view)));
  const text = contrastText('connections whose last request has had no answer for a second or more', waits, percent);
  return gradedHigh(waits, WAITS, 'strong', text);
}

/**
 * The way to the database, or to another service, is long or broken from here: nothing that another
 * process of this host could do.
 */
export function farHere(view: View): Evidence[] {
  const rtt = contrast(view, (host) => databaseWaits(host, hostsOf(view))?.farMs);
  const levels = waitsHere(view).length > 0 ? FAR_WHILE_WAITING_MS : FAR_MS;
  return [
    ...gradedHigh(rtt, levels, 'strong', contrastText('round trip to the database', rtt, milliseconds)),
    ...withoutAnswer(view, (row) => !isOwn(row), 'connections that get no answer to their SYN'),
  ];
}

/** What it sends has to be sent again, whoever it is for. */
export function losesHere(view: View): Evidence[] {
  const lost = contrast(view, retransmitted);
  return gradedHigh(
    lost,
    LOSES,
    'strong',
    contrastText('TCP segments sent again', lost, (share) => `${(share * 100).toFixed(1)} %`),
  );
}

/**
 * Connections to one remote end that is no database, beyond what its peers have there: each holds a
 * request that waits for its answer. A database has as many as the pool has, whoever holds them.
 */
function crowdedEnd(view: View): Evidence[] {
  if (requestsWait(view).length === 0) return [];
  const databases = declaredPorts(view.sick);
  const others = ofApplication(view.sick).filter(({ port }) => !databases.includes(port));
  const ends = new Set(others.map(endOf));
  return [...ends].flatMap((end): Evidence[] => {
    const both = contrast(view, (host) => connectionsTo(host, end));
    return gradedHigh(both, CROWDED, 'moderate', contrastText(`the application's connections to ${end}:`, both, String));
  });
}

const CROWDED: Levels = { limit: 5, felt: 3, scale: { absolute: 1, relative: 0.5 } };

/**
 * Whether requests are seen to wait: for a database, for another server, for a disk, for a program
 * of this host. What the application lacks at any other end then follows from that: it asks less
 * there.
 */
export function waitsElsewhere(view: View): boolean {
  const threads = [threadsWaitForDisk, threadsWaitForReader, threadsWaitForFileServer].flatMap((of) => of(view));
  return threads.length + waitsHere(view).length + crowdedEnd(view).length > 0;
}

/**
 * What it sent is on its way for longer than a round trip: lost, or nobody reads it. A look meets
 * the data of one connection on its way by chance.
 */
const UNACKED: Levels = { limit: 3, felt: 2, scale: { absolute: 0.3, relative: 1 } };

/** Undefined for a host whose inspection does not tell. */
function unackedOf(inspection: Inspection): number | undefined {
  const told = ofApplication(inspection).flatMap(({ unacked }) => unacked ?? []);
  return told.length === 0 ? undefined : told.reduce((total, count) => total + count, 0);
}

/**
 * A look finds what is on its way for a moment as well: where the page is quick, nothing waits for
 * it.
 */
function unackedHere(view: View): Evidence[] {
  const both = contrast(view, unackedOf);
  const text = contrastText('connections to others that wait for an acknowledgement:', both, String);
  return gradedHigh(both, UNACKED, isPageQuick(view) === true ? 'moderate' : 'strong', text);
}

/**
 * Whom it writes to, or whose file system it uses, does not answer: a log daemon that was
 * suspended, a mount whose server hangs.
 */
function silentHere(view: View): { readonly support: readonly Evidence[]; readonly job?: Job } {
  const stopped = stoppedEvidence(view);
  const waits = [...threadsWaitForReader(view), ...threadsWaitForFileServer(view)];
  const job = waits.length === 0 ? undefined : whoStopped(view);
  if (job === undefined) return { support: [...stopped, ...waits] };
  const named = `pid ${job.root.pid} ${shortName(job.root)} is the one job that only this host runs, ${ageText(job.root.startedAt, view.now)}`;
  return { support: [...stopped, ...waits, seen('moderate', named)], job };
}

/** An application that asks more places than this tells nothing of which of them is silent. */
const FEW_ENDS = 2;

/**
 * Requests wait, and what serves them sleeps until a socket has data: it is connected to few
 * others. TCP's clocks do not tell of an answer of which the end came and the beginning did not, as
 * where full packets are lost. Most of its connections idle is no wait: somebody has them in hand.
 */
function asleepFor(view: View): Evidence[] {
  const beside = portsAskedHere(view.sick).map((port) => `port ${port} of this host`);
  const ends = [...new Set(ofApplication(view.sick).map(endOf)), ...beside];
  const [sleeps] = threadsWaitForSocket(view);
  const [slow] = requestsWait(view);
  const waits = databaseWaits(view.sick, hostsOf(view));
  const isInHand = waits !== undefined && waits.idle * 2 > waits.count;
  if (sleeps === undefined || slow === undefined || isInHand || ends.length === 0 || ends.length > FEW_ENDS) return [];
  return [seen('moderate', `${sleeps.summary}; it is connected to ${ends.join(' and ')} alone`), slow];
}

/**
 * What a server of this host waits for is the host's: where a file system is full, that server has
 * no room either.
 */
function shortBeside(view: View): Evidence[] {
  const isBeside = portsAskedHere(view.sick).length > 0 && ofApplication(view.sick).length === 0;
  const [full] = fullHere(view);
  return isBeside && full !== undefined ? [seen('strong', `what it asks is a server of this host, on which ${full.mount} is full`)] : [];
}

/** What the application needs answers slowly to this host only. */
export function slowDependency(view: View): Finding | undefined {
  const far = farHere(view);
  const ends = otherEnds(view);
  const crowded = crowdedEnd(view);
  const waits = waitsHere(view);
  // What the network loses may be on the way to the clients: alone it is a lead.
  const lost = losesHere(view).map(({ summary }) => seen('moderate', summary));
  const silent = silentHere(view);
  const first = [...waits, ...far, ...unacceptedHere(view), ...unackedHere(view), ...silent.support, ...ends, ...crowded];
  // Queries that a server of this host answers with far more work: each is too short to be seen to
  // wait.
  const works = first.length + lost.length > 0 ? [] : serverWorksOn(declaredPorts(view.sick), view);
  const asleep = first.length + lost.length + works.length > 0 ? [] : asleepFor(view);
  const link = busyLink(view);
  const flood = (link?.flood ?? []).map(({ summary }) => seen('moderate', summary));
  if (first.length + lost.length + works.length + asleep.length + flood.length === 0) return undefined;
  // A link that is full shows on the way: a longer round trip, data that is sent again or not
  // acknowledged. Without that, what the host sends is a lead, and names nobody.
  const isFull = far.length + lost.length + unackedHere(view).length > 0;
  const sender = isFull && silent.job === undefined ? link?.job : undefined;
  const sends = sender === undefined || link?.told === undefined ? flood : [...flood, link.told];
  const slow = [...first, ...lost, ...works, ...asleep, ...sends, ...(first.length > 0 ? requestsWait(view).slice(0, 1) : [])];
  const full: Evidence[] =
    view.sickPool !== undefined && isFullHereOnly(view)
      ? [{ weight: 'moderate', summary: `${poolText(view.sickPool)}; ${peersText(view.peerPools)}` }]
      : [];
  const strangers = databaseUse(view.sick, hostsOf(view)).others.filter(({ process }) => runsNowhereElse(process, view));
  const against: Evidence[] = [
    ...(strangers.length > 0
      ? [
          {
            weight: far.length > 0 ? 'weak' : 'strong', // no process of this host makes the way longer
            summary: 'another process that only this host runs is connected to the same database',
          } as const,
        ]
      : []),
    ...(foundBy(releaseDrift, view) === undefined ? [] : [{ weight: 'moderate', summary: 'this host runs another release' } as const]),
    ...(asleep.length > 0 ? shortBeside(view) : []),
    ...(far.length + lost.length > 0 ? [] : fewerUpstream(view)),
  ];
  const job = silent.job ?? sender;
  const culprit = job === undefined ? undefined : culpritOf(job.root, view.sick);
  return conclude({ cause: 'slow-dependency', support: [...slow, ...full], against, culprit });
}
