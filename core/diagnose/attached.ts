/**
 * Tools that are attached to a JVM: it stands still while it writes its heap down or counts what is
 * in it, for whoever asks.
 */
import { lessThan, seen, type Evidence } from './confidence';
import { appPids, ageText, shortName } from './identity';
import type { Inspection, UnixListener } from './inspection';
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

/**
 * The job of this host alone that has the application's JVM do something for it just now, with what
 * shows it. Undefined where nobody is attached, or where a peer's JVM has a tool attached as well.
 */
export function attachedHere(view: View): { readonly job: Job; readonly support: readonly Evidence[] } | undefined {
  if (view.peers.some((peer) => attachSockets(peer).some(({ client }) => client !== undefined))) return undefined;
  const jobs = jobsHere(view);
  for (const { pid, client, queue } of attachSockets(view.sick)) {
    const job = client === undefined ? undefined : jobOf(client, jobs);
    if (job === undefined) continue;
    const tool = job.members.find((member) => member.pid === client) ?? job.root;
    const ofJob = tool === job.root ? '' : ` of the job ${shortName(job.root)} (pid ${job.root.pid})`;
    const waiting = queue > 0 ? `, ${queue} more wait` : '';
    const text = `pid ${tool.pid} ${shortName(tool)}${ofJob} is attached to the JVM of the application (pid ${pid})${waiting}`;
    const age = ageText(job.root.startedAt, view.now);
    // A tool that looks now and then is attached for a moment, and nobody feels it.
    const weight = isPageQuick(view) === true ? lessThan('strong') : 'strong';
    return { job, support: [seen(weight, `${text}, ${age}; only this host runs it`)] };
  }
  return undefined;
}
