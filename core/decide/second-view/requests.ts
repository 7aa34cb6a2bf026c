/**
 * Real requests to the target and to its peers, as the load balancer's access logs have them. Its
 * time, `target_processing_time`, runs from when the request was sent to the target until the
 * target began to send the headers ("Access logs for your Application Load Balancer", ELB user
 * guide): as a p99's does, and of each target by itself, so that neither sticky sessions nor the
 * routing algorithm nor other slow targets stand before a comparison.
 *
 * Logs are delivered late, in part, twice or never: "on a best-effort basis, not as a complete
 * accounting" (the same page). So a minute counts only where the log has as many requests of the
 * group as CloudWatch has counted, which is measured apart from them.
 */
import { plus } from '../../access-log/query';
import { describeAccessLogs } from '../../access-log/describe';
import { MINUTE_MS } from '../../balancer-view';
import { chanceOfAtLeast, chanceOfAtMost, chanceOfNoChange, leastRate } from '../../chance';
import { sameHolder, targetKey, type AccessLogView, type LoggedMinute, type RequestCount } from '../../model';
import { isSettled, wasOfMany } from './balancer';
import { endpointOf } from './logged-subject';
import { waitsOf } from './phases';
import { countBelow } from './split';
import { ALPHA, latencyOf, leastBad, samplesOf, type Suspicion } from './suspicion';
import type { View } from './view';

/** Of what CloudWatch counted, so much may be missing from a minute of the log, or be over. */
const OFF_SHARE = 0.1;

/** Or so many requests: answers on the edge of a minute are counted in either. */
const OFF_REQUESTS = 2;

/**
 * A difference counts only where the target's share of slow requests is so many times the other.
 */
const TIMES_OTHERS = 2;

/**
 * An answer is logged when it is given: what takes a minute is in no log for a minute. An idle
 * time-out is 60 s unless somebody set another ("Edit attributes", ELB user guide).
 */
const LONGEST_MS = 60_000;

/**
 * A whole minute, with how many of the group's requests it lacks; below 0: has more. Answers on the
 * edge of a minute are counted in either, so that the sum over several counts.
 */
interface Delivered extends LoggedMinute {
  readonly missing: number;
}

/**
 * Undefined where no access logs are configured: there is no such view, and nobody waits for it.
 */
export function requestsView(suspicion: Suspicion): View | undefined {
  const { situation, incident } = suspicion.candidate;
  if (situation.config.accessLogs === undefined) return undefined;
  const { accessLog } = incident;
  if (accessLog === undefined) return { stand: 'absent', summary: 'the access logs were not asked' };
  if (accessLog.unread !== undefined) return { stand: 'absent', summary: `the access logs ${describeAccessLogs(accessLog)}` };
  const view = toldBy(suspicion, accessLog);
  const agoS = Math.round((situation.now - accessLog.readAt) / 1000);
  if (agoS < situation.config.durations.staleS) return view;
  // As with a p99: what was excluded stays excluded, until a newer word says otherwise.
  const summary = `the access logs were asked ${agoS} s ago`;
  return view.stand === 'contradicts' ? { ...view, summary: `${view.summary}; ${summary}` } : { stand: 'absent', summary };
}

function toldBy(suspicion: Suspicion, view: AccessLogView): View {
  const delivered = deliveredOf(suspicion, view);
  const inside = delivered.filter(({ startsAt }) => startsAt >= suspicion.since + slowestMs(suspicion));
  if (inside.length === 0) return { stand: 'not-yet', summary: 'the access logs have no whole minute since it began' };
  const before = delivered.filter(({ startsAt }) => startsAt + MINUTE_MS <= suspicion.since);
  const own = sum(inside.map((minute) => minute.own));
  const peers = sum(inside.map((minute) => minute.peers));
  const summary = `access logs: ${describeAccessLogs({ ...view, minutes: inside })}`;
  if (own.requests === 0) return { stand: 'cannot-tell', summary: `${summary}: it gets no requests` };
  const least = leastOf(suspicion, view);
  if (least === undefined) return { stand: 'cannot-tell', summary: `${summary}; its wait alone does not tell it from its peers` };
  if (excluded(inside, least, suspicion)) return { stand: 'contradicts', summary };
  const lately = inside.slice(Math.floor(inside.length / 2));
  if (excluded(lately, least, suspicion)) return { stand: 'contradicts', summary: `${summary}; none of it in the newest ${lately.length}` };
  const earlier = sum(before.map((minute) => minute.own));
  if (peers.requests === 0 || earlier.requests === 0) return { stand: 'cannot-tell', summary: `${summary}; nothing to compare with` };
  return { stand: isMore(suspicion, own, peers) && isMore(suspicion, own, earlier) ? 'agrees' : 'not-yet', summary };
}

