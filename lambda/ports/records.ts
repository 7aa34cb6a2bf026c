/** What the two pipelines keep. */
import type { Case, Round } from '../../core/model';

export interface RoundRecords {
  /** Newest first. */
  latest(groupArn: string, limit: number): Promise<Round[]>;
  append(round: Round): Promise<void>;
  /**
   * Puts on record that a round of these groups begins. Returns when it began: `at`, or a little
   * later, for no two begin at the same time.
   */
  begin(groupArns: readonly string[], at: number): Promise<number>;
  /**
   * When the latest round of each group began, finished or not, of those that began after one time
   * and before another; by ARN.
   */
  begun(after: number, before: number): Promise<ReadonlyMap<string, number>>;
}

/** A lease on the whole stack; `until` is when it ends. */
export interface StackLease {
  readonly holder: string;
  readonly untilAt: number;
}

export interface CaseRecords {
  open(): Promise<Case[]>;
  /** Cases closed after the given time. */
  closedSince(at: number): Promise<Case[]>;
  /**
   * Stores the case if nobody else wrote it since it was read; returns it with its new `rev`.
   * @throws when it was overtaken.
   */
  put<Incident extends Case>(incident: Incident): Promise<Incident>;
  /** Copies a closed case to the archive. */
  archive(incident: Case): Promise<void>;
  /** Removes a closed case from the open ones, if nobody else wrote it since it was read. */
  drop(incident: Case): Promise<void>;
}

export interface LeaseRecords {
  /** The lease, or undefined while somebody else holds it. */
  acquire(holder: string, now: number, untilAt: number): Promise<StackLease | undefined>;
  release(lease: StackLease): Promise<void>;
}
