import type { Finding } from '../../model';
import { seen, type Evidence } from '../confidence';
import { contrast, contrastText, gradedHigh, highHere, largestBy, type Levels } from '../contrast';
import { ageText, culpritOf, shortName } from '../identity';
import type { HostProcess, Inspection } from '../inspection';
import { jobsHere, type Job } from '../jobs';
import { appMovedKb, appProcesses, diskBusy, iowaitFraction, milliseconds, percent, stallMs } from '../readings';
import { serversAsked } from '../servers';
import { requestsWait, slowerWhileThreadsWait, threadsWaitForDisk, threadsWaitForEachOther, threadsWaitForFileServer } from '../symptom';
import { DISK_LIMIT, kernelAlone } from '../release';
import { conclude, type View } from '../view';
import { waitsHere } from './slow-dependency';

const BUSY: Levels = { limit: 0.8, felt: 0.4, scale: { absolute: 0.1, relative: 0.25 } };
/** A fifth of the time in which nothing ran for want of I/O. */
const STALLS_MS: Levels = { limit: 200, felt: 50, scale: { absolute: 15, relative: 1 } };
const IOWAIT: Levels = { limit: 0.2, felt: 0.08, scale: { absolute: 0.02, relative: 0.5 } };
/**
 * KB in the interval that make a job worth naming, and of what all processes of the host move that
 * much.
 */
const HEAVY_FROM_KB = 4096;
const MOST_OF_HOST = 0.6;
/** KB in a second that keep a disk busy: half of what a small EBS volume moves (gp3, 125 MiB/s). */
const FLOOD_FROM_KB = 32_768;
/** What the application itself moves, and its peers do not. */
const OWN_KB: Levels = { limit: FLOOD_FROM_KB, felt: FLOOD_FROM_KB / 4, scale: { absolute: 2048, relative: 1 } };
/**
 * Wherever it was: a tenth of a second in which nothing ran for want of I/O, half of the time busy,
 * a tenth of the CPUs idle for it.
 */
const STALLS_ANYWHERE_MS = 100;
const BUSY_ANYWHERE = 0.5;
const IOWAIT_ANYWHERE = 0.1;

function movedKb(processes: Job['members']): number {
  return processes.reduce((total, { readKb = 0, writeKb = 0 }) => total + readKb + writeKb, 0);
}

/**
 * The job of this host alone that moves most of what its processes move. A parent counts the I/O of
 * children that have ended (signal->ioac, kernel/exit.c), and writes past the page cache count
 * (proc(5), /proc/pid/io): a writer that lives for a moment, and one with O_DIRECT, show here.
 */
function moverOf(view: View): Job | undefined {
  const all = movedKb(view.sick.processes);
  return largestBy(jobsHere(view), ({ members }) => movedKb(members), Math.max(HEAVY_FROM_KB, all * MOST_OF_HOST));
}

function movedText({ now }: View, { root, members }: Job): string {
  return `pid ${root.pid} ${shortName(root)} moved ${Math.round(movedKb(members) / 1024)} MB in a second, ${ageText(root.startedAt, now)}; only this host runs it`;
}

/** The application, and the servers of this host that it asks with what each of them started. */
function servesRequests(inspection: Inspection): HostProcess[] {
  const servers = new Set(serversAsked(inspection).map(({ pid }) => pid));
  const beside = inspection.processes.filter(({ pid, ppid }) => servers.has(pid) || servers.has(ppid));
  return [...new Set([...appProcesses(inspection), ...beside])];
}

/**
 * One look meets a process in such a sleep by chance, and several on one host alone it does not.
 */
const SEVERAL = 2;
/** KB that a server moves in a second. */
const MOVES: Levels = { limit: 16, felt: 16, scale: { absolute: 8, relative: 1 } };

/**
 * What serves the requests sleeps for a disk (state D), and on no peer it does: images that are not
 * in memory, a cache that was told to write each command down. One process alone has to move more
 * than on any peer, too, while requests wait. Who sleeps for a file system that others serve is in
 * that state as well.
 */
function sleepsForDisk(view: View): Evidence[] {
  if (threadsWaitForFileServer(view).length > 0) return [];
  const asleep = servesRequests(view.sick).filter(({ state }) => state === 'D');
  const [first] = asleep;
  const both = contrast(view, (host) => servesRequests(host).filter(({ state }) => state === 'D').length);
  if (first === undefined || !highHere(both, 1, { absolute: 0.3, relative: 1 })) return [];
  if (asleep.length >= SEVERAL)
    return [seen('strong', contrastText('processes that serve its requests and sleep for a disk:', both, String))];
  const moved = contrast(view, (host) => movedKb(servesRequests(host)));
  const moves = gradedHigh(moved, MOVES, 'weak', contrastText('KB that it and its like move in a second:', moved, String));
  const waits = [...requestsWait(view), ...slowerWhileThreadsWait(view)].slice(0, 1);
  if (moves.length === 0 || waits.length === 0) return [];
  return [
    seen('moderate', `pid ${first.pid} ${shortName(first)}, which serves its requests, sleeps for a disk; none does on the peers`),
    ...moves,
    ...waits,
  ];
}

