/**
 * What a second view should see if the conviction is right: how many requests would be slow, by how
 * much, and since when.
 */
import { troubleOf } from '../../due';
import { isServing, isSuspected, verdictOf, zoneOf } from '../../case';
import { leastRate } from '../../chance';
import { routesByAgents } from '../../target-optimizer';
import { targetKey, type Round, type TargetVerdict } from '../../model';
import { isOfNetwork } from '../../spoken';
import { isCrossZone } from '../affected-groups';
import type { Candidate } from '../candidate';
import { evidenceSince } from '../evidence';
import { middle, splitOf, type Split } from './split';

/**
 * Each bound and each test of a second view errs at most so often, of looks at a target of which
 * nothing is wrong in its assumptions.
 */
export const ALPHA = 0.01;

/** The one error that takes as long as a wait may. */
const TIMEOUT = 'timeout';

/** Packed as in a round: milliseconds, or the name of an error. */
type Packed = number | string;

export interface Suspicion {
  readonly candidate: Candidate;
  readonly key: string;
  readonly verdict: TargetVerdict;
  /** The evidence began then, or what muddled it ended. */
  readonly since: number;
  /**
   * Newest first: the rounds from then on, and those before the evidence in which the target was
   * not under suspicion.
   */
  readonly within: readonly Round[];
  readonly before: readonly Round[];
  /**
   * Keys of the other targets that get requests and were under suspicion while the evidence was
   * gathered.
   */
  readonly others: readonly string[];
  /**
   * Whether one of the others was convicted in these rounds. In a large group there is always a
   * suspect.
   */
  readonly isOneOfConvicted: boolean;
  /**
   * Whether it is failures that would have to be met elsewhere: by what convicts, or because most
   * samples of the evidence failed at once, whatever the judge weighed first. A time-out is a wait.
   */
  readonly ofErrors: boolean;
  /** Targets that get requests, the suspect among them. */
  readonly serving: number;
  /**
   * Where the target's answers part from its peers', in ms from before connect to the end of the
   * body.
   */
  readonly split: Split;
  /** Of its peers, over the same rounds, in ascending order. */
  readonly peersMs: readonly number[];
}

export function suspicionOf(candidate: Candidate): Suspicion {
  const { round, verdict, group, incident } = candidate;
  const key = targetKey(incident.target);
  const began = Math.min(evidenceSince(candidate), round.startedAt);
  const rounds = [round, ...group.rounds.filter(({ startedAt }) => startedAt < round.startedAt)];
  const since = sinceAlone(
    rounds.filter(({ startedAt }) => startedAt >= began),
    key,
    began,
  );
  const within = rounds.filter(({ startedAt }) => startedAt >= since);
  const before = rounds.filter((earlier) => earlier.startedAt < began && !isSuspected(verdictOf(earlier, incident.target)));
  const serving = servingIn(round);
  const others = [...new Set(within.flatMap(suspectedIn))].filter((other) => other !== key && serving.has(other));
  const peersMs = peersOf(
    within,
    [...serving].filter((peer) => peer !== key && !others.includes(peer)),
  ).sort((a, b) => a - b);
  const own = samplesOf(within, key);
  return {
    candidate,
    key,
    verdict,
    since,
    within,
    before,
    others,
    isOneOfConvicted: within.some(({ verdicts }) => verdicts.some((one) => one.verdict === 'convicted' && others.includes(one.key))),
    ofErrors: verdict.why === 'errors' || mostFailedAtOnce(own),
    serving: Math.max(1, serving.size),
    peersMs,
    split: verdict.why === 'errors' ? failures(own) : splitOf(own.map(latencyOf), peersMs),
  };
}

/**
 * From when on no other target that has left or recovered since can have given users what this one
 * is suspected of: until then other views hold the sum of both, and of all where many were slow
 * together. One that was only suspected and recovered gave nothing. Rounds are of the evidence,
 * newest first.
 */
function sinceAlone(rounds: readonly Round[], key: string, began: number): number {
  const [newest] = rounds;
  if (newest === undefined) return began;
  const [serving, suspected] = [servingIn(newest), new Set(suspectedIn(newest))];
  const muddled = rounds.findIndex(
    (round) =>
      troubleOf(round) !== undefined ||
      round.verdicts.some((verdict) => {
        if (verdict.key === key || !isSuspected(verdict) || !servingIn(round).has(verdict.key)) return false;
        return !serving.has(verdict.key) || (verdict.verdict === 'convicted' && !suspected.has(verdict.key));
      }),
  );
  return muddled === -1 ? began : (rounds[muddled - 1]?.startedAt ?? began);
}

