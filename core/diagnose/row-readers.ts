/**
 * Readers of the rows that the inspection prints: each type of row has one, which reads a row whole
 * or not at all.
 */
import { commandKey } from './command-key';
import { cronEntry } from './cron-entry';
import type { Draft } from './draft';
import type { Counter } from './inspection';

type RowReader = (draft: Draft, column: readonly string[]) => boolean;

/** A finite number, or undefined: the script prints "-" for what it could not learn. */
function number(text: string | undefined): number | undefined {
  if (text === undefined || !/^-?\d{1,18}(\.\d{1,9})?$/.test(text)) return undefined;
  return Number(text);
}

/** All numbers, or undefined when one is not: a row is read whole or not at all. */
function numbers(texts: readonly (string | undefined)[]): number[] | undefined {
  const read = texts.map(number);
  return read.every((value) => value !== undefined) ? read : undefined;
}

function defined<K extends string>(key: K, value: number | undefined): { [P in K]?: number } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: number });
}

function parents(text: string): { pid: number; comm: string }[] {
  return text.split('<').flatMap((link) => {
    const [, pid, comm] = /^(\d+):(.*)$/.exec(link) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), comm: comm ?? '' }];
  });
}

function endpoint(text: string): { remote: string; port: number } {
  const at = text.lastIndexOf(':');
  return { remote: text.slice(0, at < 0 ? undefined : at), port: number(text.slice(at + 1)) ?? 0 };
}

function readProcess(draft: Draft, c: readonly string[]): boolean {
  const needed = numbers([c[0], c[1], c[2], c[5], c[6], c[7], c[8], c[10], c[11]]);
  if (needed === undefined || c.length !== 17) return false;
  const [pid = 0, ppid = 0, startedAt = 0, cpuMs = 0, cpuTotalMs = 0, rssKb = 0, threads = 0, tracer = 0, cpus = 0] = needed;
  const comm = c[15] ?? '-';
  const command = c[16] === '-' || c[16] === undefined ? comm : c[16];
  draft.processes.push({
    pid,
    ppid,
    startedAt,
    cpuMs,
    cpuTotalMs,
    rssKb,
    threads,
    tracer,
    cpus,
    user: c[3] ?? '-',
    state: c[4] ?? '-',
    ...defined('fds', number(c[9])),
    ...defined('readKb', number(c[12])),
    ...defined('writeKb', number(c[13])),
    parents: parents(c[14] ?? ''),
    comm,
    command,
    key: commandKey({ command, comm }, draft.facts.get('hostname')),
  });
  return true;
}

function readCounter(into: (draft: Draft) => Map<string, Counter>): RowReader {
  return (draft, [key, ...rest]) => {
    const values = numbers(rest);
    if (key === undefined || values?.length !== 2) return false;
    into(draft).set(key, { delta: values[0] ?? 0, total: values[1] ?? 0 });
    return true;
  };
}

function readText(into: (draft: Draft) => Map<string, string>): RowReader {
  return (draft, [key, value]) => {
    if (key === undefined || value === undefined) return false;
    into(draft).set(key, value);
    return true;
  };
}

function readCpu(draft: Draft, c: readonly string[]): boolean {
  const values = numbers(c);
  if (values?.length !== 8) return false;
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] = values;
  draft.cpu = { user, nice, system, idle, iowait, irq, softirq, steal };
  return true;
}

function readLoad(draft: Draft, c: readonly string[]): boolean {
  const values = numbers(c);
  if (values?.length !== 6) return false;
  const [one = 0, , , running = 0, blocked = 0, intervalMs = 0] = values;
  draft.load = { one, running, blocked, intervalMs };
  return true;
}

function readFileSystem(draft: Draft, [mount, type, used, avail, inodes]: readonly string[]): boolean {
  const values = numbers([used, avail]);
  if (mount === undefined || type === undefined || values === undefined) return false;
  const [usedFraction = 0, availKb = 0] = values;
  draft.fileSystems.push({ mount, type, usedFraction, availKb, ...defined('inodesUsedFraction', number(inodes)) });
  return true;
}

