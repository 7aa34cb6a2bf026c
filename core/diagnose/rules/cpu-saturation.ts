import type { Finding } from '../../model';
import { askedBy } from '../asker';
import { seen, type Evidence } from '../confidence';
import { contrast, contrastText, gradedHigh, highHere, largestBy, type Levels } from '../contrast';
import { ageText, culpritOf, parentOf, shortName } from '../identity';
import type { HostProcess, Inspection } from '../inspection';
import { jobsHere, type Job } from '../jobs';
import { appCores, appCpuWait, appProcesses, busyFraction, percent, stealFraction } from '../readings';
import { serverWorksFor } from '../server-works';
import { quotaUser } from '../shared-quota';
import { requestsWait } from '../symptom';
import { conclude, type View } from '../view';

/** A fifth of the time without a CPU it could use makes a request a quarter slower at least. */
export const CPU_WAITS_FROM = 0.2;
export const CPU_WAITS: Levels = { limit: CPU_WAITS_FROM, felt: 0.1, scale: { absolute: 0.03, relative: 0.25 } };
/**
 * Queueing makes a resource that is nine tenths busy ten times slower (M/M/1: 1 / (1 - use)), and
 * one that is two thirds busy three times.
 */
const CPUS_FULL: Levels = { limit: 0.9, felt: 0.66, scale: { absolute: 0.1, relative: 0.25 } };
const CPU_BUSY: Levels = { limit: 0.9, felt: 0.66, scale: { absolute: 0.06, relative: 0.1 } };
/** EC2 calls steal over a tenth a host that does not get what it pays for. */
const STEAL: Levels = { limit: 0.1, felt: 0.04, scale: { absolute: 0.01, relative: 0.5 } };
const THROTTLED: Levels = { limit: 1, felt: 1, scale: { absolute: 0.3, relative: 1 } };
/** Cores that make a process worth naming. */
const BURNS_FROM = 0.3;
/**
 * On a machine that is loaded as a whole nobody gets more: still worth a lead, where it is most of
 * what the host's processes use.
 */
const BURNS_LITTLE_FROM = 0.1;
/** Of the CPU time of all processes of the host: worth naming, and most of it. */
const SHARE_OF_HOST = 0.2;
const MOST_OF_HOST = 0.5;
/** Before this an average over the life of a process is mostly its start. */
const YOUNG_MS = 5_000;

/** CPUs that the application may run on. */
function allowedCpus(inspection: Inspection): number | undefined {
  const cpus = appProcesses(inspection).flatMap((process) => (process.cpus > 0 ? [process.cpus] : []));
  return cpus.length === 0 ? undefined : Math.min(...cpus);
}

/**
 * Share of the CPUs that the application may use which this host's own processes fill: told by
 * per-process counters.
 */
function ownCpusFull(inspection: Inspection): number | undefined {
  const cpus = allowedCpus(inspection);
  if (cpus === undefined) return undefined;
  return inspection.processes.reduce((total, process) => total + process.cpuMs, 0) / (1000 * cpus);
}

function throttled({ cgroup }: Inspection): number {
  return cgroup.get('nr_throttled')?.delta ?? 0;
}

/**
 * Cores a process uses: now, or over its life where it has lived for some seconds; the interval
 * alone may hit a pause.
 */
function cores(process: HostProcess, now: number): number {
  const ageMs = now - process.startedAt;
  const overLife = ageMs >= YOUNG_MS ? process.cpuTotalMs / ageMs : 0;
  return Math.max(process.cpuMs / 1000, overLife);
}

/** Busy with what runs here: what the hypervisor took is told by itself. */
function ownBusy(inspection: Inspection): number | undefined {
  const busy = busyFraction(inspection);
  return busy === undefined ? undefined : busy - (stealFraction(inspection) ?? 0);
}

