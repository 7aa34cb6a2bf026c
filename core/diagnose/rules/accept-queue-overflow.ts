import type { Finding } from '../../model';
import type { Evidence } from '../confidence';
import { contrast, contrastText, highHere } from '../contrast';
import type { Listener } from '../inspection';
import { appListener } from '../servers';
import { conclude, type View } from '../view';
import { isShortOfCpu } from './cpu-saturation';

/**
 * The kernel holds a connection for each one queued; one more than the backlog and it drops
 * (listen(2), tcp_max_syn_backlog).
 */
function isFull({ queue, backlog }: Listener): boolean {
  return backlog !== undefined && backlog > 0 && queue >= backlog;
}

/** Connections arrive faster than the application accepts them, and the kernel drops the rest. */
export function acceptQueueOverflow(view: View): Finding | undefined {
  const drops = contrast(view, ({ net }) => net.get('ListenOverflows')?.delta);
  const ever = contrast(view, ({ net }) => net.get('ListenOverflows')?.total);
  const own = appListener(view.sick);
  const peersFull = view.peers.some((peer) => isFull(appListener(peer) ?? { port: 0, address: '', queue: 0 }));
  const support: Evidence[] = [
    ...(highHere(drops, 1, { absolute: 0.3, relative: 1 })
      ? [
          {
            weight: 'strong',
            summary: contrastText('connections dropped in a second because the accept queue was full', drops, String),
          } as const,
        ]
      : []),
    ...(own !== undefined && isFull(own) && !peersFull
      ? [{ weight: 'strong', summary: `the accept queue of port ${own.port} is full: ${own.queue} of ${own.backlog}` } as const]
      : []),
    ...(highHere(ever, 1, { absolute: 5, relative: 1 })
      ? [{ weight: 'weak', summary: contrastText('dropped since boot', ever, String) } as const]
      : []),
  ];
  const against: Evidence[] = isShortOfCpu(view)
    ? [{ weight: 'strong', summary: 'the application is short of CPU: the queue is what follows' }]
    : [];
  return conclude({ cause: 'accept-queue-overflow', support, against });
}
