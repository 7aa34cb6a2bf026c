import type { Finding } from '../../model';
import { seen, type Evidence } from '../confidence';
import { contrast, contrastText, gradedHigh, gradedLow, largestBy, type Levels } from '../contrast';
import { ageText, culpritOf, shortName } from '../identity';
import type { HostProcess, Inspection } from '../inspection';
import { jobsHere, type Job } from '../jobs';
import { memoryGroup, memoryLimitUsed } from '../limits';
import { workersReplaced } from '../restarts';
import { collectorCores, collectorShare, memoryAvailable, milliseconds, percent, stallMs, swapPages } from '../readings';
import { conclude, type View } from '../view';

/** Below a tenth the kernel reclaims what programs still use. */
const SCARCE: Levels = { limit: 0.1, felt: 0.15, scale: { absolute: 0.03, relative: 0.1 } };
/** A tenth of the time in which nothing ran for want of memory. */
const STALLS_MS: Levels = { limit: 100, felt: 30, scale: { absolute: 10, relative: 1 } };
const SWAPS: Levels = { limit: 100, felt: 30, scale: { absolute: 10, relative: 1 } };
const QUOTA: Levels = { limit: 0.95, felt: 0.9, scale: { absolute: 0.05, relative: 0.1 } };
const KILLS: Levels = { limit: 1, felt: 1, scale: { absolute: 0.3, relative: 1 } };
/** A collector that uses most of a core frees little. */
const COLLECTS: Levels = { limit: 0.5, felt: 0.2, scale: { absolute: 0.05, relative: 1 } };
/** A job with a fifth of the memory is worth naming. */
const LARGE_FROM = 0.2;

function oomKills(inspection: Inspection): number {
  const own = Number(inspection.cgroup.get('memory.events.oom_kill')?.value ?? 0);
  return Math.max(inspection.vm.get('oom_kill')?.total ?? 0, Number.isFinite(own) ? own : 0);
}

function shortage(view: View): Evidence[] {
  const available = contrast(view, memoryAvailable);
  const swap = contrast(view, swapPages);
  const stall = contrast(view, (host) => stallMs(host, 'memory.full'));
  const quota = contrast(view, memoryLimitUsed);
  const kills = contrast(view, oomKills);
  const stands = contrast(view, collectorShare);
  // What the JVM itself counts goes before what its threads use: one mechanism counts once.
  const collector = stands.here === undefined ? contrast(view, collectorCores) : stands;
  const killed = gradedHigh(kills, KILLS, 'moderate', contrastText('processes killed for want of memory since boot', kills, String));
  const replaced = killed.length === 0 ? undefined : workersReplaced(view);
  const collects = stands.here === undefined ? "the application's garbage collector uses cores:" : 'share of the time it collects garbage:';
  return [
    ...gradedLow(available, SCARCE, 'strong', contrastText('memory available', available, percent)),
    ...gradedHigh(swap, SWAPS, 'strong', contrastText('pages swapped in a second', swap, String)),
    ...gradedHigh(stall, STALLS_MS, 'strong', contrastText('stalled for want of memory', stall, milliseconds)),
    ...gradedHigh(quota, QUOTA, 'strong', contrastText("of the cgroup's memory in use", quota, percent)),
    ...gradedHigh(collector, COLLECTS, 'strong', contrastText(collects, collector, hundredths)),
    ...killed,
    ...(replaced === undefined ? [] : [seen('moderate', replaced)]),
  ];
}

function hundredths(value: number): string {
  return value.toFixed(2);
}

function memoryKb(members: Job['members']): number {
  return members.reduce((total, { rssKb }) => total + rssKb, 0);
}

/** A job of this host alone, and how much it holds of the memory that is short. */
interface Large {
  readonly root: HostProcess;
  readonly share: number;
  readonly of: string;
}

/**
 * Of the host's memory; or of what the application's control group may use, where the job runs in
 * that group and nearly all of it is in use.
 */
function largestJob(view: View): Large | undefined {
  const jobs = jobsHere(view);
  const total = view.sick.memKb.get('MemTotal') ?? Number.POSITIVE_INFINITY;
  const ofHost = ({ members }: Job): number => memoryKb(members) / total;
  const onHost = largestBy(jobs, ofHost, LARGE_FROM);
  if (onHost !== undefined) return { root: onHost.root, share: ofHost(onHost), of: 'the memory' };
  const group = (memoryLimitUsed(view.sick) ?? 0) < QUOTA.felt ? undefined : memoryGroup(view.sick);
  if (group === undefined) return undefined;
  const ofGroup = ({ members }: Job): number => memoryKb(members.filter(({ pid }) => group.pids.has(pid))) / group.limitKb;
  const inGroup = largestBy(jobs, ofGroup, LARGE_FROM);
  return inGroup === undefined
    ? undefined
    : { root: inGroup.root, share: ofGroup(inGroup), of: "what the application's control group may use" };
}

/** This host is short of memory: it reclaims, swaps or kills. */
export function memoryPressure(view: View): Finding | undefined {
  const short = shortage(view);
  if (short.length === 0) return undefined;
  const large = largestJob(view);
  const named =
    large === undefined
      ? []
      : [
          seen(
            'strong',
            `pid ${large.root.pid} ${shortName(large.root)} holds ${percent(large.share)} of ${large.of}, ${ageText(large.root.startedAt, view.now)}; only this host runs it`,
          ),
        ];
  return conclude({
    cause: 'memory-pressure',
    support: [...short, ...named],
    culprit: large === undefined ? undefined : culpritOf(large.root, view.sick),
  });
}
