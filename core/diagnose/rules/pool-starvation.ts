import { isOnThisHost } from '../address';
import { contended, type Contended } from '../contended';
import { databaseWaits } from '../database';
import { seen, type Evidence } from '../confidence';
import { ageText, culpritOf, parentOf, shortName } from '../identity';
import { isByClock, jobOf, jobsHere, scriptBehind, type Job } from '../jobs';
import { isFullHereOnly, nobodyWaits, peersText, poolText } from '../pool-evidence';
import { sectionStatus, type HostProcess } from '../inspection';
import { isPageQuick, pageFails, requestsWait, threadsWaitForSocket } from '../symptom';
import { serverWorksOn } from '../server-works';
import { conclude, hostsOf, type View } from '../view';
import { isIdleInHand } from './pool-leak';
import { farHere, unacceptedHere, waitsHere } from './slow-dependency';
import type { Finding } from '../../model';

/** Clocks of the host and of whoever asks it differ, and starts are told to the second. */
const CLOCK_SLACK_MS = 3_000;
/** A process this old was there on many days on which this host was well. */
const OLD_MS = 24 * 3_600_000;
/** Younger than this, ages tell nobody apart. */
const YOUNG_MS = 60_000;
/** Likelier than the next by the factor of moderate evidence: then it is named. */
const CLEARLY = 3;

/** A job of this host alone, and what it holds of what the application needs. */
interface Suspect {
  readonly job: Job;
  /** The process of the job that holds most. */
  readonly holder: HostProcess;
  readonly connections: number;
}

function heldText({ text }: Contended, { job, holder, connections }: Suspect): string {
  const ofJob = holder === job.root ? '' : ` of the job ${shortName(job.root)} (pid ${job.root.pid})`;
  return `${text(holder, connections)}${ofJob}`;
}

function describe(suspect: Suspect, what: Contended, view: View): string {
  const { root } = suspect.job;
  const parent = parentOf(root);
  const facts = [heldText(what, suspect), ...(parent === undefined ? [] : [`parent ${parent.comm}`]), ageText(root.startedAt, view.now)];
  return `${facts.join(', ')}; only this host runs it`;
}

/** For how long the application's connections have waited, where most of them do. */
function waitedMs(view: View): number {
  const waits = databaseWaits(view.sick, hostsOf(view));
  return waits === undefined || waits.unanswered <= waits.count / 2 ? 0 : waits.oldestMs;
}

/**
 * Jobs that hold connections, that no peer runs just now, and that were there before the wait
 * began: who came later found it. What holds connections and whose own row was not printed has no
 * identity to name, unless the one job that may have started it has.
 */
function suspects({ holders, least }: Contended, view: View): Suspect[] {
  const waited = waitedMs(view);
  const jobs = jobsHere(view);
  const found = new Map<Job, Suspect>();
  for (const { process, connections } of holders) {
    const job = jobOf(process.pid, jobs) ?? (process.startedAt > 0 ? undefined : scriptBehind(process, view));
    if (job === undefined || job.root.startedAt <= 0 || view.now - job.root.startedAt < waited - CLOCK_SLACK_MS) continue;
    const before = found.get(job);
    const holder = before?.holder ?? process;
    found.set(job, { job, holder, connections: (before?.connections ?? 0) + connections });
  }
  return [...found.values()].filter(({ connections }) => connections >= least);
}

/**
 * How likely this one is beside the others: by the clock, by its connections, and by its youth. An
 * innocent process of an age T was there all the while, so that the chance of it having started as
 * lately as a culprit did falls with T.
 */
function likelihood({ job, connections }: Suspect, now: number): number {
  return ((isByClock(job) ? CLEARLY : 1) * Math.sqrt(connections)) / Math.max(YOUNG_MS, now - job.root.startedAt);
}

/** The one that is likelier than all others by far; undefined where that cannot be told. */
function likeliest(all: readonly Suspect[], now: number): Suspect | undefined {
  const [first, second] = [...all].sort((a, b) => likelihood(b, now) - likelihood(a, now) || b.job.root.pid - a.job.root.pid);
  if (first === undefined || second === undefined) return first;
  return likelihood(first, now) >= CLEARLY * likelihood(second, now) ? first : undefined;
}

function strangers(all: readonly Suspect[], culprit: Suspect | undefined, what: Contended, view: View): Evidence {
  if (culprit !== undefined) return { weight: what.isCertain ? 'strong' : 'moderate', summary: describe(culprit, what, view) };
  const list = all.map((suspect) => `${heldText(what, suspect)}, ${ageText(suspect.job.root.startedAt, view.now)}`).join('; ');
  return { weight: 'moderate', summary: `only this host runs these, and which of them it is cannot be told: ${list}` };
}

function doubts(all: readonly Suspect[], culprit: Suspect | undefined, { ownersKnown, isInferred }: Contended, view: View): Evidence[] {
  const blind = view.peers.filter((peer) => ['denied', 'missing', 'timeout', 'failed'].includes(sectionStatus(peer, 'processes')));
  const old = culprit !== undefined && view.now - culprit.job.root.startedAt > OLD_MS;
  const told: [boolean, Evidence['weight'], string][] = [
    [all.length > 1, 'weak', `${all.length} jobs that no peer runs hold connections`],
    [culprit?.job.scheduledElsewhere === true, 'weak', 'its peers run it too, at another time'],
    [blind.length > 0, 'moderate', `processes of ${blind.map(({ host }) => host).join(', ')} could not be listed`],
    [old, 'moderate', 'it has run for days, and the host was not slow for days'],
    [isInferred === true, 'moderate', 'the process that made them was not seen'],
    [!ownersKnown, 'moderate', "which connections are the application's cannot be told"],
  ];
  return told.flatMap(([holds, weight, summary]) => (holds ? [{ weight, summary }] : []));
}

