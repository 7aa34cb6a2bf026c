/** What is out of service by our hand, as the world or the records have it. */
import { isOut } from '../../core/case';
import type { Case } from '../../core/model';
import type { TargetOfCall } from './read-log';
import type { Records } from './records';

/** A target that is out by our hand. */
export interface Out {
  readonly groupArn: string;
  readonly key: string;
  readonly id: string;
  /** The instance, or the one that had the address when it left. */
  readonly host: string;
  readonly port: number;
  /** The target groups that it was taken out of: on standby, every attached one. */
  readonly places: readonly string[];
  readonly onStandby: boolean;
  readonly sinceAt: number;
  /** The latest time its scheduled restore was set to. */
  backAt: number;
  /**
   * On standby with no room under the maximum: so long a person and the next round have once there
   * is some.
   */
  stuckUntilAt?: number;
}

/**
 * Whether the records have it out, or announced to be; or had it announced, by a run that died
 * before it could know what became of it.
 */
export function mayBeOut(records: Records, { groupArn, id }: TargetOfCall): boolean {
  const mine = [...records.open(), ...records.closed()].filter((incident) => incident.groupArn === groupArn && incident.target?.id === id);
  const inDoubt = ({ ejections }: Case) =>
    ejections.some(({ abandonedAt, wayBackCancelledAt }) => abandonedAt !== undefined && wayBackCancelledAt === undefined);
  // Given up, and its delivery may have been under way when it was cancelled, or is not cancelled
  // yet.
  const underWay = ({ ejections }: Case) =>
    ejections.some(
      ({ givenUpAt, wayBackCancelledAt = Infinity, leaseEndsAt }) => givenUpAt !== undefined && wayBackCancelledAt >= leaseEndsAt - 60_000,
    );
  return mine.some((incident) => isOut(incident) || inDoubt(incident) || underWay(incident));
}
