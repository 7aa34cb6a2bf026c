/** A server whose workers are ended and started again, so that none grows old. */
import { appPids } from './identity';
import type { Inspection } from './inspection';
import type { View } from './view';

/** Workers that are started with their server are there within this time. */
const WITH_SERVER_MS = 10_000;
/** A worker that is older is no sign of what happens now. */
const YOUNG_MS = 60_000;

interface Worker {
  readonly ageMs: number;
  /** How long after the server that started it. */
  readonly afterMs: number;
}

/** The processes of the application that another one of it has started, the oldest first. */
function workers(inspection: Inspection): Worker[] {
  const app = appPids(inspection);
  const started = new Map(inspection.processes.flatMap(({ pid, startedAt }) => (app.has(pid) ? [[pid, startedAt] as const] : [])));
  const found = inspection.processes.flatMap(({ pid, ppid, startedAt }) => {
    const server = started.get(ppid);
    if (!started.has(pid) || server === undefined) return [];
    return [{ ageMs: inspection.capturedAt - startedAt, afterMs: startedAt - server }];
  });
  return found.sort((a, b) => b.ageMs - a.ageMs);
}

function areReplaced({ ageMs, afterMs }: Worker): boolean {
  return afterMs >= WITH_SERVER_MS && ageMs <= YOUNG_MS;
}

/**
 * All workers are much younger than their server, and on no peer they are. More workers than it
 * began with are none of it: those that it began with are still there. A server that was told to
 * reload looks the same for a minute, so that this explains nothing by itself.
 */
export function workersReplaced({ sick, peers }: Pick<View, 'sick' | 'peers'>): string | undefined {
  const [oldest] = workers(sick);
  if (oldest === undefined || !areReplaced(oldest) || peers.length === 0) return undefined;
  const theirs = peers.map((peer) => workers(peer)[0]);
  if (theirs.some((worker) => worker === undefined || areReplaced(worker))) return undefined;
  const [age, after] = [oldest.ageMs, oldest.afterMs].map((ms) => Math.round(ms / 1000));
  return `its oldest worker was started ${age} s ago, ${after} s after the server itself; on no peer the workers were started again`;
}
