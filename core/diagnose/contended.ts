/**
 * What the application needs and a job of this host holds: connections to its database, a lock on a
 * file, its own workers, or connections to another server that both ask.
 */
import { isLoopback } from './address';
import type { Evidence } from './confidence';
import { asked, crowdedBy, crowdedPort, strained } from './crowded';
import { clientsOfApplication, databaseUse, type DatabaseUse, type Holder } from './database';
import { appPids, shortName } from './identity';
import { isWhole, type HostProcess, type Inspection } from './inspection';
import { jobsByClock } from './jobs';
import { endOf } from './other-ends';
import { serverWorksOn } from './server-works';
import { slowerWhileThreadsWait } from './symptom';
import { hostsOf, type View } from './view';

/** One thing that several want, who else than the application holds it, and how that is told. */
export interface Contended {
  readonly holders: readonly Holder[];
  /** False where it cannot be told which of it is the application's. */
  readonly ownersKnown: boolean;
  /** The mechanism itself is seen: the application is known to need just this. */
  readonly isCertain: boolean;
  /** A job that holds less is no suspect. */
  readonly least: number;
  /** "14 connections to 5432, 4 of them pid 7 report". */
  readonly text: (holder: HostProcess, count: number) => string;
  /**
   * What shows, also where no request waits just now, that a job which holds so many leaves the
   * application too few.
   */
  readonly occupied?: (count: number) => readonly Evidence[];
  /** Who holds it was not seen, and follows from there being nobody else. */
  readonly isInferred?: boolean;
  /** What the server that is asked shows of a job that holds so many. */
  readonly strained?: (count: number) => readonly Evidence[];
}

/** So many of its own requests keep an application from its users'. */
const CROWD_FROM = 4;

function named(process: HostProcess): string {
  return `pid ${process.pid} ${shortName(process)}`;
}

function database(view: View, use: DatabaseUse): Contended {
  return {
    holders: use.others,
    ownersKnown: use.ownersKnown,
    // Without the pool's own numbers it is not known that the application lacks a connection;
    // without its connections, not that it uses the same database.
    isCertain: view.sickPool !== undefined && use.appSeen,
    least: 1,
    text: (holder, count) => `${use.total} connections to ${use.ports.join(', ')}, ${count} of them ${named(holder)}`,
    strained: (count) => use.ports.flatMap((port) => crowdedBy(count, port, view)),
  };
}

/**
 * Connections to a server of this host that nobody had when the processes were read, and that no
 * peer has: a program that came a moment later. Only where the server works here alone, and one job
 * of the clock alone may have started it.
 */
function unowned(view: View, use: DatabaseUse): Contended[] {
  const { sick, peers } = view;
  const [job, ...others] = jobsByClock(view);
  if (use.unowned === 0 || !use.appSeen || !isWhole(sick, 'sockets') || job === undefined || others.length > 0) return [];
  if (peers.some((peer) => databaseUse(peer, hostsOf(view)).unowned > 0)) return [];
  const rows = sick.outbound.filter(({ pid, remote, port }) => pid === undefined && isLoopback(remote) && use.ports.includes(port));
  const works = serverWorksOn([...new Set(rows.map(({ port }) => port))], view);
  if (works.length === 0) return [];
  return [
    {
      holders: [{ process: job.root, connections: use.unowned }],
      ownersKnown: true,
      isCertain: false,
      least: 1,
      text: (holder, count) =>
        `${count} of ${use.total} connections to ${use.ports.join(', ')} came after the processes had been read, and no other job than ${named(holder)} may have made them`,
      isInferred: true,
      strained: () => works,
    },
  ];
}

/** Processes by pid, and what each has of something. */
function holdersOf(inspection: Inspection, counts: ReadonlyMap<number, number>): Holder[] {
  const listed = inspection.processes.filter(({ pid }) => counts.has(pid));
  return listed
    .map((process) => ({ process, connections: counts.get(process.pid) ?? 0 }))
    .sort((a, b) => b.connections - a.connections || a.process.pid - b.process.pid);
}

/** Locks on files that the application waits for, or has open while another process holds them. */
function locks({ sick }: View): Contended {
  const own = sick.locks.filter(({ isOfApp }) => isOfApp);
  const held = (pid: number) => own.filter((one) => one.pid === pid);
  const counts = new Map(own.map(({ pid }) => [pid, held(pid).length]));
  return {
    holders: holdersOf(sick, counts),
    ownersKnown: true,
    isCertain: true,
    least: 1,
    text: (holder) => {
      const [first] = held(holder.pid);
      const queue = first === undefined || first.waiters === 0 ? '' : `, for which ${first.waiters} wait`;
      return `${named(holder)} holds a lock (${first?.kind}) on ${first?.path}, which the application uses${queue}`;
    },
  };
}

/** Its own workers, which a job of this host keeps busy by asking for pages. */
function workers(view: View): Contended {
  const { sick, sickPool } = view;
  const clients = clientsOfApplication(sick);
  const total = clients.reduce((sum, { connections }) => sum + connections, 0);
  const port = Number(sick.params.get('appPort'));
  return {
    holders: clients,
    ownersKnown: true,
    isCertain: sickPool !== undefined,
    least: CROWD_FROM,
    text: (holder, count) => `${total} connections to ${port}, ${count} of them ${named(holder)}`,
    occupied: (count) => crowdedBy(count, port, view),
    strained: () => strained(port, view),
  };
}

/**
 * A server that both ask, whatever it speaks: a search engine, a broker, another service. That they
 * get in each other's way there is not seen.
 */
function servers(view: View): Contended {
  const { sick } = view;
  const app = appPids(sick);
  const open = sick.outbound.filter(({ pid, state }) => pid !== undefined && (state === 'ESTABLISHED' || state === 'SYN_SENT'));
  const asked = new Set(open.filter(({ pid }) => app.has(pid ?? 0)).map(endOf));
  const others = open.filter((row) => !app.has(row.pid ?? 0) && asked.has(endOf(row)));
  const of = (pid: number) => others.filter((row) => row.pid === pid);
  const counts = new Map(others.map(({ pid = 0 }) => [pid, of(pid).reduce((sum, { count }) => sum + count, 0)]));
  return {
    holders: holdersOf(sick, counts),
    ownersKnown: true,
    isCertain: false,
    least: 1,
    text: (holder, count) => {
      const ends = [...new Set(of(holder.pid).map(endOf))].join(', ');
      return `${named(holder)} has ${count} connections to ${ends}, which the application asks, too`;
    },
    occupied: () => slowerWhileThreadsWait(view),
  };
}

/** Another server of this host, whose workers a job of this host alone keeps busy. */
function crowdedServer(view: View): Contended[] {
  const { sick } = view;
  const port = crowdedPort(view);
  if (port === undefined) return [];
  const rows = asked(sick, port);
  const counts = new Map<number, number>();
  for (const { pid = 0, count } of rows) counts.set(pid, (counts.get(pid) ?? 0) + count);
  return [
    {
      holders: holdersOf(sick, counts),
      ownersKnown: true,
      isCertain: false,
      least: CROWD_FROM,
      text: (holder, count) => `${named(holder)} has ${count} connections to port ${port} of this host`,
      // That the application needs it is known by nothing but the requests that wait.
      strained: () => strained(port, view),
    },
  ];
}

/** Everything that somebody else holds of what the application needs, the most telling first. */
export function contended(view: View): readonly Contended[] {
  const use = databaseUse(view.sick, hostsOf(view));
  return [locks(view), database(view, use), ...unowned(view, use), workers(view), servers(view), ...crowdedServer(view)];
}
