import type {
  AutomationExecution,
  AutomationExecutionStatus,
  GetAutomationExecutionRequest,
  GetAutomationExecutionResult,
  SendAutomationSignalRequest,
  SendAutomationSignalResult,
  StartAutomationExecutionRequest,
  StartAutomationExecutionResult,
  StepExecution,
  StopAutomationExecutionRequest,
  StopAutomationExecutionResult,
} from '@aws-sdk/client-ssm';
import type { Account, Ids } from './account';
import { playStep, type CallAs, type Outputs, type StepSettings } from './automation-steps';
import { executionValues, parseRunbook, type Runbook, type RunbookStep } from './automation-runbook';
import { AwsError } from './aws-error';
import type { Cancel, Clock } from './clock';

/** What the user guide leaves open, or what may go wrong. */
export interface AutomationSettings extends StepSettings {
  /** The status of an execution that was denied. Not documented for aws:approve (I). */
  readonly denied: 'Failed' | 'Rejected';
  /** Whether a client token starts one execution, and answers a repeated start with it (I). */
  readonly remembersTokens: boolean;
  /** How long after a cancellation the execution still says Cancelling. */
  readonly cancellingMs: number;
}

interface Step {
  readonly of: RunbookStep;
  status: AutomationExecutionStatus;
  outputs: Outputs;
  message: string | undefined;
  startedAt: number | undefined;
  endedAt: number | undefined;
}

interface Execution {
  readonly id: string;
  readonly runbook: Runbook;
  readonly values: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
  readonly startedAt: number;
  readonly startedBy: string;
  status: AutomationExecutionStatus;
  endedAt: number | undefined;
  expiry: Cancel | undefined;
}

const ENDED: readonly AutomationExecutionStatus[] = ['Success', 'Failed', 'TimedOut', 'Cancelled', 'Rejected'];

/**
 * Systems Manager Automation: plays the runbook's own steps, each as the role that the runbook
 * names.
 */
export class Automation {
  readonly settings: AutomationSettings;
  private readonly runbooks = new Map<string, Runbook>();
  private readonly executions = new Map<string, Execution>();
  private readonly tokens = new Map<string, { readonly asked: string; readonly id: string }>();

  constructor(
    private readonly account: Account,
    private readonly ids: Ids,
    private readonly clock: Clock,
    private readonly callAs: CallAs,
    settings: Partial<AutomationSettings> = {},
  ) {
    // 2,500 characters are what Run Command keeps of an output (API reference, CommandPlugin,
    // Output); whether a step has more is an inference (I).
    this.settings = { outputCharacters: 2_500, pollMs: 1_000, denied: 'Failed', remembersTokens: true, cancellingMs: 500, ...settings };
  }

  /** From the `Content` of an AWS::SSM::Document of type Automation. */
  addRunbook(name: string, content: unknown): void {
    this.runbooks.set(name, parseRunbook(name, content));
  }

  /** The role that a runbook's start hands over. */
  roleOf(name: string): string | undefined {
    return this.runbooks.get(name)?.assumeRole;
  }

  // ------------------------------------------------------------ the API

  startAutomationExecution(input: StartAutomationExecutionRequest, caller = 'unknown'): StartAutomationExecutionResult {
    const runbook = this.runbooks.get(input.DocumentName ?? '');
    if (runbook === undefined) throw new AwsError('AutomationDefinitionNotFoundException', `no runbook ${input.DocumentName}`);
    const values = executionValues(runbook, input.Parameters ?? {});
    const asked = JSON.stringify([runbook.name, values]);
    const known = this.started(input.ClientToken, asked);
    if (known !== undefined) return { AutomationExecutionId: known };
    const execution = this.begin(runbook, values, caller);
    if (input.ClientToken !== undefined && this.settings.remembersTokens)
      this.tokens.set(input.ClientToken.toLowerCase(), { asked, id: execution.id });
    this.clock.at(this.clock.now(), () => void this.play(execution, 0));
    return { AutomationExecutionId: execution.id };
  }

