/**
 * What is suspended (SIGSTOP, a debugger, a frozen control group's signal) on the sick host and
 * runs on its peers: a service, for which whoever writes to it waits, or the application itself.
 */
import { seen, type Evidence } from './confidence';
import { appPids, runs, shortName } from './identity';
import type { HostProcess, Inspection } from './inspection';
import { jobsByClock, jobsHere, type Job } from './jobs';
import type { View } from './view';

function stopped({ processes }: Inspection): HostProcess[] {
  return processes.filter(({ state }) => state === 'T');
}

/** Processes that are stopped here, and that peers run and do not stop. */
export function stoppedHere({ sick, peers }: Pick<View, 'sick' | 'peers'>): HostProcess[] {
  const elsewhere = new Set(peers.flatMap((peer) => stopped(peer).map(({ key }) => key)));
  return stopped(sick).filter((process) => !elsewhere.has(process.key) && peers.some((peer) => runs(peer, process)));
}

/**
 * What is told of those that the application may depend on: nothing but what the kernel says of
 * each.
 */
export function stoppedEvidence(view: Pick<View, 'sick' | 'peers'>): Evidence[] {
  const app = appPids(view.sick);
  return stoppedHere(view)
    .filter(({ pid }) => !app.has(pid))
    .slice(0, 2)
    .map((process) => seen('strong', `pid ${process.pid} ${shortName(process)} is stopped (state T); its peers' runs`));
}

/** Threads of the application that the kernel had stopped at one of two looks. */
function threadsStopped(inspection: Inspection): number {
  const app = appPids(inspection);
  const listed = stopped(inspection).filter(({ pid }) => app.has(pid)).length;
  const asleep = inspection.waits.filter(({ pid, where }) => app.has(pid) && where.startsWith('do_signal_stop'));
  return Math.max(
    listed,
    asleep.reduce((total, { count }) => total + count, 0),
  );
}

/**
 * The application itself is stopped, as a tool that caps its CPU by signals does, and no peer's is.
 */
export function applicationStopped({ sick, peers }: Pick<View, 'sick' | 'peers'>): Evidence[] {
  const here = threadsStopped(sick);
  if (here === 0 || peers.length === 0 || peers.some((peer) => threadsStopped(peer) > 0)) return [];
  return [seen('strong', `${here} of the application's processes and threads are stopped by a signal (state T); on its peers none is`)];
}

/**
 * Who has it stopped: the one job of this host alone whose command names one of its processes, by
 * number or by name, and may suspend them (cpulimit -p); else the one job of the clock that may.
 */
export function whoStopsApplication(view: View): Job | undefined {
  const app = appPids(view.sick);
  const victims = view.sick.processes.filter(({ pid }) => app.has(pid));
  const names = new Set(victims.flatMap(({ pid, comm }) => [String(pid), comm]));
  const able = jobsHere(view).filter((job) => maySuspend(job, victims));
  const [named, ...more] = able.filter(({ members }) =>
    members.some(({ command }) =>
      command
        .split(' ')
        .slice(1)
        .some((word) => names.has(word)),
    ),
  );
  if (named !== undefined) return more.length === 0 ? named : undefined;
  return onlyOfClock(view, victims);
}

/**
 * Who may suspend a process: root, and its own user (kill(2)). Nothing else is seen of who did, so
 * whatever speaks against a job clears it.
 */
function maySuspend({ root, scheduledElsewhere }: Job, victims: readonly HostProcess[]): boolean {
  return !scheduledElsewhere && victims.every(({ user, startedAt }) => root.startedAt > startedAt && ['root', user].includes(root.user));
}

/**
 * The one job of this host alone that the clock started after them, that may suspend them, and that
 * no peer runs at another time without this: nothing suspends itself. Undefined where there are
 * several such jobs, or none.
 */
export function whoStopped(view: View): Job | undefined {
  const victims = stoppedHere(view);
  return victims.length === 0 ? undefined : onlyOfClock(view, victims);
}

/** The one job of the clock of this host alone, if it may suspend them. */
function onlyOfClock(view: View, victims: readonly HostProcess[]): Job | undefined {
  const [job, ...others] = jobsByClock(view);
  return others.length === 0 && job !== undefined && maySuspend(job, victims) ? job : undefined;
}
