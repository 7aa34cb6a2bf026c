import type { Finding } from '../../model';
import { seen, type Evidence } from '../confidence';
import { contrast, contrastText, gradedHigh, type Contrast, type Levels } from '../contrast';
import type { Inspection } from '../inspection';
import { appPids } from '../identity';
import { appSockets } from '../readings';
import { requestsWait } from '../symptom';
import { conclude, type View } from '../view';

/**
 * The other side hung up on this many, and the application did not close its own: a leak, not a
 * moment.
 */
const CLOSE_WAIT: Levels = { limit: 50, felt: 8, scale: { absolute: 2.5, relative: 1 } };
/** Clients of the application to others have few slots: some of them gone is felt. */
const OUTWARD: Levels = { limit: 5, felt: 3, scale: { absolute: 1, relative: 1 } };
/** Half of Linux's default ephemeral range (32768 to 60999), and a sixth. */
const TIME_WAIT: Levels = { limit: 14_000, felt: 5_000, scale: { absolute: 1_000, relative: 1 } };

function timeWait({ states }: Inspection): number {
  return states.get('TIME_WAIT') ?? 0;
}

/**
 * Sockets to others that the other side has closed and the application has not: each takes up a
 * slot of its client.
 */
function outward(inspection: Inspection): number {
  const app = appPids(inspection);
  const own = inspection.outbound.filter(({ pid, state }) => state === 'CLOSE_WAIT' && pid !== undefined && app.has(pid));
  return own.reduce((total, { count }) => total + count, 0);
}

/** Sockets, in or out, that the other side has closed. */
function closed(view: View): Contrast {
  return contrast(view, (host) => appSockets(host, 'CLOSE_WAIT'));
}

function hungUp(view: View): Evidence[] {
  const both = closed(view);
  const text = contrastText('sockets the application did not close after the other side had (CLOSE_WAIT)', both, String);
  const found = gradedHigh(both, CLOSE_WAIT, 'strong', text);
  const many = found.length > 0 && (both.here ?? 0) >= 10 * CLOSE_WAIT.limit;
  const certain = requestsWait(view).length > 0 ? found.map((one) => ({ ...one, weight: 'moderate' as const })) : found;
  return [...certain, ...(many ? [seen('moderate', 'they are hundreds')] : [])];
}

/**
 * While requests wait it is what impatient clients leave behind as well: a lead, and no leak of its
 * own.
 */
function impatience(view: View, left: readonly Evidence[]): Evidence[] {
  if (left.length === 0 || requestsWait(view).length === 0) return [];
  return [seen('weak', 'clients that hung up while their requests waited look the same')];
}

/** The application does not give its sockets back. */
export function socketLeak(view: View): Finding | undefined {
  const waits = contrast(view, timeWait);
  const out = contrast(view, outward);
  const left = contrastText('connections to others that they closed and the application did not (CLOSE_WAIT)', out, String);
  const leaks = gradedHigh(out, OUTWARD, 'strong', left);
  const ofClients = leaks.length > 0 ? [] : hungUp(view);
  const support: Evidence[] = [
    ...(leaks.length > 0 ? [...leaks, ...requestsWait(view).slice(0, 1)] : ofClients),
    ...gradedHigh(waits, TIME_WAIT, 'strong', contrastText('sockets in TIME_WAIT, of the some 28000 ports that there are:', waits, String)),
  ];
  return conclude({ cause: 'socket-leak', support, against: impatience(view, ofClients) });
}
