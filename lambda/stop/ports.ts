/**
 * What stopping needs from the world (docs/decisions/0030-stopping-a-culprit.md). A method makes at
 * most one mutating call.
 */
import type { Culprit, Stop, StopExecution, StopPlan, StopStatus, Target, TargetCase, UndoOutcome } from '../../core/model';
import type { Deployment } from '../../core/report/links';
import type { CaseEvents, CaseRecords, Clock, LeaseRecords, Log, RoundRecords, Topic } from '../ports';

/** Reads on the host, by a document that changes nothing. */
export interface StopHosts {
  /**
   * The dry run for the process with this pid; undefined where no process has it.
   * @throws when the host does not answer, or the answer is no plan.
   */
  plan(instanceId: string, caseId: string, pid: number): Promise<StopPlan | undefined>;
  /** How the stop of a case stands on the host. @throws when the host does not answer. */
  status(instanceId: string, caseId: string): Promise<StopStatus>;
  /** Gives back what starts the culprit. Idempotent. @throws when the host does not answer. */
  undo(instanceId: string, caseId: string): Promise<UndoOutcome>;
}

/** Systems Manager Automation: the one place that can stop anything, and it waits for a person. */
export interface StopExecutions {
  /** Starts the execution of a proposal, or answers with the one its client token started. */
  start(stop: Stop): Promise<string>;
  read(executionId: string): Promise<StopExecution>;
  /** Asks for its cancellation: whether it was cancelled, `read` tells. */
  cancel(executionId: string): Promise<void>;
}

/** One writer: the function that stops. */
export interface StopRecords {
  /**
   * Every record, in one consistent read; `unreadable`: ids of records that this code cannot read.
   * One that has ended leaves after a month.
   */
  all(): Promise<{ readonly stops: readonly Stop[]; readonly unreadable: readonly string[] }>;
  /**
   * Stores it if nobody else wrote it since; returns it with its new `rev`. @throws when it was
   * overtaken.
   */
  put(stop: Stop): Promise<Stop>;
}

export interface StopPorts {
  readonly clock: Clock;
  readonly cases: Pick<CaseRecords, 'open' | 'closedSince'>;
  readonly rounds: Pick<RoundRecords, 'latest'>;
  readonly hosts: StopHosts;
  /**
   * Peers of the target that run the culprit's command now, or may: one that could not be inspected
   * counts. @throws when there is no peer to look at.
   */
  readonly peersRunning: (incident: TargetCase, culprit: Culprit) => Promise<readonly string[]>;
  readonly executions: StopExecutions;
  readonly stops: StopRecords;
  /** On the whole function: one run at a time. */
  readonly lease: LeaseRecords;
  /** `on` stops every stop; also when it cannot be read. */
  readonly stopSwitch: { read(): Promise<{ readonly on: boolean; readonly why: string }> };
  /** Whether this target receives traffic now, by a fresh read of the load balancer. */
  readonly serves: (groupArn: string, target: Target) => Promise<boolean>;
  /** Tags of the group and of the instance: `sickbay:stop` on both, with this stack's name. */
  readonly tagged: (groupArn: string, instanceId: string) => Promise<boolean>;
  /** Whether every named Change Calendar is open. @throws when one cannot be read. */
  readonly calendarOpen: () => Promise<boolean>;
  /** What the runbook scheduled. A missing entry is cancelled already. */
  readonly undoSchedules: { cancel(name: string): Promise<void> };
  readonly topic: Pick<Topic, 'publish'>;
  readonly caseEvents: CaseEvents;
  /** Where this stack is, and where people find it. */
  readonly deployment: Deployment;
  readonly log: Log;
}
