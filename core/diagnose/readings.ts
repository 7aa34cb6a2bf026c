import type { Cause } from '../model';
import { median, type Scale } from './compare';
import { appPids } from './identity';
import { pageCollectorShare, pageCores, pageDescriptors, pageHeapUsed, pageMemoryMb } from './page-readings';
import type { HostProcess, Inspection, ThreadReading } from './inspection';

/** A number of a host, named for people, with the step that matters on its scale. */
export interface Reading {
  readonly label: string;
  readonly of: (inspection: Inspection) => number | undefined;
  readonly scale: Scale;
  readonly show: (value: number) => string;
  /** Findings that explain it when it stands out. */
  readonly explainedBy: readonly Cause[];
}

export function percent(value: number): string {
  return `${Math.round(value * 100)} %`;
}

export function milliseconds(value: number): string {
  return value >= 10_000 ? `${(value / 1000).toFixed(1)} s` : `${Math.round(value)} ms`;
}

function count(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function cpuTotal({ cpu }: Inspection): number {
  if (cpu === undefined) return 0;
  return cpu.user + cpu.nice + cpu.system + cpu.idle + cpu.iowait + cpu.irq + cpu.softirq + cpu.steal;
}

function cpuShare(inspection: Inspection, ms: (cpu: NonNullable<Inspection['cpu']>) => number): number | undefined {
  const total = cpuTotal(inspection);
  return inspection.cpu === undefined || total <= 0 ? undefined : ms(inspection.cpu) / total;
}

/**
 * Fraction of all CPU time that was not idle, 0 to 1. Steal counts as busy: nobody here could use
 * it.
 */
export function busyFraction(inspection: Inspection): number | undefined {
  return cpuShare(inspection, (cpu) => cpuTotal(inspection) - cpu.idle - cpu.iowait);
}

export function stealFraction(inspection: Inspection): number | undefined {
  return cpuShare(inspection, (cpu) => cpu.steal);
}

export function iowaitFraction(inspection: Inspection): number | undefined {
  return cpuShare(inspection, (cpu) => cpu.iowait);
}

export function appProcesses(inspection: Inspection): HostProcess[] {
  const pids = appPids(inspection);
  return inspection.processes.filter(({ pid }) => pids.has(pid));
}

/**
 * KB that the application read and wrote in a second: by its processes, or by its control group
 * where that counts more (a child that has ended, a process that is not listed).
 */
export function appMovedKb(inspection: Inspection): number | undefined {
  const own = appProcesses(inspection).flatMap(({ readKb, writeKb }) => (readKb === undefined ? [] : [readKb + (writeKb ?? 0)]));
  const group = ['io.rbytes', 'io.wbytes'].map((key) => inspection.cgroup.get(key)?.delta);
  return largest([sum(own), sum(group.map((bytes) => (bytes === undefined ? undefined : bytes / 1024)))]);
}

function sum(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((total, value) => total + value, 0);
}

function largest(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}

/** Cores that the application uses: 1 is one whole core. */
export function appCores(inspection: Inspection): number | undefined {
  if (inspection.overNetwork !== undefined) return pageCores(inspection);
  const cpuMs = sum(appProcesses(inspection).map((process) => process.cpuMs));
  return cpuMs === undefined ? undefined : cpuMs / 1000;
}

function appThreads(inspection: Inspection): ThreadReading[] {
  const pids = appPids(inspection);
  return inspection.threads.filter(({ pid, intervalMs }) => pids.has(pid) && intervalMs > 0);
}

/**
 * Share of the interval in which the application's most delayed thread was runnable and had no CPU,
 * 0 to 1.
 */
export function appCpuWait(inspection: Inspection): number | undefined {
  return largest(
    appThreads(inspection).map(({ waitMs, intervalMs }) => (waitMs === undefined ? undefined : Math.min(1, waitMs / intervalMs))),
  );
}

/** Threads of a garbage collector, by the names that the JVM gives them. */
const COLLECTOR = /^(GC Thread|G1 |VM Thread|Concurrent Mark|ParGC|ZGC|Shenandoah)/;

/**
 * Cores that the application's garbage collector uses; undefined where it has no such thread among
 * those that are listed.
 */
export function collectorCores(inspection: Inspection): number | undefined {
  return sum(
    appThreads(inspection)
      .filter(({ name }) => COLLECTOR.test(name))
      .map(({ cpuMs, intervalMs }) => cpuMs / intervalMs),
  );
}

/**
 * Share of the last second in which a JVM stood still to collect garbage, 0 to 1; undefined for
 * anything else, and for one that counts nothing (`-XX:-UsePerfData`).
 */
export function collectorShare(inspection: Inspection): number | undefined {
  if (inspection.overNetwork !== undefined) return pageCollectorShare(inspection);
  const told = inspection.app.flatMap(({ key, value }) => (key === 'jvm:gc' && value !== '-' ? [Number(value)] : []));
  return largest(told.filter((share) => share >= 0 && share <= 1.5));
}

/** Share of one core that the application's busiest thread used for its own code, 0 to 1. */
export function appBusiestThread(inspection: Inspection): number | undefined {
  const own = appThreads(inspection).filter(({ name }) => !COLLECTOR.test(name));
  return largest(own.map(({ cpuMs, intervalMs }) => cpuMs / intervalMs));
}

/** The application's limits and descriptors, by process, worst first. */
export function appDescriptors(inspection: Inspection): { readonly pid: number; readonly fds: number; readonly limit: number }[] {
  const value = (pid: number, key: string): number => Number(inspection.app.find((row) => row.pid === pid && row.key === key)?.value);
  const pids = [...new Set(inspection.app.map(({ pid }) => pid))];
  const read = pids.map((pid) => ({ pid, fds: value(pid, 'fds'), limit: value(pid, 'nofile') }));
  return read.filter(({ fds, limit }) => Number.isFinite(fds) && limit > 0).sort((a, b) => b.fds / b.limit - a.fds / a.limit);
}

/** Share of its descriptors that the application has open, 0 to 1. */
export function appDescriptorsUsed(inspection: Inspection): number | undefined {
  const page = inspection.overNetwork === undefined ? undefined : pageDescriptors(inspection);
  if (page !== undefined) return page.open / page.limit;
  const [worst] = appDescriptors(inspection);
  return worst === undefined ? undefined : worst.fds / worst.limit;
}

/**
 * Median over the host's own requests of this kind, in ms; a request without an answer counts with
 * the time it was waited for.
 */
export function httpMs(inspection: Inspection, kind: 'health' | 'probe' | 'metrics'): number | undefined {
  return median(inspection.http.filter((timing) => timing.kind === kind && timing.status !== undefined).map(({ ms }) => ms));
}

/** Requests of this kind that got no answer, or one other than 2xx or 3xx. */
export function httpFailures(inspection: Inspection, kind: 'health' | 'probe' | 'metrics'): number {
  return inspection.http.filter(
    (timing) => timing.kind === kind && timing.status !== undefined && (timing.status < 200 || timing.status >= 400),
  ).length;
}

/** Delay of the event loop in ms, the worst that prom-client's or a like-named gauge reports. */
export function eventLoopDelayMs(inspection: Inspection): number | undefined {
  const delays = inspection.metrics.filter(({ name }) => /event_?loop_(lag|delay)(_(mean|p50|p90|p99|max))?_seconds$/.test(name));
  const delay = largest(delays.map(({ value }) => value));
  return delay === undefined ? undefined : delay * 1000;
}

export function dnsValue(inspection: Inspection, key: string): string | undefined {
  return inspection.dns.find((row) => row.key === key)?.value;
}

export function lookupMs(inspection: Inspection): number | undefined {
  const value = Number(dnsValue(inspection, 'lookupMs') ?? Number.NaN);
  return Number.isFinite(value) ? value : undefined;
}

/** Share of memory that could be given to a program, 0 to 1. */
export function memoryAvailable({ memKb }: Inspection): number | undefined {
  const total = memKb.get('MemTotal') ?? 0;
  const available = memKb.get('MemAvailable') ?? memKb.get('MemFree');
  return available === undefined || total <= 0 ? undefined : available / total;
}

/** Pages swapped in and out in the interval. */
export function swapPages({ vm }: Inspection): number | undefined {
  return sum([vm.get('pswpin')?.delta, vm.get('pswpout')?.delta]);
}

export function stallMs(inspection: Inspection, resource: 'cpu.some' | 'memory.full' | 'memory.some' | 'io.full'): number | undefined {
  return inspection.pressure.get(resource)?.stallMs;
}

/** Share of the interval in which the busiest disk had work, 0 to 1. */
export function diskBusy(inspection: Inspection): number | undefined {
  const interval = inspection.load?.intervalMs ?? 0;
  const busy = largest(inspection.io.map(({ busyMs }) => busyMs));
  return busy === undefined || interval <= 0 ? undefined : Math.min(1, busy / interval);
}

/** Connections of the application in this TCP state, in or out. */
export function appSockets(inspection: Inspection, state: string): number {
  const pids = appPids(inspection);
  const out = inspection.outbound.filter((row) => row.state === state && row.pid !== undefined && pids.has(row.pid));
  const port = Number(inspection.params.get('appPort'));
  const inbound = inspection.inbound.filter((row) => row.state === state && row.port === port);
  return [...out, ...inbound].reduce((total, row) => total + row.count, 0);
}

export function retransmitted({ net }: Inspection): number | undefined {
  const sent = net.get('OutSegs')?.delta ?? 0;
  const again = net.get('RetransSegs')?.delta;
  return again === undefined || sent < 20 ? undefined : again / sent;
}

const SHARE: Scale = { absolute: 0.1, relative: 0.25 };

/** Every number that is compared and told as a difference when it stands out. */
export const READINGS: readonly Reading[] = [
  { label: 'CPU busy', of: busyFraction, scale: SHARE, show: percent, explainedBy: ['cpu-saturation', 'event-loop-block'] },
  { label: 'CPU steal', of: stealFraction, scale: { absolute: 0.02, relative: 0.5 }, show: percent, explainedBy: ['cpu-saturation'] },
  { label: 'CPU iowait', of: iowaitFraction, scale: { absolute: 0.05, relative: 0.5 }, show: percent, explainedBy: ['disk-io'] },
  {
    label: 'cores used by the application',
    of: appCores,
    scale: { absolute: 0.15, relative: 0.5 },
    show: count,
    explainedBy: ['cpu-saturation', 'event-loop-block'],
  },
  {
    label: "time the application's threads waited for a CPU",
    of: appCpuWait,
    scale: SHARE,
    show: percent,
    explainedBy: ['cpu-saturation'],
  },
  { label: 'memory available', of: memoryAvailable, scale: SHARE, show: percent, explainedBy: ['memory-pressure'] },
  { label: 'pages swapped', of: swapPages, scale: { absolute: 50, relative: 1 }, show: count, explainedBy: ['memory-pressure'] },
  {
    label: 'memory stall',
    of: (host) => stallMs(host, 'memory.full'),
    scale: { absolute: 30, relative: 1 },
    show: milliseconds,
    explainedBy: ['memory-pressure'],
  },
  {
    label: 'I/O stall',
    of: (host) => stallMs(host, 'io.full'),
    scale: { absolute: 50, relative: 1 },
    show: milliseconds,
    explainedBy: ['disk-io', 'memory-pressure'],
  },
  { label: 'busiest disk', of: diskBusy, scale: SHARE, show: percent, explainedBy: ['disk-io', 'memory-pressure'] },
  {
    label: "application's descriptors in use",
    of: appDescriptorsUsed,
    scale: SHARE,
    show: percent,
    explainedBy: ['fd-exhaustion', 'socket-leak'],
  },
  {
    label: "application's memory (MB)",
    of: (host) => (host.overNetwork === undefined ? largest(appProcesses(host).map(({ rssKb }) => rssKb / 1024)) : pageMemoryMb(host)),
    scale: { absolute: 50, relative: 0.5 },
    show: count,
    explainedBy: ['memory-pressure'],
  },
  {
    label: "application's heap in use",
    of: (host) => (host.overNetwork === undefined ? undefined : pageHeapUsed(host)),
    scale: SHARE,
    show: percent,
    explainedBy: ['memory-pressure'],
  },
  {
    label: "application's threads",
    of: (host) => sum(appProcesses(host).map(({ threads }) => threads)),
    scale: { absolute: 10, relative: 0.5 },
    show: count,
    explainedBy: [],
  },
  {
    label: "application's CLOSE_WAIT sockets",
    of: (host) => appSockets(host, 'CLOSE_WAIT'),
    scale: { absolute: 10, relative: 1 },
    show: count,
    explainedBy: ['socket-leak', 'fd-exhaustion'],
  },
  {
    label: 'TIME_WAIT sockets',
    of: ({ states }) => states.get('TIME_WAIT') ?? 0,
    scale: { absolute: 500, relative: 1 },
    show: count,
    explainedBy: ['socket-leak'],
  },
  {
    label: 'TCP segments sent again',
    of: retransmitted,
    scale: { absolute: 0.01, relative: 1 },
    show: percent,
    explainedBy: ['slow-dependency'],
  },
  {
    label: 'accept-queue overflows',
    of: ({ net }) => net.get('ListenOverflows')?.delta,
    scale: { absolute: 1, relative: 1 },
    show: count,
    explainedBy: ['accept-queue-overflow'],
  },
  { label: 'name lookup', of: lookupMs, scale: { absolute: 100, relative: 1 }, show: milliseconds, explainedBy: ['dns'] },
  {
    label: 'event loop delay',
    of: eventLoopDelayMs,
    scale: { absolute: 20, relative: 1 },
    show: milliseconds,
    explainedBy: ['event-loop-block', 'cpu-saturation'],
  },
  {
    label: 'own health check',
    of: (host) => httpMs(host, 'health'),
    scale: { absolute: 30, relative: 1 },
    show: milliseconds,
    explainedBy: ['event-loop-block', 'cpu-saturation', 'fd-exhaustion', 'accept-queue-overflow'],
  },
];
