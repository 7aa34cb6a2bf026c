import type { Finding } from '../../model';
import { seen, type Evidence } from '../confidence';
import { appPids } from '../identity';
import type { FileSystem, Inspection } from '../inspection';
import { percent } from '../readings';
import { requestsWait } from '../symptom';
import { conclude, type View } from '../view';

/** Files stop growing at 100 %; ext4 keeps 5 % for root, and df counts them as used for everybody else. */
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

/** The application has its database, or another service that it asks, on this host: over loopback or a Unix socket. */
function asksHere(inspection: Inspection): boolean {
  const { outbound, params } = inspection;
  const app = appPids(inspection);
  const databases = (params.get('databasePorts') ?? '').split(',').map(Number);
  return outbound.some(
    ({ pid, port, remote }) => pid !== undefined && app.has(pid) && databases.includes(port) && /^(127\.|\[?::1|unix)/.test(remote),
  );
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

/** A file system that is full here and not on the peers. */
export function diskFull(view: View): Finding | undefined {
  const support = fullHere(view).flatMap((one): Evidence[] => {
    const matters = usedByApp(view.sick).some((path) => holds(one.mount, path));
    return [seen(matters ? 'strong' : 'moderate', fullText(one, view.peers)), ...usedBy(view, one)];
  });
  return conclude({ cause: 'disk-full', support });
}