/**
 * What this host's own processes took from each other. How long one thread waited in half a second
 * is noise on any busy machine: alone, with nobody to take the CPU and CPUs that are not full, it
 * is no lead.
 */
function crowded(view: View, hog: Job | undefined): Evidence[] {
  const [wait, busy, full] = [contrast(view, appCpuWait), contrast(view, ownBusy), contrast(view, ownCpusFull)];
  const filled = [
    ...gradedHigh(full, CPUS_FULL, 'strong', contrastText('its own processes fill the CPUs it may use to', full, percent)),
    ...gradedHigh(busy, CPU_BUSY, 'strong', contrastText('CPU busy', busy, percent)),
  ];
  const weight = filled.length > 0 || hog !== undefined ? 'moderate' : 'weak';
  const waits = gradedHigh(wait, CPU_WAITS, weight, contrastText('the application waited for a CPU', wait, percent));
  return [...filled.slice(0, 1), ...waits, ...filled.slice(1)];
}

/** What was taken from outside: no process of this host did it. */
function withheld(view: View): Evidence[] {
  const steal = contrast(view, stealFraction);
  return [
    ...gradedHigh(steal, STEAL, 'strong', contrastText('CPU taken by the hypervisor (steal)', steal, percent)),
    ...throttledHere(view),
  ];
}

function throttledHere(view: View): Evidence[] {
  const throttle = contrast(view, throttled);
  return gradedHigh(throttle, THROTTLED, 'strong', contrastText('periods throttled by the CPU quota', throttle, String));
}

/** Bound to fewer CPUs than on any peer. */
function fewerCpus(view: View): Evidence[] {
  const cpus = contrast(view, allowedCpus);
  if (cpus.here === undefined || cpus.peers.length === 0 || cpus.here >= Math.min(...cpus.peers)) return [];
  return [{ weight: 'moderate', summary: contrastText('CPUs it may use:', cpus, String) }];
}

/** Cores that a job uses, all of its processes together. */
function jobCores({ members }: Job, now: number): number {
  return members.reduce((total, process) => total + cores(process, now), 0);
}

/**
 * The job that only this host runs and that uses a share worth naming of what its processes use.
 */
function hogOf(view: View): Job | undefined {
  const used = view.sick.processes.reduce((total, process) => total + cores(process, view.now), 0);
  return largestBy(jobsHere(view), (job) => jobCores(job, view.now), Math.max(BURNS_FROM, used * SHARE_OF_HOST));
}

/**
 * The job that takes most of the little that the processes of this host get, while its application
 * waits for a CPU as on every peer.
 */
function starvedHog(view: View): Evidence[] {
  const used = view.sick.processes.reduce((total, { cpuMs }) => total + cpuMs, 0);
  const most = largestBy(jobsHere(view), cpuMsOf, Math.max(BURNS_LITTLE_FROM * 1000, used * MOST_OF_HOST));
  if (most === undefined || (appCpuWait(view.sick) ?? 0) < CPU_WAITS_FROM) return [];
  const wait = contrast(view, appCpuWait);
  return [seen('moderate', burnText(most, view.now)), seen('weak', contrastText('the application waited for a CPU', wait, percent))];
}

function cpuMsOf({ members }: Job): number {
  return members.reduce((total, { cpuMs }) => total + cpuMs, 0);
}

/**
 * The application waits, and one stranger uses most of the CPU time of this host: short, even where
 * the peers wait as well. That they do is a doubt, unless the stranger alone takes half of what the
 * application may use.
 */
function shortAsPeers(view: View, hog: Job | undefined): Evidence[] {
  const wait = contrast(view, appCpuWait);
  const used = view.sick.processes.reduce((total, { cpuMs }) => total + cpuMs, 0);
  if (hog === undefined || (wait.here ?? 0) < CPU_WAITS_FROM || cpuMsOf(hog) < used * MOST_OF_HOST) return [];
  return [{ weight: 'moderate', summary: contrastText('the application waited for a CPU', wait, percent) }];
}

