/**
 * Which target groups a sweep measures when there are too many for all of them: pure, for the
 * sweep, the stack and the benchmark.
 */

/**
 * So many groups are measured in every sweep. Each costs one DescribeTargetHealth; beside them a
 * sweep lists the groups (400 a call), their tags (20 a call) and the load balancers it samples:
 * under 600 calls, what flows into the account's token bucket in a minute (lambda/aws/pace.ts).
 */
export const ALL_AT_ONCE = 500;

/**
 * Above that each sweep takes so many: with 3,000 groups (the quota of a Region) the lists alone
 * are 160 calls.
 */
export const BATCH = 400;

/**
 * Seconds between two rounds of a group that nothing is wrong with, at most, when sweeps are
 * `intervalS` apart and few groups are in trouble. Stretched above `ALL_AT_ONCE` groups. A group
 * that is held or troubled has its round every `intervalS`.
 */
export function roundIntervalS(groups: number, intervalS: number): number {
  return groups <= ALL_AT_ONCE ? intervalS : intervalS * Math.ceil(groups / BATCH);
}

/**
 * How much a group needs its round. `held`: one of its targets is out or watched by us, and its
 * lease is renewed or ended on fresh rounds (`staleS`, at most 120 s). `troubled`: another open
 * case, or its last round saw something. `well`: neither.
 */
export type Need = 'held' | 'troubled' | 'well';

/** A group that waits for its round. */
export interface Waiting {
  readonly arn: string;
  /** When its last round began; undefined: it never had one. */
  readonly lastAt: number | undefined;
  readonly need: Need;
}

/**
 * The groups whose turn it is, the most important first: held ones, which the ejections' limits
 * keep few, then troubled ones, together at most half of a turn so that trouble in a part of the
 * fleet does not blind the rest, then those whose last round is the longest ago.
 */
export function nextBatch(waiting: readonly Waiting[]): string[] {
  const byAge = [...waiting].sort((a, b) => (a.lastAt ?? -Infinity) - (b.lastAt ?? -Infinity) || (a.arn < b.arn ? -1 : 1));
  const all = waiting.length <= ALL_AT_ONCE;
  const urgent = (['held', 'troubled'] as const)
    .flatMap((need) => byAge.filter((group) => group.need === need))
    .slice(0, all ? undefined : BATCH / 2);
  const first = new Set(urgent);
  const rest = byAge.filter((group) => !first.has(group));
  return [...urgent, ...rest].slice(0, all ? undefined : BATCH).map((group) => group.arn);
}
