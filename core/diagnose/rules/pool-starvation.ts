import { databaseUse, databaseWaits, type DatabaseUse, type Holder } from '../database';
import type { Evidence } from '../confidence';
import { ageText, culpritOf, parentOf, shortName, startedByCron } from '../identity';
import { isFullHereOnly, nobodyWaits, peersText, poolText } from '../pool-evidence';
import { isOnlyHere } from '../contrast';
import { sectionStatus } from '../inspection';
import { conclude, type View } from '../view';
import { farHere, waitsHere } from './slow-dependency';
import type { Finding } from '../../model';

/** Clocks of the host and of whoever asks it differ, and starts are told to the second. */
const CLOCK_SLACK_MS = 3_000;
/** A process this old was there on many days on which this host was well. */
const OLD_MS = 24 * 3_600_000;
/** Younger than this, ages tell nobody apart. */
const YOUNG_MS = 60_000;
/** Likelier than the next by the factor of moderate evidence: then it is named. */
const CLEARLY = 3;

function connectionsText(use: DatabaseUse, holder: Holder): string {
  return `${use.total} connections to ${use.ports.join(', ')}, ${holder.connections} of them pid ${holder.process.pid} ${shortName(holder.process)}`;
}

function describe(holder: Holder, use: DatabaseUse, view: View): string {
  const parent = parentOf(holder.process);
  const facts = [
    connectionsText(use, holder),
    ...(parent === undefined ? [] : [`parent ${parent.comm}`]),
    ageText(holder.process.startedAt, view.now),
  ];
  return `${facts.join(', ')}; only this host runs it`;
}

/** For how long the application's connections have waited, where most of them do. */
function waitedMs(view: View): number {
  const waits = databaseWaits(view.sick);
  return waits === undefined || waits.unanswered <= waits.count / 2 ? 0 : waits.oldestMs;
}

/**
 * Strangers to the application that hold connections, that no peer runs, and that were there before the wait began: who came later found
 * it. One whose own row was not printed has no identity to name.
 */
function suspects(use: DatabaseUse, view: View): Holder[] {
  const waited = waitedMs(view);
  return use.others.filter(
    ({ process }) => process.startedAt > 0 && view.now - process.startedAt >= waited - CLOCK_SLACK_MS && isOnlyHere(process, view),
  );
}

/**
 * How likely this one is beside the others: by the clock, by its connections, and by its youth. An innocent process of an age T was there
 * all the while, so that the chance of it having started as lately as a culprit did falls with T.
 */
function likelihood({ process, connections }: Holder, now: number): number {
  return ((startedByCron(process) ? CLEARLY : 1) * Math.sqrt(connections)) / Math.max(YOUNG_MS, now - process.startedAt);
}

/** The one that is likelier than all others by far; undefined where that cannot be told. */
function likeliest(holders: readonly Holder[], now: number): Holder | undefined {
  const [first, second] = [...holders].sort((a, b) => likelihood(b, now) - likelihood(a, now) || b.process.pid - a.process.pid);
  if (first === undefined || second === undefined) return first;
  return likelihood(first, now) >= CLEARLY * likelihood(second, now) ? first : undefined;
}

function strangers(holders: readonly Holder[], culprit: Holder | undefined, use: DatabaseUse, view: View): Evidence {
  // Without the pool's own numbers it is not known that the application lacks a connection.
  const weight = view.sickPool === undefined ? 'moderate' : 'strong';
  if (culprit !== undefined) return { weight, says: describe(culprit, use, view) };
  const list = holders.map((holder) => `${connectionsText(use, holder)}, ${ageText(holder.process.startedAt, view.now)}`).join('; ');
  return { weight: 'moderate', says: `only this host runs these, and which of them it is cannot be told: ${list}` };
}

function doubts(holders: readonly Holder[], culprit: Holder | undefined, use: DatabaseUse, view: View): Evidence[] {
  const blind = view.peers.filter((peer) => ['denied', 'missing', 'timeout', 'failed'].includes(sectionStatus(peer, 'processes')));
  const old = culprit !== undefined && view.now - culprit.process.startedAt > OLD_MS;
  const seen: [boolean, Evidence['weight'], string][] = [
    [holders.length > 1, 'weak', `${holders.length} processes that no peer runs hold connections`],
    [blind.length > 0, 'moderate', `processes of ${blind.map(({ host }) => host).join(', ')} could not be listed`],
    [old, 'moderate', 'it has run for days, and the host was not slow for days'],
    [!use.ownersKnown, 'moderate', "which connections are the application's cannot be told"],
  ];
  return seen.flatMap(([holds, weight, says]) => (holds ? [{ weight, says }] : []));
}

/** A connection that was answered and lies still is in the application's hands: nobody keeps it from the database. */
function idleInHand(view: View): Evidence[] {
  const waits = databaseWaits(view.sick);
  if (waits === undefined || waits.idle <= waits.count / 2) return [];
  return [{ weight: 'strong', says: `${waits.idle} of the application's ${waits.count} connections have had their answer and lie idle` }];
}

function waiting(view: View): Evidence[] {
  const waits = databaseWaits(view.sick);
  if (waits === undefined || waits.unanswered <= waits.count / 2 || farHere(view).length > 0) return [];
  const s = Math.round(waits.oldestMs / 1000);
  const says = `${waits.unanswered} of the application's ${waits.count} connections wait for the database, for up to ${s} s`;
  return [{ weight: 'moderate', says }];
}

/** The pool is full here only. Where no metrics tell of a pool, the sockets must: its connections wait, and no peer's do. */
function shortage(view: View): Evidence[] {
  const { sickPool: pool } = view;
  if (pool === undefined) return waitsHere(view);
  if (!isFullHereOnly(view)) return [];
  return [{ weight: 'strong', says: `${poolText(pool)}; ${peersText(view.peerPools)}` }, ...waiting(view)];
}

/**
 * Somebody else holds what the pool needs (S6 to S9): the pool is full on this host only, and a process which is not the application and
 * runs on no peer holds connections to the same database. Where several might, none is named.
 */
export function poolStarvation(view: View): Finding | undefined {
  const short = shortage(view);
  if (short.length === 0) return undefined;
  const use = databaseUse(view.sick);
  const holders = suspects(use, view);
  if (holders.length === 0) return undefined;
  const culprit = use.ownersKnown ? likeliest(holders, view.now) : undefined;
  const byClock = culprit !== undefined && startedByCron(culprit.process);
  const clock: Evidence[] = byClock ? [{ weight: 'weak', says: 'it was started by the clock, not by the application' }] : [];
  const queue = view.sickPool === undefined ? [] : nobodyWaits(view.sickPool);
  return conclude({
    cause: 'pool-starvation',
    support: [...short.slice(0, 1), strangers(holders, culprit, use, view), ...short.slice(1), ...clock],
    against: [...idleInHand(view), ...farHere(view), ...doubts(holders, culprit, use, view), ...queue],
    culprit: culprit === undefined ? undefined : culpritOf(culprit.process, view.sick),
  });
}
