/**
 * Names that the function that stops, its documents (lambda/stop/documents.ts), its runbook and
 * bin/stop share: each stands here once.
 */
import type { StopRequest } from '../../core/model';

/**
 * What the document `plan` is asked: to make a plan, or how the stop of a case stands. It prints
 * one line of JSON: a StopPlan, `{"v":1,"gone":true}` where no process has the pid, or a
 * StopStatus. Anything else, and any exit code but 0, is a failure; standard error says why.
 */
export interface PlanParameters {
  readonly ask: 'plan' | 'status';
  readonly caseId: string;
  /** `0` where the status is asked for. */
  readonly pid: string;
}

/** What the document `undo` takes. It prints one line of JSON: an UndoOutcome. */
export interface UndoParameters {
  readonly caseId: string;
}

/**
 * What the runbook takes, all as text. It hands `caseId`, `pid`, `digest`, `allowKill`, `expiresAt`
 * and `undoAt` to the document `stop`, which prints one line of JSON: a StopOutcome. The runbook's
 * step that runs it has the name `STOP_STEP`.
 */
export interface RunbookParameters {
  readonly instanceId: string;
  readonly caseId: string;
  readonly pid: string;
  /** 64 characters of lower-case hex. */
  readonly digest: string;
  readonly allowKill: 'true' | 'false';
  /** Seconds since 1970. The host refuses after it. */
  readonly expiresAt: string;
  /** Seconds since 1970: the end of the lease, in the prefix of the crontab's line. */
  readonly undoAt: string;
  /** Name of the Scheduler entry, and its time as `at(...)` takes it: `2026-01-31T23:59:00`. */
  readonly undoSchedule: string;
  readonly undoTime: string;
  /** For the approver, in printable ASCII, at most 400 characters. */
  readonly message: string;
}

/** Steps of the runbook by which the adapter tells how far an execution got. */
export const APPROVE_STEP = 'approve';
export const STOP_STEP = 'stop';

/** How long a proposal waits for a person: the time-out of the step `approve` too. */
export const APPROVAL_S = 900;

/**
 * The table Stops: `pk` is the stop's id; records of stops that have ended leave by `ttl`, seconds
 * since 1970.
 */
export const STOPS_KEYS = { partition: 'pk', ttl: 'ttl' } as const;

/**
 * Event of `stop.handler`: the schedule's, or what a person asks through the alias for operators.
 */
export interface StopEvent {
  readonly wokenBy: 'schedule' | 'operator';
  readonly wish?: StopRequest;
}

/** Longer than the function's time-out (lib/stopping.ts): a run that died has ended by then. */
export const STOP_LEASE_S = 300;

/** What a person who asked is answered; `busy`: another run is under way, and nothing was done. */
export interface StopSummary {
  readonly outcome: 'done' | 'refused' | 'busy';
  readonly says: readonly string[];
  readonly failures?: readonly string[];
}
