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

/** The port of an end on this host, as `ss` tells ends. */
function portHere(remote: string): number[] {
  const at = remote.lastIndexOf(':');
  return isOnThisHost(remote.slice(0, at)) ? [Number(remote.slice(at + 1))] : [];
}

/** Ports of this host from which a job waits for an answer. */
function waitsFor({ members }: Job, { sick }: View): number[] {
  const rows = sick.database.filter(({ pid, unanswered }) => unanswered > 0 && members.some((one) => one.pid === pid));
  return rows.flatMap(({ remote }) => portHere(remote));
}

/**
 * The job of this host alone for which a server of this host uses most of the CPU that is used
 * here, and more than on any peer: the job waits for its answers. Undefined where there is none, or
 * several jobs wait so.
 */
export function serverWorksFor(view: View): WorksFor | undefined {
  const { sick, now } = view;
  const [waiting, ...others] = jobsHere(view).flatMap((job) => {
    const ports = waitsFor(job, view);
    return ports.length === 0 ? [] : [{ job, ports }];
  });
  if (waiting === undefined || others.length > 0) return undefined;
  const { job, ports } = waiting;
  const [works] = serverWorksOn(ports, view, `pid ${job.root.pid} ${shortName(job.root)}`);
  const used = sick.processes.reduce((total, { cpuMs }) => total + cpuMs, 0);
  if (works === undefined || (serverOn(ports, view)?.cpuMs ?? 0) * 2 < used) return undefined;
  return {
    job,
    told: seen('moderate', `${works.summary}; that job was ${ageText(job.root.startedAt, now)}, and only this host runs it`),
  };
}
