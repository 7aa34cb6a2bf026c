import type { Finding } from '../../model';
import { factsAlone, isOfApplication, releaseFacts } from '../release';
import { conclude, type View } from '../view';

/**
 * Another release runs here than on every peer. Its facts are one observation, not several: a
 * version, a commit and a path of the same release go together. That a runtime is of another
 * version alone is seldom a cause.
 */
export function releaseDrift(view: View): Finding | undefined {
  const alone = factsAlone(view.sick, view.peers, releaseFacts);
  const ordered = [...alone.filter(({ fact }) => isOfApplication(fact)), ...alone.filter(({ fact }) => !isOfApplication(fact))];
  const support = ordered.map(({ fact, peers }, index) => {
    return {
      weight: index === 0 && isOfApplication(fact) ? 'strong' : 'weak',
      summary: `${fact.name} is ${fact.value}; peers ${peers}`,
    } as const;
  });
  // That runtime, kernel and exporter are of other versions is one observation, and half of
  // another.
  const most = support[0]?.weight === 'strong' ? 3 : 2;
  return conclude({ cause: 'release-drift', support: support.slice(0, most) });
}
