/** Which target groups a sweep measures when there are too many for all of them: pure, for the sweep, the stack and the benchmark. */

/**
 * So many groups are measured in every sweep. Each costs one DescribeTargetHealth; beside them a sweep lists the groups (400 a call), their
 * tags (20 a call) and the load balancers it samples: under 600 calls, the minute's share of 10 a second (account-wide token bucket; the
 * numbers are not published, 10 a second is what we allow ourselves).
 */
export const ALL_AT_ONCE = 500;

/** Above that each sweep takes so many: with 3,000 groups (the quota of a Region) the lists alone are 160 calls. */
export const TURN = 400;

/** Seconds between two rounds of a group that nothing is wrong with, when sweeps are `intervalS` apart. Stretched above `ALL_AT_ONCE` groups. */
export function roundIntervalS(groups: number, intervalS: number): number {
  return groups <= ALL_AT_ONCE ? intervalS : intervalS * Math.ceil(groups / TURN);
}

/** A group that waits for its round. */
export interface Waiting {
  readonly arn: string;
  /** When its last round began; undefined: it never had one. */
  readonly lastAt: number | undefined;
  /** It has an open case, or its last round saw something: to be looked at in every sweep. */
  readonly urgent: boolean;
}

/**
 * The groups whose turn it is, the most important first: urgent ones, at most half of a turn so that trouble in a part of the fleet does
 * not blind the rest, then those whose last round is the longest ago.
 */
export function whoseTurn(waiting: readonly Waiting[]): string[] {
  const byAge = [...waiting].sort((a, b) => (a.lastAt ?? -Infinity) - (b.lastAt ?? -Infinity) || (a.arn < b.arn ? -1 : 1));
  const all = waiting.length <= ALL_AT_ONCE;
  const urgent = byAge.filter((group) => group.urgent).slice(0, all ? undefined : TURN / 2);
  const first = new Set(urgent);
  const rest = byAge.filter((group) => !first.has(group));
  return [...urgent, ...rest].slice(0, all ? undefined : TURN).map((group) => group.arn);
}
