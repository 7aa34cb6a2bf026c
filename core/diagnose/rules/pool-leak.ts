import type { Finding, PoolReading } from '../../model';
import { seen, type Evidence } from '../confidence';
import { databaseUse, databaseWaits } from '../database';
import { contrast, highHere, runsNowhereElse } from '../contrast';
import { isWhole } from '../inspection';
import { isFullHereOnly, nobodyWaits, peersText, poolText } from '../pool-evidence';
import { nothingComesBack, someComeBack } from '../pool-turnover';
import { requestsWait, threadsWaitForEachOther, threadsWaitForSocket } from '../symptom';
import { conclude, foundBy, hostsOf, type Rule, type View } from '../view';
import { cpuSaturation } from './cpu-saturation';
import { diskIo } from './disk-io';
import { eventLoopBlock } from './event-loop-block';
import { memoryPressure } from './memory-pressure';
import { releaseDrift } from './release-drift';
import { tracerAttached } from './tracer-attached';

/**
 * Causes that make an application hold each connection longer: a full pool is then what follows.
 */
const SLOW_ITSELF: readonly Rule[] = [cpuSaturation, eventLoopBlock, memoryPressure, diskIo, tracerAttached];

interface Arguments {
  readonly support: readonly Evidence[];
  readonly against: readonly Evidence[];
}

/**
 * Whether idle connections are in the application's hands. In a pool that is full each is given
 * out; in one that tells nothing they may lie in the pool, as those of its peers do: then only what
 * is more than any peer has says something.
 */
export function isIdleInHand(view: View): boolean {
  const waits = databaseWaits(view.sick, hostsOf(view));
  if (waits === undefined || waits.idle <= waits.count / 2) return false;
  if (view.sickPool !== undefined) return true;
  const idle = contrast(view, (host) => databaseWaits(host, hostsOf(view))?.idle);
  return idle.peers.length > 0 && waits.idle >= 2 * Math.max(...idle.peers) && highHere(idle, 4, { absolute: 1, relative: 0.3 });
}

/** What TCP's clocks say of the application's own connections. */
function inHand(view: View): Arguments {
  const waits = databaseWaits(view.sick, hostsOf(view));
  if (waits === undefined)
    return {
      support: [],
      against: [seen('moderate', "TCP's clocks do not tell of the application's connections: a leak and a slow database look alike")],
    };
  const text = `of the application's ${waits.count} connections`;
  if (isIdleInHand(view))
    return { support: [seen('strong', `${waits.idle} ${text} have had their answer and lie idle, yet are not given back`)], against: [] };
  if (waits.unanswered > waits.count / 2)
    return { support: [], against: [seen('strong', `${waits.unanswered} ${text} wait for the database`)] };
  // The rest is in use, or its clocks tie, which says nothing: a weak doubt.
  return { support: [], against: [seen('weak', `of ${waits.count - waits.idle - waits.unanswered} ${text} it cannot be told`)] };
}

/** Nobody else: an absence counts only where sockets and their owners were all seen. */
function others(view: View): Arguments {
  const use = databaseUse(view.sick, hostsOf(view));
  if (!use.ownersKnown)
    return { support: [], against: [{ weight: 'moderate', summary: "which connections are the application's cannot be told" }] };
  const strangers = use.others.filter(({ process }) => runsNowhereElse(process, view));
  if (strangers.length > 0)
    return {
      support: [],
      against: [{ weight: 'moderate', summary: 'another process that only this host runs is connected to the same database' }],
    };
  if (use.unowned > 0)
    return { support: [], against: [{ weight: 'moderate', summary: `${use.unowned} connections have an owner that could not be seen` }] };
  // The application's own are not seen either, as in a container: that nobody else's are says
  // nothing.
  if (!use.appSeen || !isWhole(view.sick, 'sockets')) return { support: [], against: [] };
  return {
    support: [{ weight: 'moderate', summary: 'no other process that only this host runs is connected to the database' }],
    against: [],
  };
}

function otherwise(view: View): Evidence[] {
  const slow = SLOW_ITSELF.flatMap((rule) => foundBy(rule, view) ?? []);
  return [
    ...slow.map(({ cause }) => ({ weight: 'strong', summary: `${cause} alone would make it hold connections for longer` }) as const),
    ...(foundBy(releaseDrift, view) === undefined ? [] : [{ weight: 'moderate', summary: 'this host runs another release' } as const]),
  ];
}

/**
 * Half of what the pool says it has given out has no connection that could be leaked: its users
 * have not got one yet.
 */
function withoutConnection(view: View): Evidence[] {
  const { byApp, appSeen } = databaseUse(view.sick, hostsOf(view));
  const given = view.sickPool?.active ?? 0;
  if (!appSeen || !isWhole(view.sick, 'sockets') || byApp * 2 > given) return [];
  return [seen('moderate', `the pool has given out ${given}, and the application has ${byApp} connections`)];
}

/** Threads that sleep for an answer have not forgotten their connection. */
function asleep(view: View): Evidence[] {
  return threadsWaitForSocket(view).map((evidence) => ({ ...evidence, weight: 'strong' }));
}

/**
 * Nothing tells of the pool: requests wait, for each other and not for the database, to which the
 * application is connected and nobody else is.
 */
function untold(view: View): Finding | undefined {
  const [waits, each, hand, rest] = [requestsWait(view), threadsWaitForEachOther(view), inHand(view), others(view)];
  if (!databaseUse(view.sick, hostsOf(view)).appSeen || waits.length === 0 || each.length + hand.support.length === 0) return undefined;
  return conclude({
    cause: 'pool-leak',
    support: [...waits.slice(0, 1), ...each, ...hand.support, ...rest.support.map((one) => ({ ...one, weight: 'weak' }) as const)],
    against: [...asleep(view), ...rest.against, ...otherwise(view)],
  });
}

/**
 * Of its metrics page alone: the pool is full here only, and nothing comes back to it. Who holds
 * the connections a page does not tell.
 */
function ofPage(view: View, pool: PoolReading): Finding | undefined {
  return conclude({
    cause: 'pool-leak',
    support: [seen('strong', `${poolText(pool)}; ${peersText(view.peerPools)}`), ...nothingComesBack(view)],
    against: [
      ...someComeBack(view),
      seen('moderate', 'its metrics page alone was seen: a leak and a database that does not answer look alike'),
      ...otherwise(view),
      ...nobodyWaits(pool),
    ],
  });
}

/**
 * The application itself keeps its pool: full on this host only, with connections that it neither
 * uses nor gives back.
 */
export function poolLeak(view: View): Finding | undefined {
  const pool = view.sickPool;
  if (pool === undefined) return untold(view);
  if (!isFullHereOnly(view)) return undefined;
  if (view.sick.overNetwork !== undefined) return ofPage(view, pool);
  const [hand, rest, doubts] = [inHand(view), others(view), otherwise(view)];
  return conclude({
    cause: 'pool-leak',
    support: [
      { weight: 'strong', summary: `${poolText(pool)}; ${peersText(view.peerPools)}` },
      // An application that is held up has not read its answers yet: that they lie there is then no
      // sign of its own.
      ...hand.support.map((evidence) => (doubts.length > 0 ? { ...evidence, weight: 'weak' as const } : evidence)),
      ...rest.support,
    ],
    against: [...hand.against, ...asleep(view), ...rest.against, ...doubts, ...withoutConnection(view), ...nobodyWaits(pool)],
  });
}
