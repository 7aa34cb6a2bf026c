/**
 * Jobs: what this host runs and its peers do not, each as the tree of processes that it is. Sixteen
 * small processes under one line of a crontab are one job, and its root is what a person would
 * stop.
 */
import { runsNowhereElse } from './contrast';
import { appPids, isCronDaemon, isScheduledOn, isShell, isWrapper, startedByCron } from './identity';
import type { HostProcess } from './inspection';
import type { View } from './view';

export interface Job {
  /**
   * The topmost process below whatever started it (cron, a session, init) that is more than a shell
   * around another.
   */
  readonly root: HostProcess;
  /** The processes of the tree that are listed, the root among them. */
  readonly members: readonly HostProcess[];
  /** A peer's crontab or timer would start it as well, at another time. */
  readonly scheduledElsewhere: boolean;
}

/** What starts jobs and is none itself: daemons of the clock, of sessions and of containers. */
const STARTERS =
  /^(cron|crond|anacron|atd|fcron|CRON|init|systemd|sshd|login|su|sudo|agetty|tmux.*|screen|amazon-ssm-.*|ssm-.*|containerd-shim.*|runc.*|dumb-init|tini|supervisord)$/;

/**
 * The topmost of the process and its ancestors that is of this host alone, below whatever starts
 * jobs. A shell around one other program does not count; one that runs a script is the job, however
 * short the programs live that it starts.
 */
function rootOf(process: HostProcess, listed: ReadonlyMap<number, HostProcess>, isHere: (one: HostProcess) => boolean): HostProcess {
  let root = process;
  for (const { pid, comm } of ancestors(process, listed)) {
    if (pid <= 1 || STARTERS.test(comm)) break;
    const row = listed.get(pid);
    if (row === undefined || (isWrapper(comm) && !isScript(row))) continue;
    if (!isHere(row)) break;
    root = row;
  }
  return root;
}

/**
 * A shell that runs a file, or a loop: it goes on when the program that it runs just now has ended.
 */
function isScript({ comm, command }: HostProcess): boolean {
  const [, first = ''] = command.split(' ');
  return isShell(comm) && (/\b(while|until|for)\b/.test(command) || (first !== '' && !/^[-‹]/.test(first)));
}

/**
 * The ancestors, nearest first; a row tells of six, and each of those that is listed of its own.
 */
function ancestors(process: HostProcess, listed: ReadonlyMap<number, HostProcess>): HostProcess['parents'] {
  const chain = [...process.parents];
  const seen = new Set(chain.map(({ pid }) => pid));
  for (let last = chain.at(-1); last !== undefined;) {
    const more = (listed.get(last.pid)?.parents ?? []).filter(({ pid }) => !seen.has(pid));
    more.forEach(({ pid }) => seen.add(pid));
    chain.push(...more);
    last = more.at(-1);
  }
  return chain;
}

/**
 * Every job of this host that no peer runs just now. That peers would run it at another time is
 * said, and lowers its weight.
 */
export function jobsHere(view: Pick<View, 'sick' | 'peers'>): Job[] {
  const { sick, peers } = view;
  const app = appPids(sick);
  const listed = new Map(sick.processes.map((one) => [one.pid, one]));
  // The first process, and its forks (the entrypoint of a container), start jobs and are none.
  const first = listed.get(1)?.key;
  const mayBeJob = ({ pid, key }: HostProcess): boolean => pid > 1 && key !== first && !app.has(pid);
  const isJob = (process: HostProcess): boolean => mayBeJob(process) && runsNowhereElse(process, view);
  const trees = new Map<HostProcess, HostProcess[]>();
  for (const process of sick.processes.filter(isJob)) {
    const root = rootOf(process, listed, isJob);
    trees.set(root, [...(trees.get(root) ?? []), process]);
  }
  return runsOfOneCommand([...trees.values()].flat(), trees).map(([root, members]) => ({
    root,
    members,
    scheduledElsewhere: peers.some((peer) => members.some((one) => isScheduledOn(peer, one, sick))),
  }));
}

/**
 * Runs of one command are one job, whose root is the oldest: a clock that starts it again before it
 * has ended makes no second suspect.
 */
function runsOfOneCommand(
  processes: readonly HostProcess[],
  trees: ReadonlyMap<HostProcess, readonly HostProcess[]>,
): [HostProcess, HostProcess[]][] {
  const oldest = new Map<string, HostProcess>();
  const roots = [...trees.keys()].sort((a, b) => a.startedAt - b.startedAt || a.pid - b.pid);
  for (const root of roots) if (!oldest.has(root.key)) oldest.set(root.key, root);
  const jobs = new Map<HostProcess, HostProcess[]>();
  for (const root of roots) {
    const first = oldest.get(root.key) ?? root;
    jobs.set(first, [...(jobs.get(first) ?? []), ...(trees.get(root) ?? [])]);
  }
  return [...jobs].sort(([a], [b]) => processes.indexOf(a) - processes.indexOf(b));
}

/** The job that has this process in its tree; undefined for what peers run as well. */
export function jobOf(pid: number, jobs: readonly Job[]): Job | undefined {
  return jobs.find(({ members }) => members.some((process) => process.pid === pid));
}

/**
 * The job that started a process which the list does not have any more: a job runs one program
 * after the other, each for a moment. Only where it is the one job of the clock of this host alone,
 * is older than the process, and nothing else, here or on a peer, is a program of that name.
 */
export function scriptBehind({ pid, comm }: Pick<HostProcess, 'pid' | 'comm'>, view: Pick<View, 'sick' | 'peers'>): Job | undefined {
  const [job, ...others] = jobsByClock(view);
  if (job === undefined || others.length > 0 || pid <= job.root.pid) return undefined;
  const isOfJob = (one: HostProcess): boolean => job.members.includes(one);
  const elsewhere = view.peers.flatMap((peer) => [...peer.processes, ...peer.groups, ...peer.outbound].map((row) => row.comm));
  const besides = view.sick.processes.filter((one) => !isOfJob(one)).map((one) => one.comm);
  return [...elsewhere, ...besides].includes(comm) ? undefined : job;
}

/** Jobs that the clock started, without the shells that only carry another. */
export function jobsByClock(view: Pick<View, 'sick' | 'peers'>): Job[] {
  const carries = (process: HostProcess): boolean => isWrapper(process.comm) && !isScript(process);
  return jobsHere(view).filter((job) => isByClock(job) && !job.members.every((one) => isCronDaemon(one.comm) || carries(one)));
}

/** Whether the clock started any of it. */
export function isByClock({ members }: Job): boolean {
  return members.some(startedByCron);
}
