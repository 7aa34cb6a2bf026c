/**
 * Where the time of a target's answers went: what a load balancer measures is the wait, and what a
 * network path adds is the connect.
 */
import { chanceOfAtLeast } from '../../chance';
import type { PackedPhases, Round } from '../../model';
import { countBelow } from './split';
import { ALPHA, latencyOf, samplesOf, type Suspicion } from './suspicion';

interface Phased {
  readonly ms: number;
  readonly phases: PackedPhases;
}

/** Samples whose phases are on record. */
function phasedIn(rounds: readonly Round[], key: string): Phased[] {
  return rounds.flatMap(({ phases, samples }) =>
    (phases?.[key] ?? []).flatMap((entry, index) => {
      const sample = samples[key]?.[index];
      return entry === null || sample === undefined ? [] : [{ ms: latencyOf(sample), phases: entry }];
    }),
  );
}

/**
 * Time from the request's end to the answer's beginning, of each answer.
 * @param unansweredMs of a probe that was sent and not answered: 0 where the load balancer may have
 * given up on such a request as well, and has no time of it.
 */
export function waitsOf({ within, key }: Pick<Suspicion, 'within' | 'key'>, unansweredMs = 0): number[] {
  return phasedIn(within, key).map(({ phases }) => (typeof phases === 'string' ? (phases === 'wait' ? unansweredMs : 0) : phases[2]));
}

/**
 * Whether all that makes the target slow is the connect, from where our prober stands: without it,
 * no more of its answers are slow than of its peers'. False where half of its samples have no
 * phases on record.
 */
export function slowInConnectAlone({ within, key, ofErrors, split, peersMs }: Suspicion): boolean {
  const known = phasedIn(within, key);
  if (ofErrors || known.length === 0 || known.length * 2 < samplesOf(within, key).length) return false;
  const left = known.filter(({ ms, phases }) =>
    typeof phases === 'string' ? phases !== 'connect' : ms - phases[0] >= split.fromMs,
  ).length;
  const ofPeers = (peersMs.length - countBelow(peersMs, split.fromMs) + 0.5) / (peersMs.length + 1);
  const slow = known.filter(({ ms }) => ms >= split.fromMs).length;
  return slow > left && chanceOfAtLeast(left, known.length, ofPeers) > ALPHA;
}