function readOutbound(draft: Draft, [remote, state, pid, count, comm, unacked]: readonly string[]): boolean {
  const n = number(count);
  if (remote === undefined || state === undefined || n === undefined) return false;
  const known = { ...defined('pid', number(pid)), ...defined('unacked', number(unacked)) };
  draft.outbound.push({ ...endpoint(remote), state, count: n, comm: comm ?? '-', ...known });
  return true;
}

function readDatabase(draft: Draft, [pid, remote, ...rest]: readonly string[]): boolean {
  const values = numbers(rest);
  if (remote === undefined || values?.length !== 6) return false;
  const [count = 0, unanswered = 0, idle = 0, oldestMs = 0, rttMs = 0, retransmits = 0] = values;
  draft.database.push({ remote, count, unanswered, idle, oldestMs, rttMs, retransmits, ...defined('pid', number(pid)) });
  return true;
}

function readListener(draft: Draft, [port, address, pid, queue, backlog]: readonly string[]): boolean {
  const values = numbers([port, queue]);
  if (address === undefined || values === undefined) return false;
  draft.listeners.push({
    port: values[0] ?? 0,
    address,
    queue: values[1] ?? 0,
    ...defined('pid', number(pid)),
    ...defined('backlog', number(backlog)),
  });
  return true;
}

function readUnix(draft: Draft, [path, pid, queue, backlog, client, clients, served, workers]: readonly string[]): boolean {
  const values = numbers([queue, backlog, clients, served, workers]);
  if (path === undefined || values === undefined) return false;
  const [waiting = 0, most = 0, asking = 0, accepted = 0, processes = 0] = values;
  const known = { ...defined('pid', number(pid)), ...defined('client', number(client)) };
  draft.unix.push({ path, queue: waiting, backlog: most, clients: asking, served: accepted, workers: processes, ...known });
  return true;
}

function readWait(draft: Draft, [pid, where, count]: readonly string[]): boolean {
  const values = numbers([pid, count]);
  if (where === undefined || values === undefined) return false;
  draft.waits.push({ pid: values[0] ?? 0, where, count: values[1] ?? 0 });
  return true;
}

function readLock(draft: Draft, [pid, kind, waiters, ofApp, path]: readonly string[]): boolean {
  const values = numbers([pid, waiters, ofApp]);
  if (kind === undefined || path === undefined || values === undefined) return false;
  draft.locks.push({ pid: values[0] ?? 0, kind, waiters: values[1] ?? 0, isOfApp: values[2] === 1, path });
  return true;
}

function readContainer(draft: Draft, [pid, runtime, id, group = '-']: readonly string[]): boolean {
  const p = number(pid);
  if (p === undefined || runtime === undefined || id === undefined) return false;
  const [kind, name = ''] = group.split(':');
  const of = kind === 'task' ? { task: name } : kind === 'pod' ? { pod: name } : {};
  draft.containers.push({ pid: p, runtime, ...(id === '-' ? {} : { id }), ...of });
  return true;
}

function readHttp(draft: Draft, [kind, path, status, ms]: readonly string[]): boolean {
  const took = number(ms);
  if ((kind !== 'health' && kind !== 'probe' && kind !== 'metrics') || took === undefined) return false;
  draft.http.push({ kind, path: path ?? '-', ms: took, ...defined('status', number(status)) });
  return true;
}

function readThread(draft: Draft, [pid, tid, name, , cpu, wait, interval]: readonly string[]): boolean {
  const values = numbers([pid, tid, cpu, interval]);
  if (name === undefined || values === undefined) return false;
  const [p = 0, t = 0, cpuMs = 0, intervalMs = 0] = values;
  draft.threads.push({ pid: p, tid: t, name, cpuMs, intervalMs, ...defined('waitMs', number(wait)) });
  return true;
}