  getAutomationExecution(input: GetAutomationExecutionRequest): GetAutomationExecutionResult {
    return { AutomationExecution: described(this.execution(input.AutomationExecutionId)) };
  }

  /**
   * An execution that is past its approval is cancelled where it stands: a command that the host
   * has goes on.
   */
  stopAutomationExecution(input: StopAutomationExecutionRequest): StopAutomationExecutionResult {
    const execution = this.execution(input.AutomationExecutionId);
    if (ENDED.includes(execution.status))
      throw new AwsError('InvalidAutomationStatusUpdateException', `execution ${execution.id} has the status ${execution.status}`);
    execution.expiry?.();
    execution.status = 'Cancelling';
    const waiting = execution.steps.find(({ status }) => status === 'Waiting');
    if (waiting !== undefined) this.endStep(waiting, 'Cancelled', waiting.outputs, 'the execution was cancelled');
    this.clock.at(this.clock.now() + this.settings.cancellingMs, () => this.end(execution, 'Cancelled'));
    return {};
  }

  /**
   * Only whom the step names, by the ARN of a user or of a role whose session it is (Systems
   * Manager user guide, "aws:approve", Approvers: "IAM user ARN, IAM role ARN, IAM assume role user
   * ARN"). The code of the refusal is an inference (I).
   */
  sendAutomationSignal(input: SendAutomationSignalRequest, caller: string): SendAutomationSignalResult {
    const execution = this.execution(input.AutomationExecutionId);
    const step = execution.steps.find(({ status }) => status === 'Waiting');
    const type = input.SignalType ?? '';
    if (step === undefined || execution.status !== 'Waiting' || !['Approve', 'Reject'].includes(type))
      throw new AwsError('InvalidAutomationSignalException', `signal ${type} is not valid for an execution that is ${execution.status}`);
    const approvers = step.of.inputs['Approvers'] as readonly string[];
    if (!approvers.includes(caller))
      throw new AwsError('InvalidAutomationSignalException', `${caller} is not one of the approvers of step ${step.of.name}`);
    execution.expiry?.();
    const approved = type === 'Approve';
    const decision = { approver: caller, decision: approved ? 'Approve' : 'Reject', comment: input.Payload?.['Comment']?.[0] ?? '' };
    const outputs = { ApprovalStatus: [approved ? 'Approved' : 'Rejected'], ApproverDecisions: [JSON.stringify(decision)] };
    this.endStep(step, approved ? 'Success' : 'Failed', outputs, approved ? undefined : 'the approval was denied');
    if (!approved) {
      this.end(execution, this.settings.denied);
      return {};
    }
    execution.status = 'InProgress';
    this.clock.at(this.clock.now(), () => void this.play(execution, execution.steps.indexOf(step) + 1));
    return {};
  }

  // ------------------------------------------------------------ inside

