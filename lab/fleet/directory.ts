import { realpathSync, statSync } from 'node:fs';
import { dirname, sep } from 'node:path';

/**
 * Directories that exist on nearly every Linux machine and that no program of ours needs while the
 * lab runs.
 */
const CANDIDATES = ['/srv', '/media', '/mnt', '/opt', '/var/opt', '/usr/local/games', '/usr/games', '/var/games'];

/** True where mounting over `directory` would hide `path`, or where `directory` lies inside it. */
function overlaps(directory: string, path: string): boolean {
  const inside = (inner: string, outer: string): boolean => inner === outer || inner.startsWith(outer.endsWith(sep) ? outer : outer + sep);
  return inside(path, directory) || inside(directory, path);
}

function isPlainDirectory(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && found.isDirectory() && realpathSync(path) === path;
}

/**
 * The path without symbolic links, as far as it exists: a directory of output may be about to be
 * made.
 */
function resolved(path: string): string {
  if (statSync(path, { throwIfNoEntry: false }) !== undefined) return realpathSync(path);
  return path === dirname(path) ? path : resolved(dirname(path)) + path.slice(dirname(path).length);
}

/**
 * A directory to mount the lab's own file system over, inside its private mount namespace: the real
 * one is never written.
 * @param keep absolute paths that must stay visible (checkout, Node, working directory, TMPDIR,
 * output); `/` never counts
 * @returns undefined where every candidate is missing or would hide something
 */
export function mountPoint(keep: readonly string[], candidates: readonly string[] = CANDIDATES): string | undefined {
  const paths = keep.flatMap((path) => [path, resolved(path)]).filter((path) => path !== '/');
  return candidates.find((candidate) => isPlainDirectory(candidate) && !paths.some((path) => overlaps(candidate, path)));
}
