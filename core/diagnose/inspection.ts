import type { TaskFacts } from '../model';
import type { MetricSample } from './metrics';

/**
 * What `inspect.sh` prints (output version 1), as data. Columns are documented at the head of the
 * script.
 */

/**
 * `ok` alone means that all there was is here. Everything else limits what may be concluded from an
 * absence.
 */
export const SECTION_STATUSES = ['ok', 'cut', 'partial', 'missing', 'denied', 'timeout', 'failed'] as const;
export type SectionStatus = (typeof SECTION_STATUSES)[number];

export interface Section {
  readonly status: SectionStatus;
  /** Why the section is not `ok`. */
  readonly why?: string;
}

export interface HostProcess {
  readonly pid: number;
  readonly ppid: number;
  readonly startedAt: number;
  readonly user: string;
  readonly state: string;
  /** CPU time per second of wall clock, in ms: 1000 is one whole core. */
  readonly cpuMs: number;
  readonly cpuTotalMs: number;
  readonly rssKb: number;
  readonly threads: number;
  /** Open descriptors; undefined where the script might not look. */
  readonly fds?: number;
  /** Pid of the tracer, 0 for none. */
  readonly tracer: number;
  /** CPUs the process may run on; 0 when unknown. */
  readonly cpus: number;
  readonly readKb?: number;
  readonly writeKb?: number;
  /** Nearest parent first, init last. */
  readonly parents: readonly { readonly pid: number; readonly comm: string }[];
  readonly comm: string;
  readonly command: string;
  /** `commandKey` of the two: the same for the same job on another host. */
  readonly key: string;
}

export interface Outbound {
  readonly remote: string;
  readonly port: number;
  readonly state: string;
  readonly pid?: number;
  readonly count: number;
  readonly comm: string;
  /** So many have sent something that is not acknowledged: within a round trip it would be. */
  readonly unacked?: number;
}

/** The connections of one process to one database, by TCP's own clocks. */
export interface DatabaseConnections {
  readonly pid?: number;
  readonly remote: string;
  readonly count: number;
  /** Sent a second or more ago and not answered: the application waits for the database. */
  readonly unanswered: number;
  /** Answered, and silent for a second or more: the application, or nobody, uses it. */
  readonly idle: number;
  readonly oldestMs: number;
  readonly rttMs: number;
  readonly retransmits: number;
}

export interface Listener {
  readonly port: number;
  readonly address: string;
  readonly pid?: number;
  readonly queue: number;
  readonly backlog?: number;
}

/**
 * A Unix socket that the application listens on or is asked by: the way of a request from a proxy
 * to its workers.
 */
export interface UnixListener {
  readonly path: string;
  readonly pid?: number;
  /** Connections that no worker has accepted yet, and how many may wait. */
  readonly queue: number;
  readonly backlog: number;
  readonly client?: number;
  readonly clients: number;
  /** Connections that a worker has accepted. */
  readonly served: number;
  /** Processes that accept from it, without one that only started the others. */
  readonly workers: number;
}

/** A lock on a file, of flock(2) or fcntl(2), as /proc/locks tells of it. */
export interface FileLock {
  /** Who holds it, for writing. */
  readonly pid: number;
  readonly kind: string;
  /** How many wait for it in the kernel; who tries again and again is not among them. */
  readonly waiters: number;
  /** The application, or what it has started, waits for it, or it has that file open. */
  readonly isOfApp: boolean;
  readonly path: string;
}

/** A process of the application, or one that is told, that runs in a container. */
export interface InContainer {
  readonly pid: number;
  /**
   * `ecs`, `kubernetes`, `podman`, `docker`, `containerd`, `container`; `namespace`: a network of
   * its own and no cgroup that tells more.
   */
  readonly runtime: string;
  /** The first twelve digits of the container's id, as `docker ps` shows it. */
  readonly id?: string;
  readonly task?: string;
  readonly pod?: string;
}

/**
 * What the container's runtime or its environment calls it: `image`, `name`, `pod`, `namespace`,
 * `family`, `env:HOSTNAME` and so on.
 */
export interface ContainerName {
  readonly id: string;
  readonly key: string;
  readonly value: string;
}

export interface FileSystem {
  readonly mount: string;
  readonly type: string;
  readonly usedFraction: number;
  readonly availKb: number;
  readonly inodesUsedFraction?: number;
}

/** A file of a megabyte or more that was deleted and is still open. */
export interface DeletedFile {
  readonly pid: number;
  readonly sizeKb: number;
  readonly comm: string;
  readonly path: string;
}