/** Slow so much more often than the other, by Fisher's exact test and by its share. */
function isMore(suspicion: Suspicion, own: RequestCount, other: RequestCount): boolean {
  const bad = badIn(suspicion);
  const isTold = chanceOfNoChange(bad(own), own.requests, bad(other), other.requests) <= ALPHA;
  return isTold && bad(own) * other.requests >= TIMES_OTHERS * bad(other) * own.requests;
}

function badIn({ ofErrors }: Suspicion): (count: RequestCount) => number {
  return ofErrors ? ({ failed }) => failed : ({ slow }) => slow;
}

// ---------------------------------------------------------------- which minutes count

/** The minutes that are whole, of this target's present holder, and of no trouble of many. */
function deliveredOf(suspicion: Suspicion, view: AccessLogView): Delivered[] {
  return view.minutes.flatMap((minute): Delivered[] => {
    const missing = missingFrom(suspicion, view, minute);
    if (missing === undefined || wasOfMany(suspicion, minute) || !wasItsAddress(suspicion, view, minute)) return [];
    return [{ ...minute, missing }];
  });
}

/**
 * How many requests of the group CloudWatch counted and the log does not have; undefined where it
 * has not told of the minute, or the log has too few or too many: it is late, in part or doubled.
 */
function missingFrom({ candidate }: Suspicion, { readAt }: AccessLogView, { startsAt, logged }: LoggedMinute): number | undefined {
  const { balancer } = candidate.incident;
  if (balancer === undefined || balancer.unread !== undefined || startsAt + MINUTE_MS > readAt) return undefined;
  const counted = balancer.minutes.find((minute) => minute.startsAt === startsAt && isSettled(minute, balancer.readAt));
  if (counted === undefined) return undefined;
  const off = Math.abs(counted.requests - logged);
  return off <= Math.max(OFF_REQUESTS, OFF_SHARE * counted.requests) ? counted.requests - logged : undefined;
}

/**
 * Whether the address was this target's, and nobody else's, in every round around the minute: an
 * address is given to another within minutes, and the log knows addresses alone.
 */
function wasItsAddress({ candidate, key }: Suspicion, { endpoint }: AccessLogView, { startsAt }: LoggedMinute): boolean {
  const { round, incident, group } = candidate;
  const around = [round, ...group.rounds].filter((one) => one.endedAt >= startsAt - MINUTE_MS && one.startedAt <= startsAt + 2 * MINUTE_MS);
  return (
    around.length > 0 &&
    around.every(
      (one) =>
        endpointOf(one, incident.target) === endpoint &&
        (one.targetRefs === undefined || sameHolder(one.targetRefs[key], round.targetRefs?.[key]) === 'same') &&
        one.lbView.every(({ target }) => targetKey(target) === key || endpointOf(one, target) !== endpoint),
    )
  );
}

/** As long as its slowest answer takes: before that the log has the fast ones alone. */
export function slowestMs({ within, key }: Suspicion): number {
  const waits = samplesOf(within, key).map(latencyOf);
  return Math.min(LONGEST_MS, Math.max(0, ...waits));
}

// ---------------------------------------------------------------- what is asked for

/**
 * At least such a share of its requests is slow, or fails, 0 to 1, by what the probes met;
 * undefined where its waits are not longer than its peers' answers, as when the connect or the body
 * alone takes long.
 */
function leastOf(suspicion: Suspicion, { fromMs }: AccessLogView): number | undefined {
  if (suspicion.ofErrors) return leastBad(suspicion.split);
  const waits = waitsOf(suspicion, Infinity);
  const late = waits.filter((ms) => ms >= fromMs).length;
  const peers = suspicion.peersMs.length;
  const ofPeers = (peers - countBelow(suspicion.peersMs, fromMs) + 0.5) / (peers + 1);
  return chanceOfAtLeast(late, waits.length, ofPeers) <= ALPHA ? leastRate(late, waits.length, ALPHA) : undefined;
}

/**
 * Whether its requests were as its peers', though the probes would have had them slow. Users ask
 * for other pages than the one that is probed: that fewer of them are slow is no reason by itself.
 * What is missing, and what the client did not wait for, counts as slow: the doubt is the target's.
 */
function excluded(minutes: readonly Delivered[], least: number, suspicion: Suspicion): boolean {
  const own = sum(minutes.map((minute) => minute.own));
  const missing = Math.max(
    0,
    minutes.reduce((so, minute) => so + minute.missing, 0),
  );
  const doubted = own.aborted + missing;
  const worst: RequestCount = {
    requests: own.requests + missing,
    slow: own.slow + doubted,
    failed: own.failed + doubted,
    aborted: 0,
  };
  const isFewer = chanceOfAtMost(badIn(suspicion)(worst), worst.requests, least) <= ALPHA;
  return isFewer && !isMore(suspicion, worst, sum(minutes.map((minute) => minute.peers)));
}

function sum(counts: readonly RequestCount[]): RequestCount {
  return counts.reduce(plus, { requests: 0, slow: 0, failed: 0, aborted: 0 });
}
