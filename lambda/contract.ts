/** Names that the construct (lib/) and the handlers (lambda/) share: each stands here once. */

/** Environment variables of the functions. */
export const ENV = {
  roundsTable: 'SICKBAY_ROUNDS_TABLE',
  casesTable: 'SICKBAY_CASES_TABLE',
  proberFunction: 'SICKBAY_PROBER_FUNCTION',
  responderFunction: 'SICKBAY_RESPONDER_FUNCTION',
  inspectionDocument: 'SICKBAY_INSPECTION_DOCUMENT',
  basicInspectionDocument: 'SICKBAY_BASIC_INSPECTION_DOCUMENT',
  topicArn: 'SICKBAY_TOPIC_ARN',
  scheduleGroup: 'SICKBAY_SCHEDULE_GROUP',
  scheduleRoleArn: 'SICKBAY_SCHEDULE_ROLE_ARN',
  scheduleDlqArn: 'SICKBAY_SCHEDULE_DLQ_ARN',
  killSwitchParameter: 'SICKBAY_KILL_SWITCH_PARAMETER',
} as const;

/** The validated configuration lies beside each handler's index.js: it may outgrow the 4 KB of a Lambda environment. */
export const CONFIG_FILE = 'config.json';

/** Rounds: one item per group and round, append-only, written by the sweep alone. */
export const ROUNDS_KEYS = { partition: 'groupArn', sort: 'startedAt', ttl: 'expiresAt' } as const;
/** Cases: lease, open cases and the archive of closed ones, written by the responder alone. */
export const CASES_KEYS = { partition: 'pk', sort: 'sk' } as const;

export { ENFORCE_TAG } from '../core/model';

/** Values of the kill-switch parameter. Anything else, or no answer, counts as `on`. */
export const KILL_SWITCH = { off: 'off', on: 'on' } as const;

export const METRICS_NAMESPACE = 'Sickbay';

/** The responder's own time-out and the stack-wide lease that must outlive it (see docs/safety.md). */
export const RESPONDER_TIMEOUT_S = 240;
export const RESPONDER_LEASE_S = 300;

/** Event of `sweep.handler` as EventBridge Scheduler sends it; alarm state changes arrive as EventBridge wrote them. */
export interface SweepEvent {
  readonly trigger: 'schedule' | 'operator';
}

/** Event of `respond.handler`: a wake-up carries no evidence; the responder reads the rounds itself. */
/** What an operator asks of the responder. */
export type Wish = { readonly kind: 'close-breaker'; readonly by: string };

export interface RespondEvent {
  readonly wokenBy: 'sweep' | 'operator';
  readonly wish?: Wish;
}