/** A process, not of the application, that writes or works on a file system. */
export interface MountUse {
  readonly pid: number;
  readonly mount: string;
  /** Files there that it has open for writing, and how large they are. */
  readonly files: number;
  readonly sizeKb: number;
  /** Its directory is there. */
  readonly worksThere: boolean;
}

export interface ThreadReading {
  readonly pid: number;
  readonly tid: number;
  readonly name: string;
  readonly cpuMs: number;
  /** Time it was runnable and had no CPU. */
  readonly waitMs?: number;
  readonly intervalMs: number;
}

export interface CronEntry {
  readonly source: string;
  readonly user: string;
  readonly line: string;
  /** What the line runs. */
  readonly command: string;
  /** Of that, without where its output goes: `commandKey` of the process that it starts. */
  readonly key: string;
}

export interface HttpTiming {
  readonly kind: 'health' | 'probe' | 'metrics';
  readonly path: string;
  /** HTTP status; 0: no answer; undefined: not known. */
  readonly status?: number;
  readonly ms: number;
}

/** Milliseconds of all CPUs in the interval. */
export interface CpuTimes {
  readonly user: number;
  readonly nice: number;
  readonly system: number;
  readonly idle: number;
  readonly iowait: number;
  readonly irq: number;
  readonly softirq: number;
  readonly steal: number;
}

/** A counter: what it grew by in the interval, and where it stands. */
export interface Counter {
  readonly delta: number;
  readonly total: number;
}

export interface Inspection {
  readonly host: string;
  readonly capturedAt: number;
  /** What ECS tells of it, where it is a task. */
  readonly task?: TaskFacts;
  /** Why it is its metrics page alone, read over the network. */
  readonly overNetwork?: string;
  /** The end mark was there: the output was not cut off on its way. */
  readonly complete: boolean;
  readonly sections: ReadonlyMap<string, Section>;
  readonly params: ReadonlyMap<string, string>;
  readonly facts: ReadonlyMap<string, string>;
  /** How the kernel was told to treat the application and its network, by name. */
  readonly settings: ReadonlyMap<string, string>;
  readonly cpu?: CpuTimes;
  readonly load?: { readonly one: number; readonly running: number; readonly blocked: number; readonly intervalMs: number };
  /** `resource.kind`, for example `io.full`: ms stalled in the interval. */
  readonly pressure: ReadonlyMap<string, { readonly avg10: number; readonly stallMs: number }>;
  readonly memKb: ReadonlyMap<string, number>;
  readonly vm: ReadonlyMap<string, Counter>;
  readonly cgroup: ReadonlyMap<string, { readonly value: string; readonly delta?: number }>;
  readonly fileSystems: readonly FileSystem[];
  readonly io: readonly { readonly device: string; readonly busyMs: number }[];
  readonly net: ReadonlyMap<string, Counter>;
  readonly states: ReadonlyMap<string, number>;
  readonly listeners: readonly Listener[];
  readonly outbound: readonly Outbound[];
  readonly database: readonly DatabaseConnections[];
  readonly inbound: readonly { readonly port: number; readonly state: string; readonly count: number }[];
  readonly unix: readonly UnixListener[];
  readonly processes: readonly HostProcess[];
  readonly groups: readonly { readonly comm: string; readonly user: string; readonly count: number }[];
  readonly app: readonly { readonly pid: number; readonly key: string; readonly value: string }[];
  readonly deletedFiles: readonly DeletedFile[];
  readonly uses: readonly MountUse[];
  readonly locks: readonly FileLock[];
  readonly containers: readonly InContainer[];
  readonly images: readonly ContainerName[];
  readonly threads: readonly ThreadReading[];
  /**
   * Threads of the application by the kernel function they sleep in (`/proc/PID/task/TID/wchan`).
   */
  readonly waits: readonly { readonly pid: number; readonly where: string; readonly count: number }[];
  readonly cron: readonly CronEntry[];
  readonly dns: readonly { readonly key: string; readonly value: string }[];
  /** Name lookups that wait for an answer, by process. */
  readonly queries: readonly { readonly pid: number; readonly count: number }[];
  readonly http: readonly HttpTiming[];
  readonly metrics: readonly MetricSample[];
  /** Counters of the look at the page before, where that is told. */
  readonly metricsBefore?: readonly MetricSample[];
  /** Lines that no row type of version 1 describes: counted, never guessed at. */
  readonly unread: number;
}

/** True when an absence in this section means something: it was read, and read whole. */
export function isWhole(inspection: Inspection, section: string): boolean {
  return inspection.complete && inspection.sections.get(section)?.status === 'ok';
}

/** The status of a section; `missing` when the host did not print it. */
export function sectionStatus(inspection: Inspection, section: string): SectionStatus {
  return inspection.sections.get(section)?.status ?? 'missing';
}
