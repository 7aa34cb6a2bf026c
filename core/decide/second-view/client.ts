/**
 * Our own client of the load balancer, on the path of the probes: whether it meets as many bad
 * answers as this target would give it. It counts only after it was seen good: a client that a
 * security group, a firewall or a login page turns away fails every request of every round.
 */
import { chanceOfAtLeast, chanceOfAtMost, chanceOfNoChange } from '../../chance';
import type { ClientView, Round } from '../../model';
import { middle } from './split';
import { ALPHA, leastBad, leastShare, type Suspicion } from './suspicion';
import type { View } from './view';

/** Samples before the evidence that make a client known: one round of them. */
const KNOWN_SAMPLES = 20;

/** Samples that come together while a second view is waited for, in six rounds. */
const AWAITED_SAMPLES = 120;

interface Count {
  readonly bad: number;
  readonly n: number;
}

/**
 * A Network Load Balancer can bind a client's address to a target ("Sticky sessions", Network Load
 * Balancers guide): then all our samples see one target.
 */
function isBoundByAddress({ candidate }: Suspicion): boolean {
  const { 'stickiness.enabled': enabled, 'stickiness.type': type } = candidate.group.group.attributes;
  return enabled === 'true' && type === 'source_ip';
}

export function clientsView(suspicion: Suspicion): View {
  if (isBoundByAddress(suspicion)) return { stand: 'absent', summary: 'one client sees one target: sticky by source address' };
  const earlier = samplesIn(suspicion.before);
  const answered = earlier.flatMap((sample) => ('latencyMs' in sample ? [sample.latencyMs] : [])).sort((a, b) => a - b);
  const fromMs = slowFrom(suspicion, middle(answered));
  const now = count(samplesIn(suspicion.within), fromMs);
  const usual = count(earlier, fromMs);
  if (now.n === 0) return { stand: 'absent', summary: 'no client was sampled' };
  const seen = `${now.bad} of ${now.n} client requests ${Number.isFinite(fromMs) ? 'slow or failed' : 'failed'}`;
  if (earlier.length < KNOWN_SAMPLES || answered.length * 2 <= earlier.length)
    return {
      stand: 'absent',
      summary: `${seen}; that client does not count: ${answered.length} of ${earlier.length} were answered before the evidence`,
    };
  const said = `${seen}, ${usual.bad} of ${usual.n} before`;
  const stand = standOf(suspicion, now, usual);
  const lately = count(samplesIn(newestHalf(suspicion.within)), fromMs);
  if (stand !== 'contradicts' && isTooFew(suspicion, lately))
    return { stand: 'contradicts', summary: `${said}, ${lately.bad} of the newest ${lately.n}` };
  return { stand, summary: said };
}

/**
 * The rounds that say whether users still meet it. What they met before outweighs in all of the
 * evidence, for minutes, that they meet nothing any more: a target that is well again while the
 * prober's own path is slow.
 */
function newestHalf(newestFirst: readonly Round[]): readonly Round[] {
  return newestFirst.slice(0, Math.ceil(newestFirst.length / 2));
}

/** Fewer than the least that this target alone would give. */
function isTooFew(suspicion: Suspicion, { bad, n }: Count): boolean {
  return chanceOfAtMost(bad, n, leastOf(suspicion)) <= ALPHA;
}

/** The smallest share of the client's requests that this target would make bad, 0 to 1. */
function leastOf(suspicion: Suspicion): number {
  return leastShare(suspicion) * leastBad(suspicion.split);
}

function samplesIn(rounds: readonly Round[]): ClientView['samples'] {
  const none: ClientView['samples'] = [];
  return none.concat(...rounds.map(({ clientView }) => clientView?.samples ?? none));
}

function count(samples: ClientView['samples'], fromMs: number): Count {
  return { bad: samples.filter((sample) => 'error' in sample || sample.latencyMs >= fromMs).length, n: samples.length };
}

/**
 * Half of what the target takes longer than its peers, on top of what this client usually waits: it
 * has a way of its own to the load balancer.
 */
function slowFrom({ split, peersMs }: Suspicion, usualMs: number): number {
  const longerMs = (split.slowMs ?? Number.NaN) - middle(peersMs);
  return longerMs > 0 ? usualMs + longerMs / 2 : Infinity;
}

/**
 * Exact tests at ALPHA each. Agreement: more bad than before by Fisher's test; more than the other
 * suspects would give by themselves; and as many as all of them would give, neither fewer nor more,
 * evenly used.
 */
function standOf(suspicion: Suspicion, now: Count, usual: Count): View['stand'] {
  const { others, serving, split } = suspicion;
  const before = (usual.bad + 0.5) / (usual.n + 1);
  const byOthers = Math.min(1, before + others.length / serving);
  const byAll = Math.min(1, byOthers + split.k / Math.max(1, split.n) / serving);
  const more = chanceOfNoChange(now.bad, now.n, usual.bad, usual.n) <= ALPHA;
  const unexplained = others.length === 0 || chanceOfAtLeast(now.bad, now.n, byOthers) <= ALPHA;
  const tooMany = chanceOfAtLeast(now.bad, now.n, byAll) <= ALPHA;
  const tooFew = chanceOfAtMost(now.bad, now.n, byAll) <= ALPHA;
  if (more && tooMany) return 'absent';
  if (more && unexplained && !tooFew) return 'agrees';
  if (isTooFew(suspicion, now)) return 'contradicts';
  return (1 - leastOf(suspicion)) ** AWAITED_SAMPLES <= ALPHA ? 'not-yet' : 'cannot-tell';
}
