/**
 * Tools that are attached to a JVM: it stands still while it writes its heap down or counts what is
 * in it, for whoever asks.
 */
import { lessThan, seen, type Evidence } from './confidence';
import { appPids, ageText, shortName } from './identity';
import type { HostProcess, Inspection, UnixListener } from './inspection';
import { jobOf, jobsHere, type Job } from './jobs';
import { isPageQuick } from './symptom';
import type { View } from './view';

/**
 * The socket of HotSpot's attach listener, which jcmd, jmap and agents connect to: `.java_pid` and
 * the pid as the JVM sees it, and `.tmp` until it is renamed, by which name the kernel goes on to
 * call it (jattach, jattach_hotspot.c, connects to the same).
 */
const ATTACH = /\/\.java_pid\d+(\.tmp)?$/;

function attachSockets(inspection: Inspection): UnixListener[] {
  const app = appPids(inspection);
  return inspection.unix.filter(({ path, pid }) => ATTACH.test(path) && pid !== undefined && app.has(pid));
}

interface Tool {
  readonly job: Job;
  readonly process: HostProcess;
  /** The one that was attached when the sockets were read, and has ended since. */
  readonly ended?: number;
}

/** Whether a program was given the pid of the JVM, as the JVM sees it: its socket has that name. */
function isGiven({ command }: HostProcess, { path }: UnixListener): boolean {
  const pid = /\.java_pid(\d+)/.exec(path)?.[1];
  return pid !== undefined && command.split(' ').slice(1).includes(pid);
}

/**
 * Who is attached. One that has ended when the processes are read was of the one job that runs
 * another program on the same JVM: a job that looks again and again.
 */
function toolOf(socket: UnixListener, view: View): Tool | undefined {
  const { client } = socket;
  if (client === undefined) return undefined;
  const jobs = jobsHere(view);
  const own = jobOf(client, jobs);
  if (own !== undefined) return { job: own, process: own.members.find(({ pid }) => pid === client) ?? own.root };
  if (view.sick.processes.some(({ pid }) => pid === client)) return undefined;
  const [next, ...others] = jobs.flatMap((job) => {
    const process = job.members.find((member) => isGiven(member, socket));
    return process === undefined ? [] : [{ job, process, ended: client }];
  });
  return others.length === 0 ? next : undefined;
}

/**
 * The job of this host alone that has the application's JVM do something for it just now, with what
 * shows it. Undefined where nobody is attached, or where a peer's JVM has a tool attached as well.
 */
export function attachedHere(view: View): { readonly job: Job; readonly support: readonly Evidence[] } | undefined {
  if (view.peers.some((peer) => attachSockets(peer).some(({ client }) => client !== undefined))) return undefined;
  for (const socket of attachSockets(view.sick)) {
    const found = toolOf(socket, view);
    if (found === undefined) continue;
    const { job, process: tool, ended } = found;
    const { pid, queue } = socket;
    const ofJob = tool === job.root ? '' : ` of the job ${shortName(job.root)} (pid ${job.root.pid})`;
    const who = `pid ${tool.pid} ${shortName(tool)}${ofJob}`;
    const jvm = `the JVM of the application (pid ${pid})`;
    const attached =
      ended === undefined ? `${who} is attached to ${jvm}` : `pid ${ended} was attached to ${jvm} and has ended; ${who} asks it next`;
    const text = `${attached}${queue > 0 ? `, ${queue} more wait` : ''}`;
    const age = ageText(job.root.startedAt, view.now);
    // A tool that looks now and then is attached for a moment, and nobody feels it.
    const weight = isPageQuick(view) === true ? lessThan('strong') : 'strong';
    return { job, support: [seen(weight, `${text}, ${age}; only this host runs it`)] };
  }
  return undefined;
}