/**
 * A connection that was answered and lies still is in the application's hands: nobody keeps it from
 * the database.
 */
function idleInHand(view: View): Evidence[] {
  const waits = databaseWaits(view.sick, hostsOf(view));
  if (waits === undefined || !isIdleInHand(view)) return [];
  return [
    { weight: 'strong', summary: `${waits.idle} of the application's ${waits.count} connections have had their answer and lie idle` },
  ];
}

function waiting(view: View): Evidence[] {
  const waits = databaseWaits(view.sick, hostsOf(view));
  if (waits === undefined || waits.unanswered <= waits.count / 2 || farHere(view).length > 0) return [];
  const s = Math.round(waits.oldestMs / 1000);
  const summary = `${waits.unanswered} of the application's ${waits.count} connections wait for the database, for up to ${s} s`;
  return [{ weight: 'moderate', summary }];
}

/**
 * The pool is full here only. Where no metrics tell of a pool, the sockets must: its connections
 * wait, and no peer's do; or its requests wait, or fail, while it has nothing to compute.
 */
function shortage(view: View): Evidence[] {
  const { sickPool: pool } = view;
  if (pool !== undefined && isFullHereOnly(view))
    return [{ weight: 'strong', summary: `${poolText(pool)}; ${peersText(view.peerPools)}` }, ...waiting(view)];
  if (pool !== undefined && view.isOfWorkers !== true) return [];
  const [waits, requests] = [waitsHere(view), requestsWait(view)];
  if (waits.length > 0) return waits;
  return requests.length > 0 ? requests : pageFails(view);
}

/** Longer than a request of a page takes. */
const LONG_MS = 3_000;

/**
 * What the suspect asked has not been answered for long: the server works for it, or keeps it
 * waiting as well.
 */
function asksLong({ job }: Suspect, { sick }: View): Evidence[] {
  const own = sick.database.filter(({ pid }) => job.members.some((member) => member.pid === pid));
  const [count, late] = [sumOf(own.map((row) => row.count)), sumOf(own.map(({ unanswered }) => unanswered))];
  const oldestMs = Math.max(0, ...own.map((row) => row.oldestMs));
  if (late * 2 <= count || oldestMs < LONG_MS) return [];
  return [seen('moderate', `${late} of its ${count} connections have had no answer for up to ${Math.round(oldestMs / 1000)} s`)];
}

/** The host's own request for the page was not kept waiting. */
function quick(view: View): Evidence[] {
  return isPageQuick(view) === true ? [seen('moderate', 'the page itself is quick at the moment of the look')] : [];
}

function sumOf(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** The server that the suspect asks is on this host, and works more than those of the peers. */
function serverWorks({ job, holder }: Suspect, view: View): Evidence[] {
  const pids = [holder, ...job.members].map(({ pid }) => pid);
  const asked = view.sick.outbound.filter(({ pid, remote }) => isOnThisHost(remote) && pid !== undefined && pids.includes(pid));
  return serverWorksOn([...new Set(asked.map(({ port }) => port))], view);
}

/**
 * Somebody else holds what the pool needs (S6 to S9): the pool is full on this host only, and a job
 * which is not the application and which no peer runs just now holds connections to the same
 * database, a lock on a file of it, or keeps its own workers busy. Where several might, none is
 * named.
 */
export function poolStarvation(view: View): Finding | undefined {
  const waits = shortage(view);
  const held = contended(view).map((what) => ({ what, found: suspects(what, view) }));
  const first = held.find(({ found }) => found.length > 0);
  if (first === undefined) return undefined;
  const { what, found } = first;
  const culprit = what.ownersKnown ? likeliest(found, view.now) : undefined;
  const works = culprit === undefined ? [] : [...asksLong(culprit, view), ...serverWorks(culprit, view)];
  const threads = threadsWaitForSocket(view);
  // These show it without a symptom, too: a loaded machine hides what requests wait for.
  const isShown = works.length > 0 && works.length + threads.length > 1;
  const crowded = what.occupied?.(culprit?.connections ?? 0) ?? [];
  const strain = culprit === undefined ? [] : (what.strained?.(culprit.connections) ?? []);
  const seenWithout = isShown ? works.slice(0, 1) : crowded;
  const short = waits.length > 0 ? waits : seenWithout;
  if (short.length === 0) return undefined;
  const byClock = culprit !== undefined && isByClock(culprit.job);
  const clock: Evidence[] = byClock ? [{ weight: 'weak', summary: 'started by cron, not by the application' }] : [];
  // Who is refused at once does not wait.
  const queue = view.sickPool === undefined || pageFails(view).length > 0 ? [] : nobodyWaits(view.sickPool);
  return conclude({
    cause: 'pool-starvation',
    support: [
      ...short.slice(0, 1),
      strangers(found, culprit, what, view),
      ...short.slice(1),
      ...strain,
      ...unacceptedHere(view),
      ...threads,
      ...works.filter((one) => !short.includes(one)),
      ...clock,
    ],
    against: [
      ...idleInHand(view),
      ...farHere(view),
      ...doubts(found, culprit, what, view),
      ...queue,
      ...(waits.length > 0 ? [] : quick(view)),
    ],
    culprit: culprit === undefined ? undefined : culpritOf(culprit.job.root, view.sick),
  });
}
