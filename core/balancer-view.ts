/**
 * What CloudWatch says of a target group, told in one line, and weighed against what was measured
 * at one of its targets.
 */
import { isServing } from './case';
import { targetKey, type BalancerMinute, type BalancerView, type Round, type TargetVerdict } from './model';

export const MINUTE_MS = 60_000;

/**
 * How far back CloudWatch is asked: the newest three minutes may be missing, and some from before
 * the evidence are compared with.
 */
export const VIEW_MINUTES = 10;

/**
 * One line: "p99 up to 2450 ms in a minute, 12 of 1203 requests answered 5xx, 0 connection errors,
 * in 5 minutes".
 */
export function describeBalancerView({ minutes, unread }: BalancerView): string {
  if (unread !== undefined) return `could not be read: ${unread}`;
  if (minutes.length === 0) return `tells of no request in ${VIEW_MINUTES} minutes`;
  const total = (of: (minute: BalancerMinute) => number) => sum(minutes.map(of));
  const p99 = minutes.flatMap((minute) => minute.p99Ms ?? []);
  return [
    p99.length === 0 ? 'no response time' : `p99 up to ${Math.round(Math.max(...p99))} ms in a minute`,
    `${total((minute) => minute.serverErrors)} of ${total((minute) => minute.requests)} requests answered 5xx`,
    counted(
      total((minute) => minute.connectionErrors),
      'connection error',
    ),
    `in ${counted(minutes.length, 'minute')}`,
  ].join(', ');
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/**
 * Requests a second of the busiest minute; undefined when no whole minute was told. The minute that
 * was still going on does not count: it holds less than it will.
 */
export function busiestPerSecond({ minutes, readAt }: BalancerView): number | undefined {
  const whole = minutes.filter(({ startsAt }) => startsAt + MINUTE_MS <= readAt);
  return whole.length === 0 ? undefined : Math.max(...whole.map(({ requests }) => requests)) / (MINUTE_MS / 1000);
}

/**
 * The load balancer's word on a target that fails probes: whether it agrees, and what that rests
 * on.
 */
export interface Corroboration {
  readonly agrees: boolean;
  readonly summary: string;
  /** Fraction of the newest minute's requests that has to have failed, 0 to 1. */
  readonly needs: number;
}

export interface FailingTarget {
  readonly view: BalancerView | undefined;
  /** No older view counts. */
  readonly keptMs: number;
  readonly now: number;
  /** The round that the evidence ends with, and those before it, in any order. */
  readonly round: Round;
  readonly rounds: readonly Round[];
  readonly verdict: TargetVerdict;
}

/**
 * Whether the load balancer sees, in the newest whole minute that it tells of, the errors that this
 * target would give it. CloudWatch counts them for the group: with n targets in service, evenly
 * used, targets that fail fractions f of their requests fail the sum of f/n of all. All of that is
 * asked for but half of this target's own share, since the fault may be younger than the minute; so
 * that neither the few errors that every service has nor those of another target speak for it.
 */
export function corroboration({ view, keptMs, now, round, rounds, verdict }: FailingTarget): Corroboration {
  const newest = view?.minutes.filter(({ startsAt }) => startsAt + MINUTE_MS <= view.readAt).at(-1);
  const failing = newest === undefined ? new Map<string, number>() : failingIn([round, ...rounds], newest);
  const others = [...failing].flatMap(([key, fraction]) => (key === verdict.key ? [] : [fraction]));
  const needs = (sum(others) + failingFraction(verdict) / 2) / servingIn(round);
  const no = (summary: string): Corroboration => ({ agrees: false, summary, needs });
  if (view === undefined) return no('CloudWatch was not asked');
  if (now - view.readAt >= keptMs) return no(`CloudWatch was asked ${Math.round((now - view.readAt) / 1000)} s ago`);
  if (view.unread !== undefined || view.minutes.length === 0) return no(`CloudWatch ${describeBalancerView(view)}`);
  if (newest === undefined) return no('CloudWatch tells of no whole minute');
  const { startsAt, requests, serverErrors, connectionErrors } = newest;
  if (startsAt + MINUTE_MS <= (verdict.evidenceSince ?? 0)) return no('CloudWatch tells of no request since it began');
  const failed = serverErrors + connectionErrors;
  return { agrees: failed >= 1 && failed >= needs * requests, summary: `${failed} of ${requests} requests at the load balancer`, needs };
}

/**
 * What probes met in the minute, and in the one before it: of each target that was in service the
 * fraction of requests that failed, at its worst. Probes count whatever the judge makes of them: a
 * target that fails beside another is not called failing at once, and its errors are at the load
 * balancer all the same.
 */
function failingIn(rounds: readonly Round[], { startsAt }: BalancerMinute): Map<string, number> {
  const worst = new Map<string, number>();
  for (const round of rounds.filter(({ endedAt }) => endedAt >= startsAt - MINUTE_MS)) {
    for (const { target } of round.lbView.filter(isServing)) {
      const key = targetKey(target);
      const verdict = round.verdicts.find((one) => one.key === key && one.why === 'errors');
      const fraction = Math.max(failedProbes(round, key), verdict === undefined ? 0 : failingFraction(verdict));
      if (fraction > 0) worst.set(key, Math.max(worst.get(key) ?? 0, fraction));
    }
  }
  return worst;
}

function failedProbes({ samples }: Round, key: string): number {
  const measured = samples[key] ?? [];
  return measured.length === 0 ? 0 : measured.filter((sample) => typeof sample === 'string').length / measured.length;
}

function failingFraction({ bad }: TargetVerdict): number {
  return bad.n === 0 ? 1 : bad.k / bad.n;
}

function servingIn(round: Round): number {
  return Math.max(1, round.lbView.filter(isServing).length);
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
