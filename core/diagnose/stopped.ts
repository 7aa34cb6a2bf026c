/**
 * Services that are suspended (SIGSTOP, a debugger, a frozen control group's signal) on the sick
 * host and run on its peers: who writes to them waits.
 */
import { seen, type Evidence } from './confidence';
import { runs, shortName } from './identity';
import type { HostProcess, Inspection } from './inspection';
import { jobsByClock, type Job } from './jobs';
import type { View } from './view';

function stopped({ processes }: Inspection): HostProcess[] {
  return processes.filter(({ state }) => state === 'T');
}

/** Processes that are stopped here, and that peers run and do not stop. */
export function stoppedHere({ sick, peers }: Pick<View, 'sick' | 'peers'>): HostProcess[] {
  const elsewhere = new Set(peers.flatMap((peer) => stopped(peer).map(({ key }) => key)));
  return stopped(sick).filter((process) => !elsewhere.has(process.key) && peers.some((peer) => runs(peer, process)));
}

/** What is told of them: nothing but what the kernel says of each. */
export function stoppedEvidence(view: Pick<View, 'sick' | 'peers'>): Evidence[] {
  return stoppedHere(view)
    .slice(0, 2)
    .map((process) => seen('strong', `pid ${process.pid} ${shortName(process)} is stopped (state T); its peers' runs`));
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
  const [job, ...others] = jobsByClock(view);
  return victims.length > 0 && others.length === 0 && job !== undefined && maySuspend(job, victims) ? job : undefined;
}
