/**
 * Executions of the runbook that stops (lambda/stop/runbook.ts): started, read and cancelled. No
 * signal is ever sent from here, and the role may not: a person approves, with credentials of
 * their own.
 */
import {
  GetAutomationExecutionCommand,
  InvalidAutomationStatusUpdateException,
  StartAutomationExecutionCommand,
  StopAutomationExecutionCommand,
  type AutomationExecution,
  type AutomationExecutionStatus,
  type SSMClient,
  type StepExecution,
} from '@aws-sdk/client-ssm';
import { printable } from '../../core/diagnose/redact';
import type { Stop, StopExecution, StopOutcome } from '../../core/model';
import { jobText } from '../../core/report/stop/dry-run';
import { APPROVE_STEP, STOP_STEP, type RunbookParameters } from '../stop/contract';
import { parseOutcome } from '../stop/parse';
import type { StopExecutions } from '../stop/ports';

export function stopExecutions(client: SSMClient, runbook: string): StopExecutions {
  return {
    // "Error returned when an idempotent operation is retried and the parameters don't match"
    // (StartAutomationExecution, API reference, IdempotentParameterMismatch): with the same ones it
    // answers with the first execution (I).
    start: async (stop) => {
      const Parameters = Object.fromEntries(Object.entries(parametersOf(stop)).map(([key, value]) => [key, [String(value)]]));
      const answer = await client.send(
        new StartAutomationExecutionCommand({ DocumentName: runbook, ClientToken: stop.clientToken, Parameters }),
      );
      if (answer.AutomationExecutionId === undefined) throw new Error(`the execution of ${stop.id} was started and got no id`);
      return answer.AutomationExecutionId;
    },
    read: async (executionId) => {
      const { AutomationExecution: execution } = await client.send(
        new GetAutomationExecutionCommand({ AutomationExecutionId: executionId }),
      );
      if (execution === undefined) throw new Error(`execution ${executionId} was read and is not there`);
      return executionOf(execution);
    },
    cancel: async (executionId) => {
      try {
        await client.send(new StopAutomationExecutionCommand({ AutomationExecutionId: executionId, Type: 'Cancel' }));
      } catch (error) {
        // It has ended: what it came to is read next.
        if (!(error instanceof InvalidAutomationStatusUpdateException)) throw error;
      }
    },
  };
}

/** What the runbook is started with: everything of it is on record before. */
export function parametersOf(stop: Stop): RunbookParameters {
  const { plan, expiresAt, undoAt } = stop;
  const text = `Stop ${jobText(plan, 80)} (pid ${plan.process.pid}, ${plan.process.user}) on ${stop.instanceId}; case ${stop.caseId}; digest ${plan.digest}`;
  return {
    instanceId: stop.instanceId,
    caseId: stop.caseId,
    pid: String(plan.process.pid),
    digest: plan.digest,
    allowKill: stop.allowKill ? 'true' : 'false',
    expiresAt: String(Math.floor(expiresAt / 1000)),
    undoAt: String(Math.floor(undoAt / 1000)),
    undoSchedule: stop.undoSchedule,
    undoTime: new Date(undoAt).toISOString().slice(0, 19),
    // The runbook takes printable ASCII without braces (lambda/stop/runbook.ts).
    message: printable(text)
      .replaceAll(/[^ -z|~]/g, '?')
      .slice(0, 400),
  };
}

/**
 * "If the step is in Pending status, this field isn't populated" (StepExecution, API reference,
 * ExecutionStartTime); these are statuses of a step that was begun.
 */
const BEGUN: ReadonlySet<string> = new Set(['InProgress', 'Success', 'Failed', 'TimedOut', 'Cancelling']);

/** Pure: the execution as the API tells it, in our words. */
export function executionOf(execution: AutomationExecution): StopExecution {
  const steps = execution.StepExecutions ?? [];
  const approve = steps.find(({ StepName }) => StepName === APPROVE_STEP);
  const stop = steps.find(({ StepName }) => StepName === STOP_STEP);
  const reachedHost = stop?.ExecutionStartTime !== undefined || BEGUN.has(stop?.StepStatus ?? '');
  const decision = decisionOf(approve);
  const why = whyOf(execution, stop ?? approve);
  const common = {
    reachedHost,
    ...(decision?.by === undefined ? {} : { approvedBy: decision.by }),
    ...(why === undefined ? {} : { why }),
  };
  if (stop?.StepStatus === 'Success') return { ...common, state: 'ended', ...outcomeOf(stop) };
  return { ...common, state: stateOf(execution.AutomationExecutionStatus, approve, decision?.rejected === true) };
}

const FAILED: ReadonlySet<string> = new Set(['Failed', 'Exited', 'CompletedWithFailure', 'Success', 'CompletedWithSuccess']);

/** An unknown status is one that may still act. */
function stateOf(
  status: AutomationExecutionStatus | undefined,
  approve: StepExecution | undefined,
  rejected: boolean,
): StopExecution['state'] {
  const isApproved = approve?.StepStatus === 'Success' || approve?.StepStatus === 'Approved';
  if (status === 'Cancelled') return 'cancelled';
  if (status === 'Rejected') return 'denied';
  if (status === 'TimedOut') return isApproved ? 'failed' : 'expired';
  if (FAILED.has(status ?? '')) {
    if (rejected || approve?.StepStatus === 'Rejected') return 'denied';
    return approve?.StepStatus === 'TimedOut' ? 'expired' : 'failed';
  }
  if (isApproved) return 'acting';
  return status === 'Cancelling' ? 'cancelling' : 'waiting';
}

/**
 * What a step of `aws:approve` puts out: `ApprovalStatus`, and `ApproverDecisions`, "a JSON map
 * that includes the approval decision of each approver" (user guide, "aws:approve"). No example is
 * published, so the names are taken in any case (I).
 */
function decisionOf(approve: StepExecution | undefined): { readonly by?: string; readonly rejected: boolean } | undefined {
  const [first] = approve?.Outputs?.['ApproverDecisions'] ?? [];
  const isRejected = approve?.Outputs?.['ApprovalStatus']?.[0] === 'Rejected';
  if (first === undefined) return isRejected ? { rejected: true } : undefined;
  const by = /"?Approver"?\s*[:=]\s*"?([^",}\]\s]+)/i.exec(first)?.[1];
  const says = /"?Decision"?\s*[:=]\s*"?Reject/i.test(first);
  return { ...(by === undefined ? {} : { by: printable(by).slice(0, 300) }), rejected: isRejected || says };
}

function outcomeOf(stop: StepExecution): { readonly outcome?: StopOutcome; readonly why?: string } {
  const [output = ''] = stop.Outputs?.['Output'] ?? [];
  try {
    return { outcome: parseOutcome(output) };
  } catch (error) {
    return { why: error instanceof Error ? error.message : String(error) };
  }
}

function whyOf({ FailureMessage }: AutomationExecution, step: StepExecution | undefined): string | undefined {
  const text = FailureMessage ?? step?.FailureMessage;
  return text === undefined
    ? undefined
    : printable(text)
        .replaceAll(/[\t\n\r]/g, ' ')
        .slice(0, 300);
}
