/** Names that the construct (lib/) and the handlers (lambda/) share: each stands here once. */
import type { OperatorRequest } from '../core/decide/request';

/** Environment variables of the functions. */
export const ENV = {
  roundsTable: 'SICKBAY_ROUNDS_TABLE',
  casesTable: 'SICKBAY_CASES_TABLE',
  reviewsTable: 'SICKBAY_REVIEWS_TABLE',
  /** Of the sweeper; of the responder where a group declares a page. */
  proberFunction: 'SICKBAY_PROBER_FUNCTION',
  /** Not set where the configuration names one subnet. */
  secondProberFunction: 'SICKBAY_SECOND_PROBER_FUNCTION',
  responderFunction: 'SICKBAY_RESPONDER_FUNCTION',
  inspectionDocument: 'SICKBAY_INSPECTION_DOCUMENT',
  basicInspectionDocument: 'SICKBAY_BASIC_INSPECTION_DOCUMENT',
  pageTopicArn: 'SICKBAY_PAGE_TOPIC_ARN',
  notifyTopicArn: 'SICKBAY_NOTIFY_TOPIC_ARN',
  stack: 'SICKBAY_STACK',
  /** Not set where the configuration turns reports off. */
  reportsBucket: 'SICKBAY_REPORTS_BUCKET',
  /** The bucket's own name in DNS, in its Region and partition. */
  reportsHost: 'SICKBAY_REPORTS_HOST',
  /** Not set: links to the runbook are left out. */
  runbookBaseUrl: 'SICKBAY_RUNBOOK_BASE_URL',
  scheduleGroup: 'SICKBAY_SCHEDULE_GROUP',
  scheduleRoleArn: 'SICKBAY_SCHEDULE_ROLE_ARN',
  scheduleDlqArn: 'SICKBAY_SCHEDULE_DLQ_ARN',
  /** Of the function that restores addresses. */
  restoreFunctionArn: 'SICKBAY_RESTORE_FUNCTION_ARN',
  /** Of the entries that stop a task. Not set where no group declares `owner: 'ecs'`. */
  scheduledStopRoleArn: 'SICKBAY_SCHEDULED_STOP_ROLE_ARN',
  killSwitchParameter: 'SICKBAY_KILL_SWITCH_PARAMETER',
  /** Of the function that stops, which is there only where a group says `stop`. */
  stopsTable: 'SICKBAY_STOPS_TABLE',
  /** Read by the command line alone. */
  stopFunction: 'SICKBAY_STOP_FUNCTION',
  stopPlanDocument: 'SICKBAY_STOP_PLAN_DOCUMENT',
  stopUndoDocument: 'SICKBAY_STOP_UNDO_DOCUMENT',
  stopRunbook: 'SICKBAY_STOP_RUNBOOK',
  /** Group of the Scheduler entries that undo. */
  stopScheduleGroup: 'SICKBAY_STOP_SCHEDULE_GROUP',
  stopSwitchParameter: 'SICKBAY_STOP_SWITCH_PARAMETER',
  /** Not set where everything in the configuration is known at synth. */
  deployTimeValues: 'SICKBAY_DEPLOY_TIME_VALUES',
} as const;

/**
 * The validated configuration lies beside each handler's index.js: it may outgrow the 4 KB of a
 * Lambda environment.
 */
export const CONFIG_FILE = 'config.json';

/**
 * The licences of the packages in the bundles: scripts/build.ts writes it beside them, and each
 * deployment package has a copy.
 */
export const NOTICES_FILE = 'THIRD-PARTY-NOTICES.txt';

/** Rounds: one item per group and round, append-only, written by the sweep alone. */
export const ROUNDS_KEYS = { partition: 'groupArn', sort: 'startedAt', ttl: 'expiresAt' } as const;
/**
 * In the same table, in place of an ARN: one item a sweep, which says of which groups it began a
 * round.
 */
