import type { Finding } from '../../model';
import type { Evidence } from '../confidence';
import { median } from '../compare';
import type { Inspection } from '../inspection';
import { isFull, isFullEverywhere, poolText } from '../pool-evidence';
import { httpMs, milliseconds } from '../readings';
import { conclude, type View } from '../view';

/**
 * Nielsen's second: the limit of an uninterrupted flow of thought. No healthy page of a fleet takes
 * it on every host.
 */
const SLOW_FROM_MS = 1000;

/**
 * A page may take its second everywhere: a host that takes twice as long has a fault of its own.
 */
const CLEARLY_SLOWER = 2;

function isSlowWithoutOwnFault(inspection: Inspection): boolean {
  const page = httpMs(inspection, 'probe');
  const health = httpMs(inspection, 'health') ?? 0;
  return page !== undefined && page >= SLOW_FROM_MS && page >= 10 * health;
}

/** The real page is slow everywhere, while every host answers its own health check at once. */
function slowEverywhere({ sick, peers }: View): Evidence[] {
  const slow = peers.filter(isSlowWithoutOwnFault);
  if (!isSlowWithoutOwnFault(sick) || slow.length * 2 <= peers.length) return [];
  const typical = median(slow.flatMap((peer) => httpMs(peer, 'probe') ?? [])) ?? 0;
  if ((httpMs(sick, 'probe') ?? 0) >= CLEARLY_SLOWER * typical) return [];
  return [
    {
      weight: 'strong',
      summary: `the real page takes ${milliseconds(httpMs(sick, 'probe') ?? 0)} here and about ${milliseconds(typical)} on ${slow.length} of ${peers.length} peers`,
    },
  ];
}

function fullEverywhere(view: View): Evidence[] {
  if (view.sickPool === undefined || !isFullEverywhere(view)) return [];
  const full = view.peerPools.filter(isFull);
  const list = full.map((pool) => `${pool.host} ${pool.active}/${pool.max}`).join(', ');
  return [
    { weight: 'strong', summary: `${poolText(view.sickPool)}; ${full.length} of ${view.peerPools.length} peers are full too: ${list}` },
    ...(full.length === view.peerPools.length ? [{ weight: 'moderate', summary: 'every inspected host is affected' } as const] : []),
  ];
}

/**
 * What all hosts need is slow: their pools are full or their pages slow alike, so no host is at
 * fault.
 */
export function sharedDependency(view: View): Finding | undefined {
  return conclude({ cause: 'shared-dependency', support: [...fullEverywhere(view), ...slowEverywhere(view)] });
}
