/**
 * Which host is the slow one, when nobody says: by the time that its own page took, as its
 * inspection measured it.
 */
import { parseInspection } from '../../core/diagnose/parse';
import { httpMs } from '../../core/diagnose/readings';
import type { HostCapture } from '../../core/model';
import { CommandError, EXIT } from '../exit';

/** The slowest is the slow one if it is at least so many times as slow as the next. */
const CLEARLY = 2;

/** The slow host, and how it was chosen. */
export interface Slow {
  readonly host: string;
  readonly why: string;
}

/** @throws CommandError where no host is clearly the slowest: then a person has to say */
export function slowestOf(captures: readonly HostCapture[]): Slow {
  const kind = captures.some((capture) => timeOf(capture, 'probe') !== undefined) ? 'probe' : 'health';
  const what = kind === 'probe' ? 'page' : 'health check (no --page was given)';
  const times = timesOf(captures, kind);
  const [first, second] = times;
  const listed = times.map(({ host, ms }) => `${host} ${ms} ms`).join(', ');
  if (first === undefined || second === undefined || first.ms < CLEARLY * Math.max(1, second.ms))
    throw new CommandError(
      `no host is clearly the slowest by its ${what}: ${listed || 'none could be timed'}; name it with --sick, allowed: ${captures.map(({ host }) => host).join(', ')}`,
      EXIT.usage,
    );
  return { host: first.host, why: `the slowest by its own ${what}: ${listed}` };
}

/** The slowest first. */
function timesOf(captures: readonly HostCapture[], kind: 'probe' | 'health'): { readonly host: string; readonly ms: number }[] {
  const times = captures.flatMap((capture) => {
    const ms = timeOf(capture, kind);
    return ms === undefined ? [] : [{ host: capture.host, ms: Math.round(ms) }];
  });
  return times.sort((a, b) => b.ms - a.ms);
}

function timeOf(capture: HostCapture, kind: 'probe' | 'health'): number | undefined {
  const inspection = parseInspection(capture);
  return inspection === undefined ? undefined : httpMs(inspection, kind);
}