/** The disks are busy here and not on the peers. */
function slowHere(view: View): Evidence[] {
  const [busy, stall, waits] = [
    contrast(view, diskBusy),
    contrast(view, (host) => stallMs(host, 'io.full')),
    contrast(view, iowaitFraction),
  ];
  // One mechanism counts once.
  const threads = threadsWaitForDisk(view);
  return [
    ...gradedHigh(busy, BUSY, 'strong', contrastText('busiest disk', busy, percent)),
    ...gradedHigh(stall, STALLS_MS, 'strong', contrastText('stalled for want of I/O', stall, milliseconds)),
    ...gradedHigh(waits, IOWAIT, 'moderate', contrastText('CPU idle for I/O', waits, percent)),
    ...(threads.length > 0 ? threads : sleepsForDisk(view)),
  ];
}

function isBusyAnywhere({ sick }: View): boolean {
  return (
    (stallMs(sick, 'io.full') ?? 0) >= STALLS_ANYWHERE_MS ||
    (diskBusy(sick) ?? 0) >= BUSY_ANYWHERE ||
    (iowaitFraction(sick) ?? 0) >= IOWAIT_ANYWHERE
  );
}

/**
 * The kernel's counters say the same on every host (containers of one machine, a shared volume), or
 * nothing: then the one job that moves more than all others must tell, together with requests that
 * wait here alone.
 */
function onSharedCounters(view: View, job: Job): Finding | undefined {
  const flood = movedKb(job.members) >= FLOOD_FROM_KB;
  const busy = isBusyAnywhere(view);
  const waits = requestsWait(view).slice(0, 1);
  return conclude({
    cause: 'disk-io',
    support: [
      seen(flood && busy ? 'strong' : 'moderate', movedText(view, job)),
      ...(busy ? [seen(flood ? 'moderate' : 'weak', 'a disk is busy, by counters that its peers share')] : []),
      ...waits,
    ],
    against: [...elsewhere(view), ...(waits.length === 0 ? [seen('weak', 'no request waits here more than on the peers')] : [])],
    culprit: culpritOf(job.root, view.sick),
  });
}

/**
 * The application itself reads or writes much more than on its peers: a log at debug level, a
 * compaction. Nobody else is to blame.
 */
function byItself(view: View): Evidence[] {
  const own = contrast(view, appMovedKb);
  return gradedHigh(
    own,
    OWN_KB,
    'moderate',
    contrastText('MB that the application itself moves in a second:', own, (kb) => String(Math.round(kb / 1024))),
  );
}

/** No job moves data, and the counters tell nothing: requests have to wait, too. */
function byItselfOnSharedCounters(view: View): Finding | undefined {
  const own = byItself(view);
  const waits = requestsWait(view).slice(0, 1);
  if (own.length === 0 || waits.length === 0) return undefined;
  return conclude({ cause: 'disk-io', support: [...own, ...waits], against: elsewhere(view) });
}

/** What the application waits for is told, and it is no disk. */
function elsewhere(view: View): Evidence[] {
  const each = threadsWaitForEachOther(view).length > 0;
  const database = waitsHere(view).length > 0;
  return [
    ...(each ? [seen('moderate', "the application's threads wait for one another, and not for a disk")] : []),
    ...(database ? [seen('moderate', 'its connections wait for a database')] : []),
  ];
}

/** Its control group may read or write less than those of its peers. */
function limited({ sick, peers }: View): Evidence[] {
  const [first] = kernelAlone(sick, peers).filter(({ fact }) => fact.name.startsWith(DISK_LIMIT));
  return first === undefined ? [] : [seen('moderate', `${first.fact.name} is ${first.fact.value}; peers ${first.peers}`)];
}

/** Its disks are busy, and where one job moves most of the data, by whom. */
export function diskIo(view: View): Finding | undefined {
  const mover = moverOf(view);
  const slow = slowHere(view);
  if (slow.length === 0) return mover === undefined ? byItselfOnSharedCounters(view) : onSharedCounters(view, mover);
  return conclude({
    cause: 'disk-io',
    support: [...slow, ...limited(view), ...(mover === undefined ? byItself(view) : [seen('strong', movedText(view, mover))])],
    culprit: mover === undefined ? undefined : culpritOf(mover.root, view.sick),
  });
}
