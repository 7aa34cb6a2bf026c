import type { Finding } from '../../model';
import { isOnThisHost } from '../address';
import { seen, type Evidence } from '../confidence';
import { largestBy } from '../contrast';
import { declaredPorts } from '../database';
import { ageText, appPids, culpritOf, shortName } from '../identity';
import { jobOf, jobsHere, type Job } from '../jobs';
import type { FileSystem, Inspection } from '../inspection';
import { percent } from '../readings';
import { requestsWait } from '../symptom';
import { conclude, type View } from '../view';

/**
 * Files stop growing at 100 %; ext4 keeps 5 % for root, and df counts them as used for everybody
 * else.
 */
const FULL_FROM = 0.98;
/** A peer with this much room on the same mount shows that full is not usual there. */
const ROOM_BELOW = 0.9;

export function fill({ usedFraction, inodesUsedFraction }: FileSystem): number {
  return Math.max(usedFraction, inodesUsedFraction ?? 0);
}

export function isUsual(mount: string, peers: readonly Inspection[]): boolean {
  const same = peers.flatMap((peer) => peer.fileSystems.filter((one) => one.mount === mount));
  return same.length > 0 && same.every((one) => fill(one) >= ROOM_BELOW);
}

/** On the mount, or, for a directory of the application's own, around it. */
function holds(mount: string, path: string): boolean {
  return mount === '/' || path === mount || path.startsWith(`${mount}/`) || (path.split('/').length > 2 && mount.startsWith(`${path}/`));
}

/** Where the application lives, and where everything writes. */
function usedByApp(inspection: Inspection): string[] {
  return [
    '/',
    '/tmp',
    '/var',
    '/var/log',
    '/var/tmp',
    ...inspection.app.filter(({ key }) => key === 'cwd' || key === 'exe' || key === 'opens').map(({ value }) => value),
  ];
}

function fullText(one: FileSystem, peers: readonly Inspection[]): string {
  const what = (one.inodesUsedFraction ?? 0) > one.usedFraction ? 'inodes' : 'space';
  const same = peers.flatMap((peer) => peer.fileSystems.filter(({ mount }) => mount === one.mount)).map((other) => percent(fill(other)));
  return `${one.mount} has ${percent(fill(one))} of its ${what} in use, ${Math.round(one.availKb / 1024)} MB left; peers ${same.length === 0 ? 'have no such mount' : [...new Set(same)].join(', ')}`;
}

/**
 * The application has its database, or another service that it asks, on this host: over loopback or
 * a Unix socket.
 */
function asksHere(inspection: Inspection): boolean {
  const { outbound } = inspection;
  const app = appPids(inspection);
  const databases = declaredPorts(inspection);
  return outbound.some(({ pid, port, remote }) => pid !== undefined && app.has(pid) && databases.includes(port) && isOnThisHost(remote));
}

function usedBy(view: View, { mount }: FileSystem): Evidence[] {
  if (usedByApp(view.sick).some((path) => holds(mount, path)))
    return [seen('moderate', `${mount} is where the application or its logs live`)];
  const waits = requestsWait(view).length > 0;
  if (!waits) return [];
  return asksHere(view.sick)
    ? [seen('moderate', 'requests wait, and the application has its database on this host')]
    : [seen('weak', 'requests wait here, and not on the peers')];
}

/** File systems that are full here, and not on the peers. */
export function fullHere({ sick, peers }: Pick<View, 'sick' | 'peers'>): FileSystem[] {
  return sick.fileSystems.filter((one) => fill(one) >= FULL_FROM && !isUsual(one.mount, peers));
}

/**
 * Of a full file system, so much in files that one job holds open and nobody sees is worth naming.
 */
const HOLDS_KB = 10_240;

interface Held {
  readonly job: Job;
  readonly kb: number;
  readonly mount: string;
}

/** The file system that a path is on: the longest mount that it begins with. */
function mountOf(path: string, { fileSystems }: Inspection): string | undefined {
  const around = fileSystems.map(({ mount }) => mount).filter((mount) => mount === '/' || path.startsWith(`${mount}/`));
  return around.reduce<string | undefined>((best, mount) => (best === undefined || mount.length > best.length ? mount : best), undefined);
}

/**
 * The job of this host alone that keeps the most room on a full file system by files that are
 * deleted and still open.
 */
function holderOf(view: View): Held | undefined {
  const full = fullHere(view).map(({ mount }) => mount);
  const jobs = jobsHere(view);
  const held = jobs.flatMap((job) => {
    const own = view.sick.deletedFiles.filter(({ pid }) => jobOf(pid, [job]) !== undefined);
    return full.map((mount) => {
      const here = own.filter(({ path }) => mountOf(path, view.sick) === mount);
      return { job, mount, kb: here.reduce((total, { sizeKb }) => total + sizeKb, 0) };
    });
  });
  return largestBy(held, ({ kb }) => kb, HOLDS_KB);
}

interface Filler {
  readonly job: Job;
  readonly told: string;
}

/** Who holds the most, in words. */
function heldBy(view: View): Filler | undefined {
  const held = holderOf(view);
  if (held === undefined) return undefined;
  const { job, kb, mount } = held;
  const how = `holds ${Math.round(kb / 1024)} MB of ${mount} in files that are deleted and still open`;
  return { job, told: fillsText(view, job, how) };
}

/**
 * How one job of this host alone fills that file system: by files that it has open for writing and
 * that are worth naming, or, where it is the inodes, by the small files of a directory in which it
 * works. Everybody writes some lines to a log of the root, and works in it who was told of no
 * directory.
 */
function fills(job: Job, { mount, usedFraction, inodesUsedFraction = 0 }: FileSystem, { sick }: View): string | undefined {
  const own = sick.uses.filter((use) => use.mount === mount && jobOf(use.pid, [job]) !== undefined);
  const sizeKb = own.reduce((total, use) => total + use.sizeKb, 0);
  if (sizeKb >= HOLDS_KB) return `has ${Math.round(sizeKb / 1024)} MB of ${mount} open for writing`;
  const isOfInodes = inodesUsedFraction >= FULL_FROM && inodesUsedFraction > usedFraction && mount !== '/';
  return isOfInodes && own.length > 0 ? `works on ${mount}` : undefined;
}

/** Of several jobs nobody can tell which one has filled it. */
function fillerOf(view: View): Filler | undefined {
  const found = jobsHere(view).flatMap((job) => {
    const [how] = fullHere(view).flatMap((one) => fills(job, one, view) ?? []);
    return how === undefined ? [] : [{ job, told: fillsText(view, job, how) }];
  });
  return found.length === 1 ? found[0] : undefined;
}

function fillsText({ now }: View, { root }: Job, how: string): string {
  return `pid ${root.pid} ${shortName(root)} ${how}, ${ageText(root.startedAt, now)}; only this host runs it`;
}

/**
 * A file system that is full here and not on the peers; who holds the room by files that nobody
 * sees, or else who fills it, is named.
 */
export function diskFull(view: View): Finding | undefined {
  const support = fullHere(view).flatMap((one): Evidence[] => {
    const matters = usedByApp(view.sick).some((path) => holds(one.mount, path));
    return [seen(matters ? 'strong' : 'moderate', fullText(one, view.peers)), ...usedBy(view, one)];
  });
  const filler = heldBy(view) ?? fillerOf(view);
  return conclude({
    cause: 'disk-full',
    support: [...support, ...(filler === undefined ? [] : [seen('moderate', filler.told)])],
    culprit: filler === undefined ? undefined : culpritOf(filler.job.root, view.sick),
  });
}
