/**
 * Servers of the host itself that work for somebody: their CPU beside that of the same server on
 * the peers.
 */
import { isOnThisHost } from './address';
import { seen, type Evidence } from './confidence';
import { contrast, contrastText, gradedHigh, type Levels } from './contrast';
import { ageText, shortName } from './identity';
import type { HostProcess } from './inspection';
import { jobsHere, type Job } from './jobs';
import type { View } from './view';

/** Cores of a server on this host, which its peers have too. */
const WORKS: Levels = { limit: 0.5, felt: 0.05, scale: { absolute: 0.02, relative: 0.3 } };

/**
 * The server that listens on one of these ports of this host works more than those of the peers.
 * @param who asks it, in words.
 */
export function serverWorksOn(ports: readonly number[], view: View, who = 'it'): Evidence[] {
  const server = serverOn(ports, view);
  if (server === undefined) return [];
  const cores = contrast(view, (host) => host.processes.find(({ key }) => key === server.key)?.cpuMs);
  const both = { ...(cores.here === undefined ? {} : { here: cores.here / 1000 }), peers: cores.peers.map((ms) => ms / 1000) };
  const text = contrastText(`pid ${server.pid} ${shortName(server)}, which ${who} asks, uses cores:`, both, (used) => used.toFixed(2));
  return gradedHigh(both, WORKS, 'strong', text).map(({ summary }) => seen('moderate', summary));
}

function serverOn(ports: readonly number[], { sick }: View): HostProcess | undefined {
  const pid = sick.listeners.find((one) => ports.includes(one.port) && one.pid !== undefined)?.pid;
  return sick.processes.find((one) => one.pid === pid);
}

export interface WorksFor {
  readonly job: Job;
  readonly told: Evidence;
}

/**
 * The job of this host alone for which a server of this host uses most of the CPU that is used
 * here, and more than on any peer: the job waits for its answers. Undefined where there is none, or
 * several jobs wait so.
 */
export function serverWorksFor(view: View): WorksFor | undefined {
  const { sick, now } = view;
  const waiting = jobsHere(view).filter(({ members }) =>
    sick.database.some(({ pid, unanswered }) => unanswered > 0 && members.some((one) => one.pid === pid)),
  );
  const [job, ...others] = waiting;
  if (job === undefined || others.length > 0) return undefined;
  const ports = sick.outbound.flatMap(({ pid, remote, port }) =>
    isOnThisHost(remote) && job.members.some((one) => one.pid === pid) ? [port] : [],
  );
  const { root } = job;
  const [works] = serverWorksOn(ports, view, `pid ${root.pid} ${shortName(root)}`);
  const used = sick.processes.reduce((total, { cpuMs }) => total + cpuMs, 0);
  if (works === undefined || (serverOn(ports, view)?.cpuMs ?? 0) * 2 < used) return undefined;
  return {
    job,
    told: seen('moderate', `${works.summary}; that job was ${ageText(root.startedAt, now)}, and only this host runs it`),
  };
}
