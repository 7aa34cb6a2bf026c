import type { Finding } from '../../model';
import type { Evidence } from '../confidence';
import { configurationFacts, factsAlone } from '../release';
import { isFull } from '../pool-evidence';
import { conclude, type View } from '../view';

/** A smaller pool than every peer's: the one number of the configuration whose effect on the wait is known. */
function smallerPool({ sickPool, peerPools }: View): Evidence[] {
  if (sickPool === undefined || peerPools.length === 0 || peerPools.some(({ max }) => max <= sickPool.max)) return [];
  const sizes = [...new Set(peerPools.map(({ max }) => max))].join(', ');
  const full = isFull(sickPool);
  return [
    { weight: 'strong', says: `the pool has ${sickPool.max} connections; peers ${sizes}` },
    ...(full ? [{ weight: 'strong', says: `it is full: ${sickPool.active} of ${sickPool.max}` } as const] : []),
  ];
}

/** Configured otherwise than every peer. */
export function configDrift(view: View): Finding | undefined {
  const alone = factsAlone(view.sick, view.peers, configurationFacts);
  const settings = alone
    .slice(0, 3)
    .map(({ fact, peers }) => ({ weight: 'moderate', says: `${fact.name} is ${fact.value}; peers ${peers}` }) as const);
  return conclude({ cause: 'config-drift', support: [...smallerPool(view), ...settings] });
}