interface Shortage {
  readonly support: Evidence[];
  readonly against: Evidence[];
  /** The job that took it, where one did. */
  readonly hog?: Job;
}

function shortage(view: View): Shortage {
  const hog = hogOf(view);
  const [own, taken] = [crowded(view, hog), withheld(view)];
  if (own.length + taken.length > 0)
    return { support: [...own, ...taken], against: [], ...(own.length > 0 && hog !== undefined ? { hog } : {}) };
  const support = shortAsPeers(view, hog);
  const takesHalf = hog !== undefined && jobCores(hog, view.now) >= (allowedCpus(view.sick) ?? Number.POSITIVE_INFINITY) / 2;
  const doubted = support.length > 0 && !takesHalf;
  return {
    support,
    against: doubted ? [{ weight: 'moderate', summary: 'its peers wait for a CPU too' }] : [],
    ...(hog === undefined || support.length === 0 ? {} : { hog }),
  };
}

function burnText(job: Job, now: number): string {
  const { root, members } = job;
  const parent = parentOf(root);
  const from = parent === undefined ? '' : `, parent ${parent.comm}`;
  const many = members.length > 1 ? ` with ${members.length - 1} more of its processes` : '';
  return `pid ${root.pid} ${shortName(root)}${many} uses ${jobCores(job, now).toFixed(2)} of a core${from}, ${ageText(root.startedAt, now)}; only this host runs it`;
}

function itself(view: View, hog: Job | undefined): Evidence[] {
  const own = contrast(view, appCores);
  if (hog !== undefined || !highHere(own, BURNS_FROM, { absolute: 0.15, relative: 0.5 })) return [];
  return [
    { weight: 'moderate', summary: contrastText('it is the application itself that uses the CPU: cores', own, (used) => used.toFixed(2)) },
  ];
}

function elsewhere(hog: Job | undefined): Evidence[] {
  return hog?.scheduledElsewhere === true ? [{ weight: 'weak', summary: 'its peers run it too, at another time' }] : [];
}

/**
 * There is not enough CPU here: somebody else burns it, or the hypervisor or a quota takes it away.
 */
export function cpuSaturation(view: View): Finding | undefined {
  const short = shortage(view);
  const { hog } = short;
  if (short.support.length === 0)
    return conclude({
      cause: 'cpu-saturation',
      support: starvedHog(view),
      against: requestsWait(view).length > 0 ? [] : [seen('weak', 'no request waits here more than on the peers')],
    });
  const sharer = hog === undefined && throttledHere(view).length > 0 ? quotaUser(view) : undefined;
  const served = hog === undefined && sharer === undefined ? serverWorksFor(view) : undefined;
  const busy = itself(view, hog);
  // What it computes may be what a job asks it for.
  const asked = busy.length > 0 && sharer === undefined && served === undefined ? askedBy(view) : { told: [] };
  // Below every limit a stranger that is busy, too, is less of a proof.
  const culprit = hog?.root ?? sharer?.process ?? served?.job.root;
  const felt = short.support.every(({ weight }) => weight === 'weak');
  return conclude({
    cause: 'cpu-saturation',
    support: [
      ...short.support,
      ...fewerCpus(view),
      ...(hog === undefined ? [] : [seen(felt ? 'moderate' : 'strong', burnText(hog, view.now))]),
      ...(sharer === undefined ? [] : [sharer.told]),
      ...(served === undefined ? [] : [served.told]),
      ...asked.told,
    ],
    against: [...short.against, ...(asked.culprit === undefined ? busy : []), ...elsewhere(hog ?? served?.job)],
    culprit: culprit === undefined ? asked.culprit : culpritOf(culprit, view.sick),
  });
}

/**
 * Whether another process takes the CPU the application needs: other rules count it against
 * themselves.
 */
export function isShortOfCpu(view: View): boolean {
  return shortage(view).hog !== undefined;
}
