import type { Finding } from '../../model';
import { factsAlone, releaseFacts } from '../release';
import { conclude, type View } from '../view';

/** Another release runs here than on every peer. */
export function releaseDrift(view: View): Finding | undefined {
  const alone = factsAlone(view.sick, view.peers, releaseFacts);
  const support = alone.map(
    ({ fact, peers }, index) =>
      ({ weight: index === 0 ? 'strong' : 'moderate', says: `${fact.name} is ${fact.value}; peers ${peers}` }) as const,
  );
  return conclude({ cause: 'release-drift', support: support.slice(0, 3) });
}
