import type { HostCapture } from '../../../core/model';

/**
 * Parts of a made-up host. Everything made here is synthetic: it says what a rule must do, not what
 * a host looks like.
 */
export interface MadeHost {
  readonly host: string;
  readonly app?: string;
  readonly pool?: readonly [active: number, max: number, waiting: number];
  readonly rows?: Readonly<Record<string, readonly string[]>>;
}

const APP_PID = 10;

/** A process row: pid, parent chain, command, and the numbers that matter. */
export function processRow(
  pid: number,
  parents: string,
  command: string,
  numbers: {
    readonly cpuMs?: number;
    readonly rssKb?: number;
    readonly startedAt?: number;
    readonly tracer?: number;
    readonly ppid?: number;
  } = {},
): string {
  const { cpuMs = 0, rssKb = 1000, startedAt = 1_700_000_000_000, tracer = 0, ppid = 1 } = numbers;
  const comm = (command.split(' ')[0] ?? '').split('/').pop() ?? '-';
  return ['proc', pid, ppid, startedAt, 'root', 'S', cpuMs, cpuMs, rssKb, 1, 5, tracer, 2, 0, 0, parents, comm, command].join('\t');
}

export function connections(pid: number, count: number, remote = '10.0.9.9:5432'): string {
  return ['out', remote, 'ESTABLISHED', pid, count, 'x'].join('\t');
}

/** One host that runs an application on port 8080 with a pool, and whatever else is asked for. */
export function madeHost({ host, app = '/usr/bin/node /srv/app.js', pool = [7, 20, 0], rows = {} }: MadeHost): HostCapture {
  const [active, max, waiting] = pool;
  const base: Record<string, readonly string[]> = {
    host: ['param\tappPort\t8080', 'param\tmetricsPort\t8080', 'param\tdatabasePorts\t5432', 'host\tcpus\t2'],
    settings: [],
    sockets: [`listen\t8080\t0.0.0.0\t${APP_PID}\t0\t511`, connections(APP_PID, active)],
    processes: [processRow(APP_PID, '1:init', app), processRow(1, '-', '/sbin/init')],
    metrics: [`m\tconnection_pool_active ${active}`, `m\tconnection_pool_max ${max}`, `m\tconnection_pool_wait ${waiting}`],
    cpu: ['cpu\t200\t0\t100\t1700\t0\t0\t0\t0', 'load\t0.5\t0.5\t0.5\t1\t0\t1000'],
    memory: ['mem\tMemTotal\t8000000', 'mem\tMemAvailable\t5000000', 'vm\toom_kill\t0\t0', 'vm\tpswpin\t0\t0', 'vm\tpswpout\t0\t0'],
    cron: ['cron\t/etc/crontab\troot\t*/5 * * * * /opt/rotate'],
    groups: [],
    cgroup: [],
    disk: [],
    net: [],
    threads: [],
    deletedFiles: [],
    containers: [],
    images: [],
    http: [],
    dns: [],
    app: [],
    files: [],
  };
  const sections = Object.entries(base).map(([name, own]) => [`## ${name} ok`, ...own, ...(rows[name] ?? [])].join('\n'));
  return { host, capturedAt: 1_700_000_100_000, stdout: ['sickbay-inspection 1', ...sections, '## end ok'].join('\n') };
}

// ---------------------------------------------------------------- a fleet of one moment

/** When its hosts were looked at. */
export const NOW = 1_700_000_100_000;
export const MINUTE = 60_000;

/** The parents of a job of cron. */
export const CRON = '31:sh<20:cron<1:init';

/** The answer that the probe of the application got. */
export const SLOW = ['http\tprobe\t/cart\t200\t6000\t2\tcurl'];
export const QUICK = ['http\tprobe\t/cart\t200\t60\t2\tcurl'];

/** A process that began five minutes ago. */
export const row: typeof processRow = (pid, parents, command, numbers) =>
  processRow(pid, parents, command, { startedAt: NOW - 5 * MINUTE, ...numbers });
