/**
 * The load balancer's own p99 of a target group, from CloudWatch: `TargetResponseTime` runs from
 * when the request leaves the load balancer until the target starts to send the headers
 * ("CloudWatch metrics for your Application Load Balancer", ELB user guide). So it sees the wait,
 * no slow body, and no connect (that one: an inference; connections are kept open). Its limit is
 * that a share of at most 1 % does not move a p99.
 */
import { describeBalancerView, MINUTE_MS } from '../../balancer-view';
import { chanceOfAtMost, leastRate } from '../../chance';
import { troubleOf } from '../../due';
import type { BalancerMinute, BalancerView } from '../../model';
import { slowInConnectAlone, waitsOf } from './phases';
import { splitOf } from './split';
import { ALPHA, leastShare, type Suspicion } from './suspicion';
import type { View } from './view';

/**
 * A minute may still grow for so long after its end: each node of a load balancer tells by itself.
 * CloudWatch's word is 1 to 3 minutes late by users' reports; no page of AWS bounds it (an
 * inference, which waits).
 */
export const SETTLED_MS = 120_000;

/** Fewer answers than these give no share. */
const LEAST_WAITS = 10;

/** A share must be above that of a p99 by a quarter, or no number of requests would show it. */
const SHOWN_SHARE = 0.0125;

export function balancersView(suspicion: Suspicion): View {
  const { situation, incident } = suspicion.candidate;
  const { balancer } = incident;
  if (balancer === undefined) return { stand: 'absent', summary: 'CloudWatch was not asked' };
  if (balancer.unread !== undefined) return { stand: 'absent', summary: `CloudWatch ${describeBalancerView(balancer)}` };
  const view = toldBy(suspicion, balancer);
  const agoS = Math.round((situation.now - balancer.readAt) / 1000);
  if (agoS < situation.config.durations.staleS) return view;
  // What a minute of the evidence excluded stays excluded, until a newer word says otherwise.
  const summary = `CloudWatch was asked ${agoS} s ago`;
  return view.stand === 'contradicts' ? { ...view, summary: `${view.summary}; ${summary}` } : { stand: 'old', summary };
}

function toldBy(suspicion: Suspicion, { minutes, readAt }: BalancerView): View {
  const told = minutes.filter((minute) => isSettled(minute, readAt));
  const settled = told.filter((minute) => !wasOfMany(suspicion, minute));
  const inside = settled.filter((minute) => minute.startsAt >= suspicion.since && minute.p99Ms !== undefined);
  if (inside.length === 0) return { stand: 'absent', summary: 'CloudWatch tells of no whole minute since it began' };
  return compared(
    suspicion,
    inside,
    settled.filter((minute) => minute.startsAt + MINUTE_MS <= suspicion.since),
  );
}

/** Whether CloudWatch's word on a minute is whole, as it was read then. */
export function isSettled({ startsAt }: Pick<BalancerMinute, 'startsAt'>, readAt: number): boolean {
  return startsAt + MINUTE_MS + SETTLED_MS <= readAt;
}

/**
 * Whether many targets were slow then, as a round around that minute had it: its p99 is theirs, and
 * shows nothing of this one. A round speaks for the minute on either side of it.
 */
export function wasOfMany({ candidate }: Suspicion, { startsAt }: Pick<BalancerMinute, 'startsAt'>): boolean {
  const [from, until] = [startsAt - MINUTE_MS, startsAt + 2 * MINUTE_MS];
  return candidate.group.rounds.some((round) => troubleOf(round) !== undefined && round.endedAt >= from && round.startedAt <= until);
}

function compared(suspicion: Suspicion, inside: readonly BalancerMinute[], before: readonly BalancerMinute[]): View {
  if (suspicion.ofErrors || slowInConnectAlone(suspicion))
    return { stand: 'cannot-tell', summary: "CloudWatch's p99 holds neither errors nor the time to connect" };
  if (suspicion.candidate.group.group.attributes['stickiness.enabled'] === 'true')
    return { stand: 'cannot-tell', summary: 'CloudWatch cannot tell: sticky sessions give each target a share of their own' };
  const waits = splitOf(waitsOf(suspicion), suspicion.peersMs);
  if (waits.n < LEAST_WAITS || !Number.isFinite(waits.fromMs)) return { stand: 'cannot-tell', summary: 'no waits to compare with a p99' };
  const highest = Math.max(...inside.map(({ p99Ms = 0 }) => p99Ms));
  const summary = `p99 of ${Math.round(highest)} ms at the load balancer in ${inside.length} whole minutes, ${Math.round(waits.fromMs)} ms is slow`;
  const wasHigh = before.some(({ p99Ms = 0 }) => p99Ms >= waits.fromMs);
  const share = leastShare(suspicion) * leastRate(waits.k, waits.n, ALPHA);
  if (excluded(inside, share, waits.fromMs)) return { stand: 'contradicts', summary };
  const lately = newestHalf(inside);
  if (excluded(lately, share, waits.fromMs)) return { stand: 'contradicts', summary: `${summary}; lower in the newest ${lately.length}` };
  if (highest >= waits.fromMs) return shown(suspicion, before.length > 0 && !wasHigh, wasHigh ? `${summary}, as before` : summary);
  return { stand: share > SHOWN_SHARE ? 'not-yet' : 'cannot-tell', summary };
}

/** Whether a p99 of each of these minutes was lower than what so many slow requests would give. */
function excluded(minutes: readonly BalancerMinute[], share: number, fromMs: number): boolean {
  if (minutes.some(({ p99Ms = 0 }) => p99Ms >= fromMs)) return false;
  return minutes.reduce((chance, { requests }) => chance * hiddenFrom(requests, share), 1) <= ALPHA;
}

/**
 * The minutes that say whether users still meet it: what they met at first outweighs, in all of the
 * evidence, that they meet nothing any more.
 */
function newestHalf(oldestFirst: readonly BalancerMinute[]): readonly BalancerMinute[] {
  return oldestFirst.slice(Math.floor(oldestFirst.length / 2));
}

/** There are slow requests; with other suspects it is open whether they are this target's. */
function shown({ others }: Suspicion, wasLower: boolean, summary: string): View {
  if (others.length > 0) return { stand: 'not-yet', summary: `${summary}; ${others.length} more under suspicion may give that` };
  return { stand: wasLower ? 'agrees' : 'cannot-tell', summary };
}

/**
 * The chance that a p99 stays below what at least `share` of the requests take: one in a hundred of
 * them, and one for the rounding of its rank.
 */
function hiddenFrom(requests: number, share: number): number {
  return chanceOfAtMost(Math.floor(requests / 100) + 1, requests, share);
}
