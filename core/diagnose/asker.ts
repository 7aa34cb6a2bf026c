/** A job of this host alone that asks the application itself, again and again. */
import type { Culprit } from '../model';
import { isLoopback } from './address';
import { seen, type Evidence } from './confidence';
import { contrast } from './contrast';
import { clientsOfApplication } from './database';
import { ageText, culpritOf, shortName } from './identity';
import type { Inspection } from './inspection';
import { isByClock, jobOf, jobsByClock, jobsHere, scriptBehind, type Job } from './jobs';
import type { View } from './view';

/** Who looks whether a page is there asks once a minute, and has its answer before this. */
const ASKS_FROM_MS = 10_000;
/** So many connections of the last minute that nobody has any more are no look at a page. */
const ENDED_FROM = 4;

/** Connections to the application over loopback, of programs that have ended or had just begun. */
function withoutOwner({ outbound, params }: Inspection): number {
  const port = Number(params.get('appPort'));
  const rows = outbound.filter((row) => row.port === port && row.pid === undefined && isLoopback(row.remote));
  return rows.reduce((total, { count }) => total + count, 0);
}

/**
 * Programs of a moment asked again and again here: their connections are left, and no peer has any.
 */
function asksAgain(view: View): boolean {
  const ended = contrast(view, withoutOwner);
  return (ended.here ?? 0) >= ENDED_FROM && ended.peers.length > 0 && ended.peers.every((count) => count === 0);
}

/**
 * The job of the clock that this host alone runs and that asks the application, for a while or
 * again and again; undefined where there is none, or several might.
 */
function askerHere(view: View): Job | undefined {
  const jobs = jobsHere(view);
  const met = clientsOfApplication(view.sick).flatMap(({ process }) => jobOf(process.pid, jobs) ?? scriptBehind(process, view) ?? []);
  const again = asksAgain(view);
  const [job, ...others] = met.length > 0 ? new Set(met) : again ? jobsByClock(view) : [];
  if (job === undefined || others.length > 0 || !isByClock(job) || job.root.startedAt <= 0) return undefined;
  return again || view.now - job.root.startedAt >= ASKS_FROM_MS ? job : undefined;
}

/** The same in words, and as the culprit. */
export function askedBy(view: View): { readonly told: readonly Evidence[]; readonly culprit?: Culprit } {
  const job = askerHere(view);
  if (job === undefined) return { told: [] };
  const { root } = job;
  const summary = `pid ${root.pid} ${shortName(root)} asks it, ${ageText(root.startedAt, view.now)}; only this host runs it`;
  return { told: [seen('moderate', summary)], culprit: culpritOf(root, view.sick) };
}
