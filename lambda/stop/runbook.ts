/**
 * The Automation runbook: what stops a culprit, in a role that nothing else may assume, after a
 * person approved (docs/decisions/0030-stopping-a-culprit.md). Schema 0.3. Every step ends the
 * execution where it fails, and none is tried twice.
 *
 * Sources: Systems Manager user guide, "Automation actions reference" (aws:approve,
 * aws:assertAwsResourceProperty, aws:executeAwsApi, aws:runCommand) and "Automation system
 * variables" (`global:AWS_PARTITION`, `automation:EXECUTION_ID`); Scheduler user guide, "Using
 * universal targets".
 */
import { KILL_SWITCH } from '../contract';
import { APPROVAL_S, APPROVE_STEP, STOP_STEP, type RunbookParameters } from './contract';
import { STOP_PARAMETERS } from './documents';

export interface StopRunbookProps {
  /** ARNs of the principals who may approve. At least one. */
  readonly approvers: readonly string[];
  readonly stopDocumentName: string;
  readonly undoDocumentName: string;
  /** `off` lets a stop go on; any other value, and a parameter that cannot be read, ends it. */
  readonly switchParameterName: string;
  /** Names or ARNs of Change Calendars. All of them must be open. */
  readonly calendars: readonly string[];
  /** What EventBridge Scheduler assumes for the undo. */
  readonly undoScheduleRoleArn: string;
  /** Queue of what it could not deliver. */
  readonly undoDeadLettersArn: string;
  /** Name of the schedule group. */
  readonly scheduleGroup: string;
  readonly assumeRoleArn: string;
}

/** Names of the steps, in their order. `calendars` is left out where none is named. */
export const STOP_STEPS = {
  approve: APPROVE_STEP,
  readSwitch: 'readSwitch',
  calendars: 'readCalendars',
  scheduleUndo: 'scheduleUndo',
  stop: STOP_STEP,
} as const;

/**
 * Parameters of an execution. None can hold `{` or `}`, which Automation would replace; no value is
 * more than data in the JSON that the schedule carries.
 */
export const RUNBOOK_PATTERNS: Readonly<Record<keyof RunbookParameters, string>> = {
  instanceId: '^(i|mi)-[0-9a-f]{8,17}$',
  caseId: STOP_PARAMETERS.caseId.allowedPattern,
  pid: '^([2-9]|[1-9][0-9]{1,9})$',
  digest: STOP_PARAMETERS.digest.allowedPattern,
  allowKill: STOP_PARAMETERS.allowKill.allowedPattern,
  expiresAt: STOP_PARAMETERS.expiresAt.allowedPattern,
  undoAt: STOP_PARAMETERS.undoAt.allowedPattern,
  /** CreateSchedule takes names of at most 64 characters. */
  undoSchedule: '^[A-Za-z0-9_.-]{1,64}$',
  undoTime: '^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}$',
  message: '^[ -z|~]{1,400}$',
};

/** An hour of retries, as for a scheduled restore. */
const RETRIES = { MaximumRetryAttempts: 60, MaximumEventAgeInSeconds: 3600 };
const STEP = { onFailure: 'Abort', isCritical: true, isEnd: false } as const;
const ONCE = { maxAttempts: 1 } as const;

/** Content of the runbook. @throws where nobody may approve: then nothing could ever be stopped. */
export function stopRunbook(props: StopRunbookProps): object {
  if (props.approvers.length === 0) throw new Error('stop: no approvers');
  const steps = [approve(props), readSwitch(props), ...readCalendars(props), scheduleUndo(props), stop(props)];
  return {
    schemaVersion: '0.3',
    description: 'Sickbay: stops one job on one host after a person approved, and schedules the undo first.',
    assumeRole: props.assumeRoleArn,
    parameters: Object.fromEntries(
      Object.entries(RUNBOOK_PATTERNS).map(([name, allowedPattern]) => [name, { type: 'String', allowedPattern }]),
    ),
    mainSteps: steps,
    outputs: [`${STOP_STEPS.approve}.ApproverDecisions`, `${STOP_STEPS.stop}.Output`],
  };
}

