import type { Finding } from '../../model';
import { isFull, isFullEverywhere, poolText } from '../pool-evidence';
import { conclude, type View } from '../view';

/** What all hosts need is slow: the pools of the peers are full as well, so no host is at fault. */
export function sharedDependency(view: View): Finding | undefined {
  if (view.sickPool === undefined || !isFullEverywhere(view)) return undefined;
  const full = view.peerPools.filter(isFull);
  return conclude({
    cause: 'shared-dependency',
    support: [
      {
        weight: 'strong',
        says: `${poolText(view.sickPool)}; ${full.length} of ${view.peerPools.length} peers are full too: ${full.map((pool) => `${pool.host} ${pool.active}/${pool.max}`).join(', ')}`,
      },
      ...(full.length === view.peerPools.length ? [{ weight: 'moderate', says: 'every inspected host is affected' } as const] : []),
    ],
  });
}
