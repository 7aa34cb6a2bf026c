import type { Clock } from './clock';
import { filled, type RunbookStep } from './automation-runbook';

/** What a step printed, by the name of the output. */
export type Outputs = Readonly<Record<string, string[]>>;

/** Calls an API as the runbook's role. Rejects with the AwsError that the service answers. */
export type CallAs = (roleArn: string, service: string, action: string, input: unknown) => Promise<unknown>;

export interface StepSettings {
  /** Characters of a command's output that a step keeps. */
  readonly outputCharacters: number;
  /** How often aws:runCommand looks. */
  readonly pollMs: number;
}

export interface StepContext {
  readonly clock: Clock;
  readonly callAs: CallAs;
  readonly roleArn: string;
  readonly values: Readonly<Record<string, string>>;
  readonly settings: StepSettings;
  /** Somebody cancelled the execution: a step that waits stops waiting. */
  readonly isCancelled: () => boolean;
}

export type StepEnd =
  | { readonly status: 'Success'; readonly outputs: Outputs }
  | { readonly status: 'Failed' | 'TimedOut' | 'Cancelled'; readonly outputs: Outputs; readonly message: string };

/** Plays one step that waits for nobody. Never throws: what fails is the step. */
export async function playStep(step: RunbookStep, context: StepContext): Promise<StepEnd> {
  try {
    const inputs = filled(step.inputs, context.values) as Record<string, unknown>;
    if (step.action === 'aws:runCommand') return await runCommand(step, inputs, context);
    const { Service, Api, PropertySelector, DesiredValues, ...input } = inputs as {
      readonly Service: string;
      readonly Api: string;
      readonly PropertySelector?: string;
      readonly DesiredValues?: readonly string[];
    };
    const answer = await context.callAs(context.roleArn, Service, camel(Api), input);
    if (step.action === 'aws:executeAwsApi') return { status: 'Success', outputs: {} };
    const found = String(selected(answer, PropertySelector ?? ''));
    if (DesiredValues?.includes(found) === true) return { status: 'Success', outputs: {} };
    return failed(`${PropertySelector}: got ${found}, desired ${DesiredValues?.join(', ')}`);
  } catch (cause) {
    return failed(cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause));
  }
}

function failed(message: string, outputs: Outputs = {}): StepEnd {
  return { status: 'Failed', outputs, message };
}

function camel(api: string): string {
  return api.charAt(0).toLowerCase() + api.slice(1);
}

/** `$.Parameter.Value`: the lab knows names and dots. */
function selected(answer: unknown, selector: string): unknown {
  const names = selector.replace(/^\$\.?/, '').split('.');
  return names.reduce<unknown>((inner, name) => (inner as Readonly<Record<string, unknown>> | undefined)?.[name], answer);
}

interface Sent {
  readonly Command?: { readonly CommandId?: string };
}

interface Invocation {
  readonly Status?: string;
  readonly StatusDetails?: string;
  readonly ResponseCode?: number;
  readonly StandardOutputContent?: string;
}

/**
 * Sends the command and waits for its end. A step that gives up, or whose execution is cancelled,
 * leaves the command as it is: the host's script goes on (the role has no ssm:CancelCommand).
 */
async function runCommand(step: RunbookStep, inputs: Readonly<Record<string, unknown>>, context: StepContext): Promise<StepEnd> {
  const { clock, callAs, roleArn, settings } = context;
  const until = clock.now() + step.timeoutS * 1000;
  const { Command } = (await callAs(roleArn, 'ssm', 'sendCommand', inputs)) as Sent;
  const CommandId = Command?.CommandId ?? '';
  const [InstanceId] = inputs['InstanceIds'] as string[];
  const outputs: Outputs = { CommandId: [CommandId] };
  for (;;) {
    await new Promise<void>((resolve) => clock.at(clock.now() + settings.pollMs, resolve));
    if (context.isCancelled()) return { status: 'Cancelled', outputs, message: 'cancelled while the command ran' };
    const { CommandInvocations: seen = [] } = (await callAs(roleArn, 'ssm', 'listCommandInvocations', { CommandId })) as {
      readonly CommandInvocations?: readonly { readonly Status?: string }[];
    };
    const ended = seen.some(({ Status = '' }) => !['Pending', 'InProgress', 'Delayed'].includes(Status));
    if (ended)
      return commandEnd((await callAs(roleArn, 'ssm', 'getCommandInvocation', { CommandId, InstanceId })) as Invocation, outputs, settings);
    if (clock.now() >= until)
      return { status: 'TimedOut', outputs, message: `no end of the command ${CommandId} within ${step.timeoutS} s` };
  }
}

function commandEnd(invocation: Invocation, before: Outputs, { outputCharacters }: StepSettings): StepEnd {
  const { Status = '', StatusDetails = '', ResponseCode = -1, StandardOutputContent = '' } = invocation;
  const outputs = {
    ...before,
    Status: [Status],
    ResponseCode: [String(ResponseCode)],
    Output: [StandardOutputContent.slice(0, outputCharacters)],
  };
  return Status === 'Success' ? { status: 'Success', outputs } : failed(`the command ended as ${StatusDetails}`, outputs);
}
