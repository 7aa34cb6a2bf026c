import type { Finding } from '../../model';
import type { Evidence } from '../confidence';
import { contrast, contrastText, highHere } from '../contrast';
import type { Inspection } from '../inspection';
import { appSockets } from '../readings';
import { conclude, type View } from '../view';

/** The other side hung up on this many, and the application did not close its own: a leak, not a moment. */
const CLOSE_WAIT_FROM = 50;
/** Half of Linux's default ephemeral range (32768 to 60999). */
const TIME_WAIT_FROM = 14_000;

function timeWait({ states }: Inspection): number {
  return states.get('TIME_WAIT') ?? 0;
}

/** The application does not give its sockets back. */
export function socketLeak(view: View): Finding | undefined {
  const closed = contrast(view, (host) => appSockets(host, 'CLOSE_WAIT'));
  const waits = contrast(view, timeWait);
  const leaks = highHere(closed, CLOSE_WAIT_FROM, { absolute: 10, relative: 1 });
  const support: Evidence[] = [
    ...(leaks
      ? [
          {
            weight: 'strong',
            says: contrastText('sockets the application did not close after the other side had (CLOSE_WAIT)', closed, String),
          } as const,
        ]
      : []),
    ...(leaks && (closed.here ?? 0) >= 10 * CLOSE_WAIT_FROM ? [{ weight: 'moderate', says: 'they are hundreds' } as const] : []),
    ...(highHere(waits, TIME_WAIT_FROM, { absolute: 1000, relative: 1 })
      ? [{ weight: 'strong', says: contrastText('sockets in TIME_WAIT, near the end of the port range', waits, String) } as const]
      : []),
  ];
  return conclude({ cause: 'socket-leak', support });
}