  /**
   * The token is a UUID whatever its case, and is not used again for anything else (API reference,
   * StartAutomationExecution, ClientToken; IdempotentParameterMismatch).
   */
  private started(token: string | undefined, asked: string): string | undefined {
    if (token === undefined) return undefined;
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(token))
      throw new AwsError('ValidationException', `ClientToken: got ${token}, allowed a UUID`);
    const known = this.tokens.get(token.toLowerCase());
    if (known !== undefined && known.asked !== asked)
      throw new AwsError('IdempotentParameterMismatch', `the client token ${token} was used with other parameters`);
    return known?.id;
  }

  private begin(runbook: Runbook, values: Record<string, string>, startedBy: string): Execution {
    const id = this.ids.uuid();
    const { region, accountId } = this.account;
    const variables = {
      'automation:EXECUTION_ID': id,
      'global:AWS_PARTITION': 'aws',
      'global:REGION': region,
      'global:ACCOUNT_ID': accountId,
    };
    const steps = runbook.steps.map((of): Step => ({
      of,
      status: 'Pending',
      outputs: {},
      message: undefined,
      startedAt: undefined,
      endedAt: undefined,
    }));
    const execution: Execution = {
      id,
      runbook,
      values: { ...variables, ...values },
      steps,
      startedAt: this.clock.now(),
      startedBy,
      status: 'Pending',
      endedAt: undefined,
      expiry: undefined,
    };
    this.executions.set(id, execution);
    return execution;
  }

  /** Steps in their order, from one on, until one waits, fails or is the last. */
  private async play(execution: Execution, from: number): Promise<void> {
    const step = execution.steps[from];
    if (isOver(execution)) return;
    if (step === undefined) return this.end(execution, 'Success');
    step.startedAt = this.clock.now();
    if (step.of.action === 'aws:approve') return this.wait(execution, step);
    execution.status = step.status = 'InProgress';
    const ended = await playStep(step.of, {
      clock: this.clock,
      callAs: this.callAs,
      roleArn: execution.runbook.assumeRole,
      values: execution.values,
      settings: this.settings,
      isCancelled: () => isOver(execution),
    });
    this.endStep(step, ended.status, ended.outputs, 'message' in ended ? ended.message : undefined);
    if (isOver(execution)) return;
    if (ended.status !== 'Success') return this.end(execution, ended.status);
    return step.of.isEnd ? this.end(execution, 'Success') : this.play(execution, from + 1);
  }

  private wait(execution: Execution, step: Step): void {
    execution.status = step.status = 'Waiting';
    step.outputs = { ApprovalStatus: ['Waiting'] };
    execution.expiry = this.clock.at(this.clock.now() + step.of.timeoutS * 1000, () => {
      this.endStep(step, 'TimedOut', step.outputs, 'no approval in time');
      this.end(execution, 'TimedOut');
    });
  }

  private endStep(step: Step, status: AutomationExecutionStatus, outputs: Outputs, message: string | undefined): void {
    Object.assign(step, { status, outputs, message, endedAt: this.clock.now() });
  }

  private end(execution: Execution, status: AutomationExecutionStatus): void {
    if (ENDED.includes(execution.status)) return;
    execution.status = status;
    execution.endedAt = this.clock.now();
  }

  private execution(id: string | undefined): Execution {
    const found = this.executions.get(id ?? '');
    if (found === undefined) throw new AwsError('AutomationExecutionNotFoundException', `no execution ${id}`);
    return found;
  }
}

function isOver({ status }: Execution): boolean {
  return status === 'Cancelling' || ENDED.includes(status);
}

function described(execution: Execution): AutomationExecution {
  const current = execution.steps.find(({ status }) => status === 'Waiting' || status === 'InProgress');
  const failed = execution.steps.find(({ message }) => message !== undefined);
  return {
    AutomationExecutionId: execution.id,
    DocumentName: execution.runbook.name,
    DocumentVersion: '1',
    AutomationExecutionStatus: execution.status,
    ExecutionStartTime: new Date(execution.startedAt),
    ...(execution.endedAt === undefined ? {} : { ExecutionEndTime: new Date(execution.endedAt) }),
    ExecutedBy: execution.startedBy,
    Parameters: Object.fromEntries(Object.keys(execution.runbook.parameters).map((name) => [name, [execution.values[name] ?? '']])),
    Mode: 'Auto',
    StepExecutionsTruncated: false,
    StepExecutions: execution.steps.map(describedStep),
    ...(current === undefined ? {} : { CurrentStepName: current.of.name, CurrentAction: current.of.action }),
    ...(failed === undefined ? {} : { FailureMessage: `Step ${failed.of.name} ended: ${failed.message}` }),
  };
}

function describedStep({ of, status, outputs, message, startedAt, endedAt }: Step): StepExecution {
  return {
    StepName: of.name,
    Action: of.action,
    TimeoutSeconds: of.timeoutS,
    OnFailure: 'Abort',
    StepStatus: status,
    Outputs: { ...outputs },
    ...(startedAt === undefined ? {} : { ExecutionStartTime: new Date(startedAt) }),
    ...(endedAt === undefined ? {} : { ExecutionEndTime: new Date(endedAt) }),
    ...(message === undefined ? {} : { FailureMessage: message }),
  };
}
