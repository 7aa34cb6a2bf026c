import type { CommandInvocation, GetCommandInvocationResult } from '@aws-sdk/client-ssm';

/**
 * Runs a script on one instance: the lab enters the host's namespaces, chaos runs answer from a
 * table.
 */
export interface HostShell {
  /**
   * Settles when the script has ended or `timeoutS` has passed; rejects when the host cannot be
   * reached.
   */
  run(
    instanceId: string,
    command: { readonly script: string; readonly env: Readonly<Record<string, string>>; readonly timeoutS: number },
  ): Promise<{ readonly stdout: string; readonly stderr: string; readonly exitCode: number; readonly timedOut: boolean }>;
}

/** One command on one instance. */
export interface Invocation {
  readonly commandId: string;
  readonly instanceId: string;
  readonly documentName: string;
  readonly documentVersion: string;
  readonly comment: string;
  readonly sentAt: number;
  startedAt: number | undefined;
  endedAt: number | undefined;
  status: 'InProgress' | 'Success' | 'Failed' | 'TimedOut';
  statusDetails: string;
  exitCode: number;
  stdout: string;
  stderr: string;
}

/**
 * Limits of GetCommandInvocation (Systems Manager API reference), and what the agent puts where it
 * cut (amazon-ssm-agent).
 */
const STDOUT_CHARACTERS = 24_000;
const STDERR_CHARACTERS = 8_000;
const STDOUT_CUT = '\n---Output truncated---';
const STDERR_CUT = '\n---Error truncated----';

/** Enters what the script printed, cut as the service cuts it. */
export function finish(
  invocation: Invocation,
  result: { stdout: string; stderr: string; exitCode: number; timedOut: boolean },
  now: number,
): void {
  invocation.endedAt = now;
  invocation.stdout = cut(result.stdout, STDOUT_CHARACTERS, STDOUT_CUT);
  invocation.stderr = cut(result.stderr, STDERR_CHARACTERS, STDERR_CUT);
  invocation.exitCode = result.exitCode;
  if (result.timedOut) setStatus(invocation, 'TimedOut', 'Execution Timed Out');
  else if (result.exitCode === 0) setStatus(invocation, 'Success', 'Success');
  else setStatus(invocation, 'Failed', 'Failed');
}

export function setStatus(invocation: Invocation, status: Invocation['status'], details: string): void {
  invocation.status = status;
  invocation.statusDetails = details;
}

function cut(text: string, limit: number, marker: string): string {
  return text.length <= limit ? text : text.slice(0, limit - marker.length) + marker;
}

export function invocationResult(invocation: Invocation): GetCommandInvocationResult {
  return {
    CommandId: invocation.commandId,
    InstanceId: invocation.instanceId,
    Comment: invocation.comment,
    DocumentName: invocation.documentName,
    DocumentVersion: invocation.documentVersion,
    PluginName: 'aws:runShellScript',
    ResponseCode: invocation.exitCode,
    Status: invocation.status,
    StatusDetails: invocation.statusDetails,
    StandardOutputContent: invocation.stdout,
    StandardErrorContent: invocation.stderr,
    ExecutionStartDateTime: invocation.startedAt === undefined ? '' : new Date(invocation.startedAt).toISOString(),
    ExecutionEndDateTime: invocation.endedAt === undefined ? '' : new Date(invocation.endedAt).toISOString(),
    ...(invocation.endedAt === undefined
      ? {}
      : { ExecutionElapsedTime: elapsed(invocation.endedAt - (invocation.startedAt ?? invocation.endedAt)) }),
  };
}

/** An ISO 8601 duration, as the service gives it: PT3.25S. */
function elapsed(ms: number): string {
  return `PT${ms / 1000}S`;
}

export function invocationSummary(invocation: Invocation): CommandInvocation {
  return {
    CommandId: invocation.commandId,
    InstanceId: invocation.instanceId,
    Comment: invocation.comment,
    DocumentName: invocation.documentName,
    DocumentVersion: invocation.documentVersion,
    RequestedDateTime: new Date(invocation.sentAt),
    Status: invocation.status,
    StatusDetails: invocation.statusDetails,
    CommandPlugins: [],
  };
}