function servingIn(round: Round): Set<string> {
  return new Set(round.lbView.filter(isServing).map(({ target }) => targetKey(target)));
}

function suspectedIn({ verdicts }: Round): string[] {
  return verdicts.filter((verdict) => isSuspected(verdict)).map(({ key }) => key);
}

function peersOf(rounds: readonly Round[], keys: readonly string[]): number[] {
  return rounds.flatMap(({ samples }) => keys.flatMap((key) => samples[key] ?? []).map(latencyOf));
}

export function samplesOf(rounds: readonly Round[], key: string): Packed[] {
  return rounds.flatMap(({ samples }) => samples[key] ?? []);
}

/** A failure counts as longer than any answer. */
export function latencyOf(sample: Packed): number {
  return typeof sample === 'number' ? sample : Infinity;
}

function mostFailedAtOnce(own: readonly Packed[]): boolean {
  return own.filter((sample) => typeof sample === 'string' && sample !== TIMEOUT).length * 2 > own.length;
}

function failures(own: readonly Packed[]): Split {
  const k = own.filter((sample) => typeof sample === 'string').length;
  return { fromMs: Infinity, k, n: own.length };
}

/**
 * At least so many of the target's own answers are bad, 0 to 1; wrong at most once in 1/ALPHA
 * times.
 */
export function leastBad({ k, n }: Split): number {
  return leastRate(k, n, ALPHA);
}

/**
 * Of round robin and weighted random routing it is asked that a target gets at least half of an
 * even share of the requests.
 */
const LEAST_OF_EVEN = 0.5;

const EVEN = ['round_robin', 'weighted_random'];

/**
 * The smallest share of the group's requests that the target may have got, 0 to 1; 0 when nothing
 * can be said. Least outstanding requests gives a slow target less: by Little's law targets with as
 * many requests under way each get requests in inverse proportion to the time they take ("Routing
 * algorithms", ELB user guide; that it comes to this is an inference).
 */
export function leastShare(suspicion: Suspicion): number {
  const { candidate, serving, split, peersMs } = suspicion;
  const { attributes } = candidate.group.group;
  if (routesByAgents(candidate.group.group) || wasMitigated(suspicion)) return 0;
  if (inSlowStart(suspicion, Number(attributes['slow_start.duration_seconds'] ?? 0))) return 0;
  const even = LEAST_OF_EVEN * evenShare(suspicion, !isCrossZone(attributes, !isOfNetwork(candidate.group.group)));
  if (EVEN.includes(attributes['load_balancing.algorithm.type'] ?? 'round_robin')) return even;
  const relative = Math.min(1, middle(peersMs) / (split.slowMs ?? Infinity));
  return Math.min(even, relative / (serving - 1 + relative)) || 0;
}

/** Automatic Target Weights takes traffic away from a target, down to next to none. */
function wasMitigated({ within, key }: Suspicion): boolean {
  return within.some(({ lbView }) => lbView.some((entry) => targetKey(entry.target) === key && entry.mitigationInEffect === true));
}

/** With cross-zone off each zone's requests, taken to be as many in each, go to its own targets. */
function evenShare({ candidate, serving, key }: Suspicion, byZone: boolean): number {
  if (!byZone) return 1 / serving;
  const { round, incident } = candidate;
  const own = zoneOf(round.instances, incident.target);
  const zones = round.lbView.filter(isServing).map(({ target }) => (targetKey(target) === key ? own : zoneOf(round.instances, target)));
  if (own === undefined || zones.includes(undefined)) return 0;
  return 1 / (new Set(zones).size * Math.max(1, zones.filter((zone) => zone === own).length));
}

/** "Slow start mode" (ELB user guide): a new target gets a growing share. */
function inSlowStart({ candidate, key }: Suspicion, durationS: number): boolean {
  if (!(durationS > 0)) return false;
  const since = candidate.round.lbView.find(({ target }) => targetKey(target) === key)?.sinceAt ?? -Infinity;
  return candidate.situation.now - since < durationS * 1000;
}
