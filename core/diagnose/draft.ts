/** What is read of a host so far. */
import type {
  Counter,
  ContainerName,
  CpuTimes,
  CronEntry,
  DatabaseConnections,
  DeletedFile,
  FileLock,
  FileSystem,
  HostProcess,
  HttpTiming,
  InContainer,
  Inspection,
  Listener,
  MountUse,
  Outbound,
  Section,
  ThreadReading,
  UnixListener,
} from './inspection';

/** Everything a row may add to. Mutable here and nowhere else. */
export interface Draft {
  complete: boolean;
  readonly sections: Map<string, Section>;
  readonly params: Map<string, string>;
  readonly facts: Map<string, string>;
  readonly settings: Map<string, string>;
  cpu?: CpuTimes;
  load?: NonNullable<Inspection['load']>;
  readonly pressure: Map<string, { avg10: number; stallMs: number }>;
  readonly memKb: Map<string, number>;
  readonly vm: Map<string, Counter>;
  readonly cgroup: Map<string, { value: string; delta?: number }>;
  readonly fileSystems: FileSystem[];
  readonly io: { device: string; busyMs: number }[];
  readonly net: Map<string, Counter>;
  readonly states: Map<string, number>;
  readonly listeners: Listener[];
  readonly outbound: Outbound[];
  readonly database: DatabaseConnections[];
  readonly unix: UnixListener[];
  readonly inbound: { port: number; state: string; count: number }[];
  readonly processes: HostProcess[];
  readonly groups: { comm: string; user: string; count: number }[];
  readonly app: { pid: number; key: string; value: string }[];
  readonly deletedFiles: DeletedFile[];
  readonly uses: MountUse[];
  readonly locks: FileLock[];
  readonly containers: InContainer[];
  readonly images: ContainerName[];
  readonly threads: ThreadReading[];
  readonly waits: { pid: number; where: string; count: number }[];
  readonly cron: CronEntry[];
  readonly dns: { key: string; value: string }[];
  readonly queries: { pid: number; count: number }[];
  readonly http: HttpTiming[];
  readonly metrics: string[];
  readonly before: string[];
  unread: number;
}

export function emptyDraft(): Draft {
  return {
    complete: false,
    sections: new Map(),
    params: new Map(),
    facts: new Map(),
    settings: new Map(),
    pressure: new Map(),
    memKb: new Map(),
    vm: new Map(),
    cgroup: new Map(),
    fileSystems: [],
    io: [],
    net: new Map(),
    states: new Map(),
    listeners: [],
    outbound: [],
    database: [],
    inbound: [],
    unix: [],
    processes: [],
    groups: [],
    app: [],
    deletedFiles: [],
    uses: [],
    locks: [],
    containers: [],
    images: [],
    threads: [],
    waits: [],
    cron: [],
    dns: [],
    queries: [],
    http: [],
    metrics: [],
    before: [],
    unread: 0,
  };
}