export const BEGUN = 'begun';
/** Cases: lease, open cases and the archive of closed ones, written by the responder alone. */
export const CASES_KEYS = { partition: 'pk', sort: 'sk' } as const;

/** Reviews: the latest audit, written by the reviewer alone. */
export const REVIEWS_KEY = 'pk';

export { ENFORCE_TAG_KEY, STOP_TAG_KEY } from '../core/model';

/** Values of the kill-switch parameter. Anything else, or no answer, counts as `on`. */
export const KILL_SWITCH = { off: 'off', on: 'on' } as const;

export const METRICS_NAMESPACE = 'Sickbay';

/**
 * Every metric carries the stack; some carry one more dimension. None carries a target: their
 * number is what they cost.
 */
export const DIMENSION = { stack: 'Stack', group: 'Group', reason: 'Reason' } as const;

/** Published in each round for each target group: with the dimension `group`. */
export const GROUP_METRICS = {
  slowestTargetMs: 'SlowestTargetMs',
  medianTargetMs: 'MedianTargetMs',
  convictedTargets: 'ConvictedTargets',
  blind: 'Blind',
} as const;

/**
 * One of each in a stack. `blocked` is published by reason as well: with the dimension `reason`.
 */
export const STACK_METRICS = {
  groupsMeasured: 'GroupsMeasured',
  roundMs: 'RoundMs',
  blindGroups: 'BlindGroups',
  longestOutMs: 'LongestOutMs',
  unsentAlerts: 'UnsentAlerts',
  openBreakers: 'OpenBreakers',
  unreadableRecords: 'UnreadableRecords',
  ejections: 'Ejections',
  restores: 'Restores',
  blocked: 'Blocked',
  silentTopics: 'SilentTopics',
} as const;

export type MetricName = (typeof GROUP_METRICS)[keyof typeof GROUP_METRICS] | (typeof STACK_METRICS)[keyof typeof STACK_METRICS];

/**
 * What is asked of CloudWatch about a target group, AWS/ApplicationELB. Each one is paid for each
 * time: bin/cost counts them.
 */
export const BALANCER_METRICS = [
  { id: 'requests', name: 'RequestCount', stat: 'Sum' },
  { id: 'serverErrors', name: 'HTTPCode_Target_5XX_Count', stat: 'Sum' },
  { id: 'connectionErrors', name: 'TargetConnectionErrorCount', stat: 'Sum' },
  { id: 'p99', name: 'TargetResponseTime', stat: 'p99' },
] as const;

/** An alert that is not out after this long was not delivered. */
export const ALERT_OVERDUE_MS = 120_000;

/**
 * The responder's own time-out and the stack-wide lease that must outlive it (see docs/safety.md).
 */
export const RESPONDER_TIMEOUT_S = 240;
export const RESPONDER_LEASE_S = 300;

/**
 * Event of `sweep.handler` as EventBridge Scheduler sends it; alarm state changes arrive as
 * EventBridge wrote them.
 */
export interface SweepEvent {
  readonly trigger: 'schedule' | 'operator';
}

/** What an operator asks of the responder. */
export type { OperatorRequest };

/**
 * What is asked of the responder that touches no case: an alert on each topic as a test, and
 * whether anybody hears them.
 */
export type TopicRequest = { readonly kind: 'test-alert'; readonly by: string } | { readonly kind: 'check-topics' };

/**
 * The alias of the responder by which people ask. Who may use it is a list of its own
 * (`Config.operators`): IAM cannot see what is in an event, but it can tell one alias of a function
 * from the function itself.
 */
export const OPERATOR_ALIAS = 'operator';

/**
 * Event of `respond.handler`: a wake-up carries no evidence; the responder reads the rounds itself.
 */
export interface RespondEvent {
  readonly wokenBy: 'sweep' | 'operator' | 'schedule';
  readonly wish?: OperatorRequest | TopicRequest;
}
