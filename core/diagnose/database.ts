import { isLoopback } from './address';
import { commandKey } from './command-key';
import { appPids } from './identity';
import type { HostProcess, Inspection, Outbound } from './inspection';

export interface Holder {
  readonly process: HostProcess;
  readonly connections: number;
}

export interface DatabaseUse {
  /** Ports of the database, as the application uses it. */
  readonly ports: readonly number[];
  readonly total: number;
  readonly byApp: number;
  /** Other processes with connections to it, most first. */
  readonly others: readonly Holder[];
  /** Connections whose owner the script could not see. */
  readonly unowned: number;
  /** False when it cannot be told which connections are the application's. */
  readonly ownersKnown: boolean;
  /**
   * False where none of them is the application's: it has none, or has them in a network namespace
   * of its own. Then no absence counts.
   */
  readonly appSeen: boolean;
}

/** Connections that are, or are about to be, in use. */
const HELD = new Set(['ESTABLISHED', 'SYN_SENT']);

export function declaredPorts(inspection: Inspection): number[] {
  return (inspection.params.get('databasePorts') ?? '').split(',').map(Number);
}

/**
 * Declared ports that the application is connected to; all declared ports in use where it is
 * connected to none.
 */
function portsInUse(inspection: Inspection, app: ReadonlySet<number>): number[] {
  const declared = declaredPorts(inspection);
  const held = inspection.outbound.filter(({ port, state }) => declared.includes(port) && HELD.has(state));
  const ofApp = held.filter(({ pid }) => pid !== undefined && app.has(pid));
  return [...new Set((ofApp.length > 0 ? ofApp : held).map(({ port }) => port))];
}

function count(connections: readonly Outbound[]): number {
  return connections.reduce((sum, one) => sum + one.count, 0);
}

/**
 * A holder whose process row was cut is still a holder: what the socket row says stands in for it,
 * with a start of 0.
 */
function processOf(inspection: Inspection, pid: number, comm: string): HostProcess {
  const known = inspection.processes.find((process) => process.pid === pid);
  const unknown = { ppid: 0, startedAt: 0, user: '-', state: '-', cpuMs: 0, cpuTotalMs: 0, rssKb: 0, threads: 0, tracer: 0, cpus: 0 };
  return known ?? { ...unknown, pid, comm, command: comm, key: commandKey({ command: comm, comm }), parents: [] };
}

/** Connections to databases that are held, and by whom. */
function heldOn(inspection: Inspection): Outbound[] {
  return inspection.outbound.filter(({ port, state }) => declaredPorts(inspection).includes(port) && HELD.has(state));
}

/** Programs that hold connections to databases on any other host. */
function holdersElsewhere(inspection: Inspection, hosts: readonly Inspection[]): ReadonlySet<string> {
  const others = hosts.filter((host) => host !== inspection);
  return new Set(
    others.flatMap((host) => heldOn(host).map(({ pid, comm }) => host.processes.find((one) => one.pid === pid)?.comm ?? comm)),
  );
}

/**
 * Whose the application's connections are. Where what listens holds none, a proxy stands before the
 * application: then they belong to those of one command that hold more than half of all, if its
 * program holds such connections on another host as well. What holds them on this host alone is a
 * stranger, also where it is the only one: the application may have its own in a container.
 * Undefined where it cannot be told; empty where all are strangers.
 */
function poolOwners(inspection: Inspection, hosts: readonly Inspection[]): ReadonlySet<number> | undefined {
  const app = appPids(inspection);
  const held = heldOn(inspection);
  if (held.length === 0 || held.some(({ pid }) => pid !== undefined && app.has(pid))) return app;
  const elsewhere = holdersElsewhere(inspection, hosts);
  const known = inspection.processes.filter(({ comm }) => elsewhere.has(comm));
  const of = (key: string): Outbound[] => held.filter(({ pid }) => known.some((one) => one.key === key && one.pid === pid));
  const candidates = [...new Set(known.map(({ key }) => key))].map(of).filter((rows) => rows.length > 0);
  if (candidates.length === 0) return new Set();
  const most = candidates.find((rows) => count(rows) * 2 > count(held));
  return most === undefined ? undefined : new Set(most.flatMap(({ pid }) => pid ?? []));
}

/**
 * Who on this host holds how many connections to the database (S8). `hosts`: all that were
 * inspected.
 */
export function databaseUse(inspection: Inspection, hosts: readonly Inspection[]): DatabaseUse {
  const owners = poolOwners(inspection, hosts);
  const app = owners ?? new Set<number>();
  const ports = portsInUse(inspection, app);
  const held = inspection.outbound.filter(({ port, state }) => ports.includes(port) && HELD.has(state));
  const owned = new Map<number, Outbound[]>();
  for (const one of held) if (one.pid !== undefined) owned.set(one.pid, [...(owned.get(one.pid) ?? []), one]);
  const others = [...owned]
    .filter(([pid]) => !app.has(pid))
    .map(([pid, rows]) => ({ process: processOf(inspection, pid, rows[0]?.comm ?? '-'), connections: count(rows) }))
    .sort((a, b) => b.connections - a.connections || a.process.pid - b.process.pid);
  const byApp = count(held.filter(({ pid }) => pid !== undefined && app.has(pid)));
  const unowned = count(held.filter(({ pid }) => pid === undefined));
  return { ports, total: count(held), byApp, others, unowned, ownersKnown: owners !== undefined, appSeen: byApp > 0 };
}

export interface DatabaseWaits {
  readonly count: number;
  readonly unanswered: number;
  readonly idle: number;
  readonly oldestMs: number;
  /**
   * The longest round trip to another host; 0 where all are on this one, to which there is no way:
   * what TCP measures there is how late a busy server acknowledges.
   */
  readonly farMs: number;
}

/**
 * The application's connections by TCP's own clocks; undefined where the host has no `ss` to tell,
 * or does not see them. `hosts`: all that were inspected.
 */
export function databaseWaits(inspection: Inspection, hosts: readonly Inspection[]): DatabaseWaits | undefined {
  const owners = poolOwners(inspection, hosts);
  const own = inspection.database.filter(({ pid }) => pid !== undefined && owners?.has(pid) === true);
  if (own.length === 0) return undefined;
  return {
    count: own.reduce((sum, row) => sum + row.count, 0),
    unanswered: own.reduce((sum, row) => sum + row.unanswered, 0),
    idle: own.reduce((sum, row) => sum + row.idle, 0),
    oldestMs: Math.max(...own.map((row) => row.oldestMs)),
    farMs: Math.max(...own.map(({ remote, rttMs }) => (isLoopback(remote.replace(/:\d+$/, '')) ? 0 : rttMs))),
  };
}

/**
 * Processes of this host, other than the application, that ask the application itself over
 * loopback, most connections first.
 */
export function clientsOfApplication(inspection: Inspection): Holder[] {
  const app = appPids(inspection);
  const port = Number(inspection.params.get('appPort'));
  const asking = inspection.outbound.filter((row) => row.port === port && row.state === 'ESTABLISHED' && isLoopback(row.remote));
  const own = new Map<number, Outbound[]>();
  for (const row of asking) if (row.pid !== undefined && !app.has(row.pid)) own.set(row.pid, [...(own.get(row.pid) ?? []), row]);
  return [...own]
    .map(([pid, rows]) => ({ process: processOf(inspection, pid, rows[0]?.comm ?? '-'), connections: count(rows) }))
    .sort((a, b) => b.connections - a.connections || a.process.pid - b.process.pid);
}
