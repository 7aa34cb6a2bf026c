/**
 * Reads what a response starts from: the open cases, the two latest rounds of every group, and more
 * rounds of the groups in which something is due.
 */
import { groupsOf } from '../../core/case';
import type { Config } from '../../core/config';
import { due, type Due } from '../../core/due';
import type { Case, ListedGroup, Round, TargetGroup } from '../../core/model';
import { mapLimit } from '../map-limit';
import { HISTORY_ROUNDS } from '../discover/survey';
import type { RespondPorts } from '../ports';

/**
 * Ejections count against the hourly budgets, and against a target for six hours (docs/safety.md).
 */
const REMEMBERED_MS = 6 * 3_600_000;

export interface Records {
  /**
   * Every group that is configured and that something may be due in; only these are read in full.
   */
  readonly groups: readonly TargetGroup[];
  /** ARNs of every group that is configured, existing or not. */
  readonly configured: ReadonlySet<string>;
  /** Of those, and of the groups of open cases: the ones that do not exist any more. */
  readonly gone: readonly string[];
  /** Of every group that is configured. */
  readonly rounds: ReadonlyMap<string, readonly Round[]>;
  readonly openCases: readonly Case[];
  readonly closedCases: readonly Case[];
  readonly work: readonly Due[];
}

/** DynamoDB sets no limit that matters here; the SDK opens 50 sockets. */
const READS_AT_ONCE = 50;

/**
 * Reads the two latest rounds of each group, which tell whether anything is due, and the older
 * rounds and ELB only where something is.
 */
export async function readRecords(ports: RespondPorts, config: Config): Promise<Records> {
  const [listed, openCases, closedCases] = await Promise.all([
    ports.loadBalancing.groups(config),
    ports.cases.open(),
    ports.cases.closedSince(ports.clock.now() - REMEMBERED_MS),
  ]);
  const roundsOf = async (groups: readonly ListedGroup[], limit: number): Promise<ReadonlyMap<string, readonly Round[]>> =>
    new Map(await mapLimit(READS_AT_ONCE, groups, async ({ arn }) => [arn, await ports.rounds.latest(arn, limit)] as const));
  const configured = new Set([...listed.map(({ arn }) => arn), ...namedIn(config)]);
  const [recent, gone] = await Promise.all([roundsOf(listed, 2), goneOf(ports, listed, configured, openCases)]);
  const missing = gone.filter((arn) => configured.has(arn));
  const work = due({ now: ports.clock.now(), staleMs: config.durations.staleS * 1000, rounds: recent, openCases, missing });
  const arns = new Set([...openCases, ...work.filter((item) => item.kind !== 'case')].map((item) => item.groupArn));
  const concerned = listed.filter((group) => arns.has(group.arn));
  const [groups, histories] = await Promise.all([ports.loadBalancing.describe(concerned), roundsOf(concerned, HISTORY_ROUNDS)]);
  return { groups, configured, gone, openCases, closedCases, work, rounds: new Map([...recent, ...histories]) };
}

function namedIn(config: Config): string[] {
  return config.targetGroups.flatMap(({ arn }) => arn ?? []);
}

/**
 * Asks once more for each group that the listing lacks: a page may miss one, and a group that is
 * reported as deleted must be.
 */
async function goneOf(
  ports: RespondPorts,
  listed: readonly ListedGroup[],
  configured: ReadonlySet<string>,
  openNow: readonly Case[],
): Promise<string[]> {
  const there = new Set(listed.map(({ arn }) => arn));
  const asked = [...new Set([...groupsOf(openNow), ...configured])].filter((arn) => !there.has(arn));
  return asked.length === 0 ? [] : ports.loadBalancing.missing(asked);
}
