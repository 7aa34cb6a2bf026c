/**
 * Which groups this sweep looks at, and in which order: those that matter most first, for the time
 * may not suffice for all.
 */
import type { Case, ListedGroup } from '../../core/model';
import { isTargetCase } from '../../core/case';
import { nextBatch, type Need } from '../../core/batch';
import { mapLimit } from '../map-limit';
import type { SweepPorts } from '../ports';

/** So few are all looked at in any case: no need to read who waits. */
const ANY_ORDER = 50;

/** DynamoDB has no limit that matters here; the SDK has 50 sockets. */
const READS_AT_ONCE = 50;

export async function nextGroups(
  ports: Pick<SweepPorts, 'rounds'>,
  groups: readonly ListedGroup[],
  openCases: readonly Case[],
): Promise<ListedGroup[]> {
  if (groups.length <= ANY_ORDER) return [...groups];
  const held = new Set(openCases.filter(isHeld).map((incident) => incident.groupArn));
  const troubled = new Set(openCases.map((incident) => incident.groupArn));
  const waiting = await mapLimit(READS_AT_ONCE, groups, async ({ arn }) => {
    const [last] = await ports.rounds.latest(arn, 1);
    const saw = last !== undefined && last.fleet !== 'none';
    const need: Need = held.has(arn) ? 'held' : troubled.has(arn) || saw ? 'troubled' : 'well';
    return { arn, lastAt: last?.startedAt, need };
  });
  const byArn = new Map(groups.map((group) => [group.arn, group]));
  return nextBatch(waiting).flatMap((arn) => byArn.get(arn) ?? []);
}

/** A target is out by us, or has just come back, or a removal of it was announced. */
function isHeld(incident: Case): boolean {
  return isTargetCase(incident) && incident.ejections.length > 0 && incident.state !== 'closed';
}