/** One reader a row type, in the order of the script's header. */
export const READERS: Readonly<Record<string, RowReader>> = {
  param: readText((draft) => draft.params),
  host: readText((draft) => draft.facts),
  cpu: readCpu,
  load: readLoad,
  pressure: (draft, [resource, kind, avg, stall]) => {
    const values = numbers([avg, stall]);
    if (values === undefined) return false;
    draft.pressure.set(`${resource}.${kind}`, { avg10: values[0] ?? 0, stallMs: values[1] ?? 0 });
    return true;
  },
  mem: (draft, [key, kb]) => {
    const value = number(kb);
    if (key === undefined || value === undefined) return false;
    draft.memKb.set(key, value);
    return true;
  },
  vm: readCounter((draft) => draft.vm),
  cgroup: (draft, [key, value, delta]) => {
    if (key === undefined || value === undefined) return false;
    draft.cgroup.set(key, { value, ...defined('delta', number(delta)) });
    return true;
  },
  fs: readFileSystem,
  io: (draft, [device, , , busy]) => {
    const busyMs = number(busy);
    if (device === undefined || busyMs === undefined) return false;
    draft.io.push({ device, busyMs });
    return true;
  },
  net: readCounter((draft) => draft.net),
  state: (draft, [name, count]) => {
    const n = number(count);
    if (name === undefined || n === undefined) return false;
    draft.states.set(name, n);
    return true;
  },
  listen: readListener,
  out: readOutbound,
  db: readDatabase,
  unix: readUnix,
  in: (draft, [port, state, count]) => {
    const values = numbers([port, count]);
    if (state === undefined || values === undefined) return false;
    draft.inbound.push({ port: values[0] ?? 0, state, count: values[1] ?? 0 });
    return true;
  },
  proc: readProcess,
  group: (draft, [comm, user, count]) => {
    const n = number(count);
    if (comm === undefined || user === undefined || n === undefined) return false;
    draft.groups.push({ comm, user, count: n });
    return true;
  },
  app: (draft, [pid, key, value]) => {
    const p = number(pid);
    if (p === undefined || key === undefined || value === undefined) return false;
    draft.app.push({ pid: p, key, value });
    return true;
  },
  container: readContainer,
  image: (draft, [id, key, value]) => {
    if (id === undefined || key === undefined || value === undefined) return false;
    draft.images.push({ id, key, value });
    return true;
  },
  deleted: (draft, [pid, kb, comm, path]) => {
    const values = numbers([pid, kb]);
    if (values === undefined || comm === undefined || path === undefined) return false;
    draft.deletedFiles.push({ pid: values[0] ?? 0, sizeKb: values[1] ?? 0, comm, path });
    return true;
  },
  use: (draft, [pid, mount, ...rest]) => {
    const values = numbers([pid, ...rest]);
    if (values?.length !== 4 || mount === undefined) return false;
    const [owner = 0, files = 0, worksThere = 0, sizeKb = 0] = values;
    draft.uses.push({ pid: owner, mount, files, worksThere: worksThere === 1, sizeKb });
    return true;
  },
  query: (draft, row) => {
    const values = numbers(row);
    if (values?.length !== 2) return false;
    draft.queries.push({ pid: values[0] ?? 0, count: values[1] ?? 0 });
    return true;
  },
  thread: readThread,
  wait: readWait,
  lock: readLock,
  cron: (draft, [source, user, line]) => {
    if (source === undefined || user === undefined || line === undefined) return false;
    draft.cron.push(cronEntry({ source, user, line }, draft.facts.get('hostname')));
    return true;
  },
  dns: (draft, [key, value]) => {
    if (key === undefined || value === undefined) return false;
    draft.dns.push({ key, value });
    return true;
  },
  http: readHttp,
  m: (draft, columns) => {
    draft.metrics.push(columns.join('\t'));
    return true;
  },
  before: (draft, columns) => {
    draft.before.push(columns.join('\t'));
    return true;
  },
  self: readText((draft) => draft.facts),
  set: readText((draft) => draft.settings),
  // Read by lambda/inspect/hidden-values.ts before.
  seal: () => true,
};
