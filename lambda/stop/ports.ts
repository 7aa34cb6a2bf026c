/**
 * What stopping needs from the world (docs/decisions/0030-stopping-a-culprit.md). A method makes at
 * most one mutating call.
 */
import type { CaseStateChange, OutboxEntry, Stop, StopPlan, StopStatus, Target, UndoOutcome } from '../../core/model';
import type { CaseRecords, Clock, Log, RoundRecords, Severity } from '../ports';

/** Reads on the host, by a document that changes nothing. */
export interface StopHosts {
  /**
   * The dry run for the process with this pid.
   * @throws when the host does not answer, the process is not there, or the answer is no plan.
   */
  plan(instanceId: string, caseId: string, pid: number): Promise<StopPlan>;
  /** How the stop of a case stands on the host. @throws when the host does not answer. */
  status(instanceId: string, caseId: string): Promise<StopStatus>;
  /** Gives back what starts the culprit. Idempotent. @throws when the host does not answer. */
  undo(instanceId: string, caseId: string): Promise<UndoOutcome>;
}

/** How an Automation execution stands, in our words. */
export interface StopExecution {
  /** `waiting`: for approval. `acting`: approved. */
  readonly state: 'waiting' | 'acting' | 'ended' | 'denied' | 'expired' | 'cancelled' | 'failed';
  readonly approvedBy?: string;
  /** What the host printed, once it ended. */
  readonly output?: string;
  /** For people. */
  readonly why?: string;
}

/** Systems Manager Automation: the one place that can stop anything, and it waits for a person. */
export interface StopExecutions {
  /** Starts the execution of a proposal, or answers with the one its client token started. */
  start(stop: Stop): Promise<string>;
  read(executionId: string): Promise<StopExecution>;
  /** Cancels one that waits. @throws when it cannot be told whether it was cancelled. */
  cancel(executionId: string): Promise<void>;
}

/** One writer: the function that stops. */
export interface StopRecords {
  /** Stops that have not ended, and those that began after the given time. */
  current(since: number): Promise<Stop[]>;
  /** @throws when it was overtaken. */
  put(stop: Stop): Promise<Stop>;
}

export interface StopPorts {
  readonly clock: Clock;
  readonly cases: Pick<CaseRecords, 'open' | 'closedSince'>;
  readonly rounds: Pick<RoundRecords, 'latest'>;
  readonly hosts: StopHosts;
  readonly executions: StopExecutions;
  readonly stops: StopRecords;
  /** `on` stops every stop; also when it cannot be read. */
  readonly stopSwitch: { read(): Promise<{ readonly on: boolean; readonly why: string }> };
  /** Whether this target receives traffic now, by a fresh read of the load balancer. */
  readonly serves: (groupArn: string, target: Target) => Promise<boolean>;
  /** Tags of the group and of the instance: `sickbay:stop` on both, with this stack's name. */
  readonly tagged: (groupArn: string, instanceId: string) => Promise<boolean>;
  /** Whether every named Change Calendar is open. @throws when one cannot be read. */
  readonly calendarOpen: () => Promise<boolean>;
  readonly undoSchedules: { exists(name: string): Promise<boolean>; cancel(name: string): Promise<void> };
  readonly publish: (severity: Severity, entry: OutboxEntry) => Promise<void>;
  readonly emit: (event: CaseStateChange) => Promise<void>;
  readonly log: Log;
}
