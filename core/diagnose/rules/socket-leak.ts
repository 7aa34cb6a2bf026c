import type { Finding } from '../../model';
import type { Evidence } from '../confidence';
import { contrast, contrastText, highHere } from '../contrast';
import type { Inspection } from '../inspection';
import { appPids } from '../identity';
import { appSockets } from '../readings';
import { requestsWait } from '../symptom';
import { conclude, type View } from '../view';

/** The other side hung up on this many, and the application did not close its own: a leak, not a moment. */
const CLOSE_WAIT_FROM = 50;
/** Clients of the application to others have few slots: some of them gone is felt. */
const OUTWARD_FROM = 5;
/** Half of Linux's default ephemeral range (32768 to 60999). */
const TIME_WAIT_FROM = 14_000;

function timeWait({ states }: Inspection): number {
  return states.get('TIME_WAIT') ?? 0;
}

/** Sockets to others that the other side has closed and the application has not: each takes up a slot of its client. */
function outward(inspection: Inspection): number {
  const app = appPids(inspection);
  const own = inspection.outbound.filter(({ pid, state }) => state === 'CLOSE_WAIT' && pid !== undefined && app.has(pid));
  return own.reduce((total, { count }) => total + count, 0);
}

/** Clients that hung up: while requests wait that is what impatient clients leave behind, and no leak of its own. */
function hungUp(view: View): Evidence[] {
  const closed = contrast(view, (host) => appSockets(host, 'CLOSE_WAIT'));
  if (!highHere(closed, CLOSE_WAIT_FROM, { absolute: 10, relative: 1 })) return [];
  const weight = requestsWait(view).length > 0 ? 'moderate' : 'strong';
  return [
    { weight, summary: contrastText('sockets the application did not close after the other side had (CLOSE_WAIT)', closed, String) },
    ...((closed.here ?? 0) >= 10 * CLOSE_WAIT_FROM ? [{ weight: 'moderate', summary: 'they are hundreds' } as const] : []),
  ];
}

/** The application does not give its sockets back. */
export function socketLeak(view: View): Finding | undefined {
  const waits = contrast(view, timeWait);
  const out = contrast(view, outward);
  const outLeaks = highHere(out, OUTWARD_FROM, { absolute: 1, relative: 1 });
  const support: Evidence[] = [
    ...(outLeaks
      ? [
          {
            weight: 'strong',
            summary: contrastText('connections to others that they closed and the application did not (CLOSE_WAIT)', out, String),
          } as const,
        ]
      : hungUp(view)),
    ...(outLeaks ? requestsWait(view).slice(0, 1) : []),
    ...(highHere(waits, TIME_WAIT_FROM, { absolute: 1000, relative: 1 })
      ? [{ weight: 'strong', summary: contrastText('sockets in TIME_WAIT, near the end of the port range', waits, String) } as const]
      : []),
  ];
  return conclude({ cause: 'socket-leak', support });
}