const of = (name: keyof RunbookParameters): string => `{{ ${name} }}`;

/** Who may approve is fixed here: an execution's parameters cannot name others. */
function approve({ approvers }: StopRunbookProps): object {
  return {
    name: STOP_STEPS.approve,
    action: 'aws:approve',
    timeoutSeconds: APPROVAL_S,
    ...STEP,
    inputs: { Message: of('message'), MinRequiredApprovals: 1, Approvers: approvers },
  };
}

/** After the approval: a person may have thought for 15 minutes. */
function readSwitch({ switchParameterName }: StopRunbookProps): object {
  return asserted(STOP_STEPS.readSwitch, { Api: 'GetParameter', Name: switchParameterName }, '$.Parameter.Value', KILL_SWITCH.off);
}

/**
 * "Returns OPEN only if all calendars in the request are open" (API reference, GetCalendarState).
 */
function readCalendars({ calendars }: StopRunbookProps): object[] {
  if (calendars.length === 0) return [];
  return [asserted(STOP_STEPS.calendars, { Api: 'GetCalendarState', CalendarNames: calendars }, '$.State', 'OPEN')];
}

function asserted(name: string, call: object, selector: string, desired: string): object {
  return {
    name,
    action: 'aws:assertAwsResourceProperty',
    timeoutSeconds: 60,
    ...STEP,
    ...ONCE,
    inputs: { Service: 'ssm', ...call, PropertySelector: selector, DesiredValues: [desired] },
  };
}

/**
 * Before anything is stopped. An entry that is there already ends the execution: it belongs to
 * another stop.
 */
function scheduleUndo({ scheduleGroup, undoDocumentName, undoScheduleRoleArn, undoDeadLettersArn }: StopRunbookProps): object {
  const order = {
    DocumentName: undoDocumentName,
    InstanceIds: [of('instanceId')],
    Parameters: { caseId: [of('caseId')] },
    Comment: 'Sickbay: the lease of a stop ended',
  };
  return {
    name: STOP_STEPS.scheduleUndo,
    action: 'aws:executeAwsApi',
    timeoutSeconds: 60,
    ...STEP,
    ...ONCE,
    inputs: {
      Service: 'scheduler',
      Api: 'CreateSchedule',
      Name: of('undoSchedule'),
      GroupName: scheduleGroup,
      ClientToken: '{{ automation:EXECUTION_ID }}',
      ScheduleExpression: `at(${of('undoTime')})`,
      ScheduleExpressionTimezone: 'UTC',
      FlexibleTimeWindow: { Mode: 'OFF' },
      ActionAfterCompletion: 'DELETE',
      Target: {
        Arn: 'arn:{{ global:AWS_PARTITION }}:scheduler:::aws-sdk:ssm:sendCommand',
        RoleArn: undoScheduleRoleArn,
        Input: JSON.stringify(order),
        RetryPolicy: RETRIES,
        DeadLetterConfig: { Arn: undoDeadLettersArn },
      },
    },
  };
}

function stop({ stopDocumentName }: StopRunbookProps): object {
  const given = (['caseId', 'pid', 'digest', 'allowKill', 'expiresAt', 'undoAt'] as const).map((name) => [name, [of(name)]]);
  return {
    name: STOP_STEPS.stop,
    action: 'aws:runCommand',
    timeoutSeconds: 300,
    ...STEP,
    ...ONCE,
    isEnd: true,
    inputs: {
      DocumentName: stopDocumentName,
      InstanceIds: [of('instanceId')],
      Parameters: Object.fromEntries(given),
      // Delivery: a host that is away is not stopped later, when nobody looks.
      TimeoutSeconds: 60,
    },
  };
}
