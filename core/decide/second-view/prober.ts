/**
 * A second prober in another subnet. It measures suspects and a few of their peers at the same time
 * as the first.
 */
import { chanceOfAtLeast, chanceOfAtMost, leastRate } from '../../chance';
import type { Round } from '../../model';
import { countBelow } from './split';
import { ALPHA, latencyOf, type Suspicion } from './suspicion';
import type { View } from './view';

export function secondProbersView(suspicion: Suspicion): View {
  const { within, key, candidate, verdict, split } = suspicion;
  if (candidate.situation.config.network.subnetIds.length < 2) return { stand: 'absent', summary: 'there is one prober subnet' };
  const looks = within.filter(({ secondLook }) => secondLook?.samples[key] !== undefined);
  if (looks.length === 0) {
    const why = within[0]?.secondLook?.why;
    return { stand: 'absent', summary: `the prober in the second subnet has not measured it${why === undefined ? '' : `: ${why}`}` };
  }
  const bad = (sample: number | string) => (verdict.why === 'errors' ? typeof sample === 'string' : latencyOf(sample) >= split.fromMs);
  const first = looks.flatMap(({ samples }) => samples[key] ?? []);
  const second = looks.flatMap(({ secondLook }) => secondLook?.samples[key] ?? []);
  const k = second.filter(bad).length;
  const summary = `${k} of ${second.length} bad from the second subnet, ${first.filter(bad).length} of ${first.length} from the first`;
  const least = leastRate(first.filter(bad).length, first.length, ALPHA);
  if (chanceOfAtMost(k, second.length, least) <= ALPHA) return { stand: 'contradicts', summary };
  if (isOffItself(looks, key, bad)) return { stand: 'not-yet', summary: `${summary}; it finds the peers bad too` };
  const ofPeers = verdict.why === 'errors' ? 0 : suspicion.peersMs.length - countBelow(suspicion.peersMs, split.fromMs);
  const chance = chanceOfAtLeast(k, second.length, (ofPeers + 0.5) / (suspicion.peersMs.length + 1));
  return { stand: chance <= ALPHA ? 'agrees' : 'not-yet', summary };
}

/** When its peers look bad to it as well, its own network path is the reason. */
function isOffItself(looks: readonly Round[], key: string, bad: (sample: number | string) => boolean): boolean {
  const ofPeers = looks.flatMap(({ secondLook }) =>
    Object.entries(secondLook?.samples ?? {}).flatMap(([other, all]) => (other === key ? [] : all)),
  );
  return ofPeers.filter(bad).length * 2 > ofPeers.length;
}
