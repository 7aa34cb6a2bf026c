/**
 * A quota that containers of one pod or task share: the control group above the application's is
 * kept from the CPU, and what else runs in it uses the quota up.
 */
import { seen, type Evidence } from './confidence';
import { contrastText, type Contrast } from './contrast';
import { appPids, shortName } from './identity';
import type { HostProcess, InContainer, Inspection } from './inspection';
import { appCores } from './readings';
import type { View } from './view';

/** Less than a twentieth of a core uses no quota up. */
const USES_FROM = 0.05;
/** Times what the same program uses on any peer. */
const CLEAR_OF_PEERS = 3;

/** The pod or task of a container; undefined where it has none. */
function groupOf({ pod, task }: InContainer): string | undefined {
  return pod ?? task;
}

/** Processes that share the pod or task of the application, and are not the application. */
function neighbours(inspection: Inspection): HostProcess[] {
  const app = appPids(inspection);
  const groups = new Set(inspection.containers.flatMap((one) => (app.has(one.pid) ? (groupOf(one) ?? []) : [])));
  const pids = new Set(inspection.containers.flatMap((one) => (groups.has(groupOf(one) ?? '') ? [one.pid] : [])));
  return inspection.processes.filter(({ pid }) => pids.has(pid) && !app.has(pid));
}

/** Cores that all processes of this command use on a host. */
function coresOf(key: string, processes: readonly HostProcess[]): number {
  return processes.filter((one) => one.key === key).reduce((total, { cpuMs }) => total + cpuMs / 1000, 0);
}

export interface QuotaUser {
  readonly process: HostProcess;
  readonly told: Evidence;
}

/**
 * Who uses the quota up that the application shares: a program that uses at least as much CPU as
 * the application, and several times what it does on any peer. Its oldest process stands for it.
 * Undefined where the quota is the application's own, or nobody stands out.
 */
export function quotaUser(view: View): QuotaUser | undefined {
  const { sick, peers } = view;
  if (Number(sick.cgroup.get('throttled.above')?.value ?? 0) === 0) return undefined;
  const mates = neighbours(sick);
  const used = [...new Set(mates.map(({ key }) => key))].map((key) => ({
    key,
    both: { here: coresOf(key, mates), peers: peers.map((peer) => coresOf(key, peer.processes)) } satisfies Contrast,
  }));
  const heavy = used.filter(
    ({ both }) => both.here >= Math.max(USES_FROM, appCores(sick) ?? 0, CLEAR_OF_PEERS * Math.max(0, ...both.peers)),
  );
  const [most] = heavy.sort((a, b) => b.both.here - a.both.here);
  const [process] = mates.filter(({ key }) => key === most?.key).sort((a, b) => a.startedAt - b.startedAt || a.pid - b.pid);
  if (most === undefined || process === undefined || peers.length === 0) return undefined;
  const text = `pid ${process.pid} ${shortName(process)}, which shares the quota of its pod or task, uses cores:`;
  return {
    process,
    told: seen(
      'strong',
      contrastText(text, most.both, (cores) => cores.toFixed(2)),
    ),
  };
}
